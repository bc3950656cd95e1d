import type { Media } from '#core/protocol/messages';
import type { MediaFacts } from '../video/mediaFacts';

/** The facts of a video as the page shows them. */
export function mediaMessageOf(media: MediaFacts): Media {
  return {
    name: media.path.split(/[\\/]/).pop() ?? media.path,
    codec: media.codec,
    container: media.container,
    width: media.width,
    height: media.height,
    rotation: media.rotation,
    frameCount: media.frameCount,
    rate: media.averageRate.numerator / media.averageRate.denominator,
    variableRate: media.variableRate,
    rateAssumed: media.rateAssumed,
    seconds: media.durationSeconds,
    sizeBytes: media.sizeBytes,
    timeBase: media.frameTimes.timeBase,
    pts: [...media.frameTimes.pts],
    notes: [...media.warnings],
  };
}
