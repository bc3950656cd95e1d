import { describe, expect, it } from 'vitest';
import { matrixToAxisAngle, rotation6dToMatrix } from '#core/body/rotations';
import { openSession } from '#engine/inference/sessions';
import { encodeModel, encodeSplitModel } from '#engine/weights/onnx/encodeModel';
import { compileBackbone } from '#engine/weights/vibe/backbone';
import { compileRegressor } from '#engine/weights/vibe/regressor';
import { compileTemporalEncoder } from '#engine/weights/vibe/temporalEncoder';
import { largestDifference, readExpected, ruleWeights } from '../../fixtures/vibe/expected';
import { ruleCrops, ruleMeanParameters } from '../../fixtures/vibe/inputs';
import { ruleTensor } from '../../fixtures/vibe/rule';
import { encodeClips } from './encodeClips';

const TOLERANCE = 1e-5;
const network = readExpected('expected_network_f64.npz');

describe('networks of full size', () => {
  it('backbone: the features of all eight crops, one by one and in a batch', async () => {
    const session = await openSession(encodeModel(compileBackbone(ruleWeights('backbone', 'hmr.'))), { threads: 2 });
    const crops = ruleCrops(8);
    const size = crops.length / 8;
    const batch = await session.run({ crops: { data: crops, dims: [8, 3, 224, 224] } });
    expect(largestDifference(batch['features']!.data, network('features_f64'))).toBeLessThan(TOLERANCE);
    for (let n = 0; n < 8; n++) {
      const one = await session.run({ crops: { data: crops.slice(n * size, (n + 1) * size), dims: [1, 3, 224, 224] } });
      const expected = network('features_f64').slice(n * 2048, (n + 1) * 2048);
      expect(largestDifference(one['features']!.data, expected)).toBeLessThan(TOLERANCE);
    }
    await session.dispose();
  });

  it("encoder: the paper's build (one layer of 2048) and the one without residual", async () => {
    const features = Float32Array.from(network('features_f64'));
    const paper = compileTemporalEncoder(ruleWeights('encoder_seed'));
    expect(paper.configuration).toMatchObject({ layers: 1, hidden: 2048, linear: false, residual: true });
    const whole = await encodeClips(paper, features, [1, 8]);
    expect(largestDifference(whole, network('seed_encoder_f64'))).toBeLessThan(TOLERANCE);
    const clips = await encodeClips(paper, features, [2, 4]);
    expect(largestDifference(clips, network('seed_n2t4_encoder_f64'))).toBeLessThan(TOLERANCE);
    const bare = compileTemporalEncoder(ruleWeights('encoder_variants', 'enc.nores.'), { prefix: '', residual: false });
    const without = await encodeClips(bare, ruleTensor('enc.x', [2, 5, 2048], 0.5, 0.5), [2, 5]);
    expect(largestDifference(without, network('enc_nores_f64'))).toBeLessThan(TOLERANCE);
  });

  it("regressor: SPIN's own head, one frame by itself", async () => {
    const mean = ruleMeanParameters();
    const graph = compileRegressor(ruleWeights('spin_regressor', 'hmr.'), '');
    const session = await openSession(encodeModel(graph), { threads: 1 });
    const found = await session.run({
      features: { data: Float32Array.from(network('features_f64').slice(0, 2 * 2048)), dims: [2, 2048] },
      initialPose6d: { data: mean.pose, dims: [1, 144] },
      initialBetas: { data: Float32Array.from(mean.shape), dims: [1, 10] },
      initialCamera: { data: mean.cam, dims: [1, 3] },
    });
    const rotations = new Float64Array(2 * 24 * 9);
    const theta: number[] = [];
    for (let n = 0; n < 2; n++) {
      const pose = new Float64Array(72);
      for (let joint = 0; joint < 24; joint++) {
        rotation6dToMatrix(found['pose6d']!.data, rotations, n * 144 + joint * 6, joint * 9);
        matrixToAxisAngle(rotations, pose, joint * 9, joint * 3);
      }
      theta.push(
        ...found['camera']!.data.slice(n * 3, n * 3 + 3),
        ...pose,
        ...found['betas']!.data.slice(n * 10, n * 10 + 10),
      );
    }
    expect(largestDifference(theta, network('hmr_theta_f64'))).toBeLessThan(TOLERANCE);
    await session.dispose();
  });

  it('compile to the same bytes each time', () => {
    const make = (): Buffer => {
      const graphs = [
        compileBackbone(ruleWeights('backbone', 'hmr.')),
        compileTemporalEncoder(ruleWeights('encoder_released')).graph,
        compileRegressor(ruleWeights('regressor')),
      ];
      const models = graphs.map((graph) => encodeSplitModel(graph, 'weights'));
      return Buffer.concat(models.flatMap(({ model, weights }) => [model, ...weights]));
    };
    expect(make().equals(make())).toBe(true);
  });
});
