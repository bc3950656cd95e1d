import type { FrameRate, FrameTimes } from '#core/frames/frameTimes';
import type { FfmpegTool } from './findFfmpeg';

/** A video file, or a folder of numbered pictures taken as one. */
export type MediaKind = 'file' | 'imageFolder';

/**
 * How a frame is reached, decided by trying it when the video is opened:
 * - `seek`: seek to a keyframe, then go by pts (proven to give the same pictures as decoding from the start);
 * - `start`: pts are reliable but seeking is not; every access decodes from the start;
 * - `count`: the container has no usable pts; every access decodes from the start and counts;
 * - `list`: an image folder; the frame is the file.
 */
export type MediaAccess = 'seek' | 'start' | 'count' | 'list';

/** What tells whether a file is still the one that was opened. */
export interface MediaFingerprint {
  /** Bytes; of an image folder, of all its pictures together. */
  size: number;
  /** SHA-256 (hex) of the size and of blocks from the head, the middle and the tail. */
  sampledHash: string;
}

/** Everything Retake knows about a video. Plain data: it can be sent and stored as JSON. */
export interface MediaFacts {
  kind: MediaKind;
  /** Absolute path. */
  path: string;
  /** File names of an image folder, in order of frames; empty for a file. */
  images: readonly string[];
  /** ffmpeg's name of the container, e.g. `mov,mp4,m4a,3gp,3g2,mj2`; `images` for a folder. */
  container: string;
  /** ffmpeg's name of the codec, e.g. `h264`. */
  codec: string;
  /** ffmpeg's name of the pixel format, e.g. `yuv420p`. */
  pixelFormat: string;
  /** Bits per sample. */
  bitDepth: number;
  /** Size of the stored picture, px. */
  codedWidth: number;
  codedHeight: number;
  /** Size of the upright picture with square pixels, px: after rotation and sample aspect. All boxes live in it. */
  width: number;
  height: number;
  /** Clockwise turn that makes the stored picture upright, degrees. It is applied already in everything decoded. */
  rotation: 0 | 90 | 180 | 270;
  /** Width of a stored pixel divided by its height. */
  sampleAspect: number;
  /** Number of frames that decoding delivers. */
  frameCount: number;
  /** Their pts, in order of presentation. */
  frameTimes: FrameTimes;
  /** Indices of frames at which decoding can start, ascending; only used where `access` is `seek`. */
  keyframes: readonly number[];
  /** For each of them, the pts or dts, whichever is earlier, in ticks: a seek to a frame before it aims below that. */
  keyframeTicks: readonly number[];
  access: MediaAccess;
  /** Keyframes by which a seek goes back further than needed: 0 where containers seek exactly, 1 or 2 elsewhere. */
  seekMargin: number;
  variableRate: boolean;
  /** Frames per second over the whole clip. */
  averageRate: FrameRate;
  /** True when the rate is not in the media but assumed (an image folder opened without a rate). */
  rateAssumed: boolean;
  /** From the first frame to the end of the last, s. */
  durationSeconds: number;
  /** Bytes. */
  sizeBytes: number;
  /** Milliseconds since 1970, UTC. */
  modifiedAt: number;
  hasAudio: boolean;
  fingerprint: MediaFingerprint;
  /** SHA-256 (hex) of time base and pts. */
  ptsHash: string;
  /** What the person should know, one sentence each (a cut-off file, an assumed rate). */
  warnings: readonly string[];
}

/** Longest side of a picture that is accepted, px (twice 8K). */
export const LONGEST_SIDE = 16_384;

/**
 * The size of an upright picture whose longer side is at most `maxLongSide`, px; never larger than the picture itself.
 */
export function fitSize(width: number, height: number, maxLongSide: number): { width: number; height: number } {
  const scale = Math.min(1, maxLongSide / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/**
 * The square-pixel size of a picture with `sampleAspect`: the shorter-sampled side is stretched, so that no pixel is
 * thrown away.
 */
export function squarePixelSize(
  width: number,
  height: number,
  sampleAspect: number,
): { width: number; height: number } {
  if (sampleAspect >= 1) return { width: Math.round(width * sampleAspect), height };
  return { width, height: Math.round(height / sampleAspect) };
}

/** What `probeVideo` is told. */
export interface ProbeOptions {
  ffmpeg: FfmpegTool;
  /** Frames per second of an image folder; 30 when not given. */
  imageRate?: number;
  /** Clips of at most so many pixels over all frames are decoded once when opened (default: 60 frames of 1080p). */
  decodeBudget?: number;
  /** Told how many frames have been read of about how many, when the whole file has to be decoded. */
  onProgress?: (done: number, about: number) => void;
}
