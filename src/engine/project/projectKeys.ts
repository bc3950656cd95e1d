import type { RunSettings } from '#core/document/schema';
import { meanFrameRate } from '#core/frames/frameTimes';
import type { TrackTable } from '#core/tracks/effectiveBoxes';
import type { WeightFacts } from '../estimation/estimator';
import { estimatorOptions, findEstimator } from '../estimation/registry';
import { FrameKeys } from '../pipeline/frameKeys';
import type { SessionParts } from './sessionParts';

/** What results of a project depend on, by settings: the keys of its frames and how far a change reaches. */
export class ProjectKeys {
  private known = new Map<string, FrameKeys>();

  constructor(private readonly parts: Pick<SessionParts, 'media' | 'bodies' | 'weightsOf'>) {}

  /** Who estimates with these settings, and what says how far a changed box reaches; the weights as they are now. */
  reachOf(settings: RunSettings) {
    const { frameCount, frameTimes } = this.parts.media;
    return {
      estimator: findEstimator(settings.estimator),
      options: estimatorOptions(settings),
      weights: this.parts.weightsOf(settings),
      rate: meanFrameRate(frameTimes),
      frameCount,
    };
  }

  /** Keys under settings and weights; made once for as long as the tracks stay. */
  of(settings: RunSettings, weights: WeightFacts, tracks: TrackTable): FrameKeys {
    const { id: estimator, version } = findEstimator(settings.estimator);
    const { quality, focalFactor } = settings;
    const { media, bodies } = this.parts;
    const source = {
      mediaFingerprint: media.fingerprint.sampledHash,
      estimator,
      version,
      quality,
      focalFactor,
      weights: weights.fingerprint,
      bodyModel: bodies.known(settings)?.id ?? '',
      options: JSON.stringify(estimatorOptions(settings)),
    };
    const name = JSON.stringify(source);
    const known = this.known.get(name);
    if (known) return known;
    const keys = new FrameKeys(source, tracks, media.frameCount);
    this.known.set(name, keys);
    return keys;
  }

  /** Forgets all keys: the tracks changed. */
  forget(): void {
    this.known = new Map();
  }
}
