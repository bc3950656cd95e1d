import { AppError } from '#core/errors';
import type { ArrayBundle } from '#core/protocol/arrayBundle';
import { bulkRoutes, type MotionMeta } from '#core/protocol/bulkRoutes';
import { fetchBundle } from '../session/bulk';
import { SpanCache } from './spanCache';

/** Motion of one person over a piece of frames, as it travels. */
export interface MotionPiece {
  from: number;
  /** u8 n: 1 where the frame has a body. */
  present: Uint8Array;
  /** f32 n x 72, axis-angle, rad, camera axes. */
  poses: Float32Array;
  /** f32 n x 3, m. */
  translations: Float32Array;
  /** f32 10. */
  betas: Float32Array;
  /** The same as the estimator made them: other arrays where a human edited them. */
  estimatedPoses: Float32Array;
  /** f32 10. */
  estimatedBetas: Float32Array;
  /** f32 n, 0 to 1. */
  confidences: Float32Array;
  /** f32 n x 24 x 3, m, camera axes. */
  joints: Float32Array;
  /** f32 n x 24 x 2, px of the upright video. */
  joints2d: Float32Array;
}

const PIECE_FRAMES = 256;
const BUDGET_BYTES = 32 * 2 ** 20;

/** Checks a motion bundle. @throws AppError `INTERNAL` when an array is missing. */
export function readMotionPiece({ meta, arrays }: ArrayBundle<MotionMeta>): MotionPiece {
  const floats = (name: string): Float32Array => {
    const array = arrays[name];
    if (array instanceof Float32Array) return array;
    throw new AppError('INTERNAL', `The engine sent motion without ${name}.`, { hint: 'Reload the page.' });
  };
  const { present } = arrays;
  if (!(present instanceof Uint8Array)) throw new AppError('INTERNAL', 'The engine sent motion without its frames.');
  return {
    from: meta.from,
    present,
    poses: floats('poses'),
    translations: floats('translations'),
    betas: floats('betas'),
    estimatedPoses: floats(arrays['estimatedPoses'] ? 'estimatedPoses' : 'poses'),
    estimatedBetas: floats(arrays['estimatedBetas'] ? 'estimatedBetas' : 'betas'),
    confidences: floats('confidences'),
    joints: floats('joints'),
    joints2d: floats('joints2d'),
  };
}

/** Motion of one project, around the frame that is shown. */
export function createMotionCache(projectId: string): SpanCache<MotionPiece> {
  return new SpanCache<MotionPiece>({
    load: async ({ person, from, to, version }, signal) => {
      const bundle = await fetchBundle<MotionMeta>(bulkRoutes.motion(projectId, person, from, to, version), signal);
      const value = readMotionPiece(bundle);
      return { value, bytes: value.joints.buffer.byteLength };
    },
    pieceFrames: PIECE_FRAMES,
    singleFirst: false,
    budgetBytes: BUDGET_BYTES,
    inFlight: 1,
  });
}
