import { AppError } from '#core/errors';
import type { Estimator, SolveContext } from '../../estimator';
import { readMeanParameters } from '../../../weights/userModels/partArrays';
import { FEATURE_LENGTH } from '../../../weights/vibe/backbone';
import { cropBatches, extractFeatures } from './features';
import { motionOf } from './motion';
import { MATCH_VIBE, vibeOptions, vibeOptionsSchema } from './options';
import { vibeAffected, vibeNeeded } from './reach';
import { squareBox } from './squareBox';
import { estimateTheta, type TemporalNetworks } from './temporal';

async function openNetworks({ sessions, userModels }: SolveContext): Promise<TemporalNetworks> {
  const { facts } = userModels.require('vibe-temporal').record;
  const [encoder, regressor] = await Promise.all([
    sessions.open('vibe-temporal-encoder'),
    sessions.open('vibe-regressor'),
  ]);
  const build = {
    layers: Number(facts['layers']),
    hidden: Number(facts['hidden']),
    bidirectional: facts['bidirectional'] === true,
  };
  return { encoder, regressor, build, mean: readMeanParameters(userModels) };
}

/**
 * VIBE (Kocabas, Athanasiou, Black: CVPR 2020) with the weights that the user imported: a ResNet-50 looks at each crop, a
 * GRU reads the features in time, an iterative regressor gives SMPL pose, shape and camera (reference vibe-smpl).
 */
export const vibeEstimator: Estimator = {
  id: 'vibe',
  version: 1,
  title: 'VIBE with SMPL',
  qualities: [
    { id: 'released', title: 'As imported', models: ['vibe-backbone', 'vibe-temporal-encoder', 'vibe-regressor'] },
  ],
  partSet: 'vibe',
  bodyFamily: 'smpl',
  optionsSchema: vibeOptionsSchema,
  presets: [MATCH_VIBE],
  observationLength: FEATURE_LENGTH,
  longestSide: Number.POSITIVE_INFINITY,
  solveLane: 'networks',
  affected: (change, track, options) => vibeAffected(change, track, vibeOptions(options)),
  needed: (changed, track, options) => vibeNeeded(changed, track, vibeOptions(options)),
  createObserver: async (quality, sessions) => {
    if (quality !== 'released') {
      throw new AppError('NOT_FOUND', `VIBE has no quality "${quality}"; known is: released.`);
    }
    const backbone = await sessions.open('vibe-backbone');
    const batches = cropBatches();
    return {
      observe: (picture, requests, signal) => {
        const crops = requests.map(({ box: { x, y, width, height } }) => ({
          picture,
          box: squareBox([x, y, width, height]),
        }));
        return extractFeatures(crops, backbone, { batches, signal });
      },
    };
  },
  solve: async (track, changed, context, signal) => {
    const options = vibeOptions(context.options);
    const networks = await openNetworks(context);
    const { onProgress } = context;
    const features = { features: track.observations, present: track.present };
    const theta = await estimateTheta(features, networks, {
      mode: options.windows,
      signal,
      ...(onProgress ? { onProgress } : {}),
    });
    return motionOf({ track, theta, camera: context.camera, options, betas: context.previous?.betas }, changed);
  },
};
