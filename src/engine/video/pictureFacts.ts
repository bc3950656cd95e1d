import { bitDepthOf, type DecodedFrameInfo } from './ffmpegOutput';
import { type MediaFacts, squarePixelSize } from './mediaFacts';

/** The part of {@link MediaFacts} that one decoded picture tells. */
export type PictureFacts = Pick<
  MediaFacts,
  'pixelFormat' | 'bitDepth' | 'codedWidth' | 'codedHeight' | 'width' | 'height' | 'rotation' | 'sampleAspect'
>;

/**
 * Size and format from the first decoded picture. `first` is upright already: ffmpeg turns pictures itself, so its
 * size and aspect are those after `rotation` (clockwise, degrees).
 */
export function describePicture(first: DecodedFrameInfo, rotation: 0 | 90 | 180 | 270): PictureFacts {
  const { numerator, denominator } = first.sampleAspect;
  // 0 means unknown, which is square.
  const aspect = numerator > 0 && denominator > 0 ? numerator / denominator : 1;
  const isTurned = rotation === 90 || rotation === 270;
  return {
    pixelFormat: first.pixelFormat,
    bitDepth: bitDepthOf(first.pixelFormat),
    codedWidth: isTurned ? first.height : first.width,
    codedHeight: isTurned ? first.width : first.height,
    ...squarePixelSize(first.width, first.height, aspect),
    rotation,
    sampleAspect: isTurned ? 1 / aspect : aspect,
  };
}
