import { JOINT_COUNT } from '#core/body/skeleton';
import { bulkRoutes, type MotionMeta } from '#core/protocol/bulkRoutes';
import { type MotionPiece, readMotionPiece } from '../playback/motionSource';
import { fetchBundle } from '../session/bulk';

/** Motion of one person in one run over the whole clip; as in {@link MotionPiece}. */
export type RunMotion = Pick<MotionPiece, 'present' | 'joints' | 'poses' | 'joints2d'>;

/** Frames fetched at a time: about 3 MB. */
const PIECE_FRAMES = 4096;

/** Fetches the motion of a person in a run, of all frames of the clip. @throws AppError of the engine */
export async function fetchRunMotion(
  { projectId, frameCount }: { projectId: string; frameCount: number },
  run: string,
  person: string,
  version: number,
  signal: AbortSignal,
): Promise<RunMotion> {
  const whole: RunMotion = {
    present: new Uint8Array(frameCount),
    joints: new Float32Array(frameCount * JOINT_COUNT * 3),
    poses: new Float32Array(frameCount * JOINT_COUNT * 3),
    joints2d: new Float32Array(frameCount * JOINT_COUNT * 2),
  };
  for (let from = 0; from < frameCount; from += PIECE_FRAMES) {
    const to = Math.min(frameCount, from + PIECE_FRAMES);
    const address = bulkRoutes.keptMotion(projectId, run, person, from, to, version);
    const piece = readMotionPiece(await fetchBundle<MotionMeta>(address, signal));
    whole.present.set(piece.present, from);
    whole.joints.set(piece.joints, from * JOINT_COUNT * 3);
    whole.poses.set(piece.poses, from * JOINT_COUNT * 3);
    whole.joints2d.set(piece.joints2d, from * JOINT_COUNT * 2);
  }
  return whole;
}
