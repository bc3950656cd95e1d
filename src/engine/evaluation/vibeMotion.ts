import { type MotionFile, personFromTable } from '#core/evaluation/motionFiles';
import { AppError } from '#core/errors';
import type { ReadVibePerson } from '../weights/joblib/vibePerson';

/**
 * Where the 12 limb joints are among VIBE's 49: the OpenPose joints that are SMPL's own (reference vibe-smpl 7.7), left hip,
 * right hip, knees, ankles, shoulders, elbows, wrists.
 */
const LIMBS = [12, 9, 13, 10, 14, 11, 5, 2, 6, 3, 7, 4];

/** Joints of VIBE's list. */
const JOINTS = 49;

/** Motion of a `vibe_output.pkl`; it does not say its frame rate. */
export function vibeMotion(people: ReadonlyMap<number, ReadVibePerson>, name: string): MotionFile {
  const all = [...people.values()].flatMap(({ frameIds }) => [...frameIds]);
  const frameCount = all.reduce((most, frame) => Math.max(most, frame + 1), 0);
  if (frameCount > 10_000_000) throw new AppError('INVALID_ARGUMENT', `${name} has a frame number beyond all videos.`);
  return {
    fps: undefined,
    frameCount,
    people: [...people].map(([id, person]) => {
      const n = person.frameIds.length;
      if (person.joints3d.length !== n * JOINTS * 3 || person.joints2dImgCoord.length !== n * JOINTS * 2) {
        throw new AppError('INVALID_ARGUMENT', `Person ${id} of ${name} does not have VIBE's 49 joints.`);
      }
      return personFromTable(
        {
          id: String(id),
          frames: person.frameIds,
          joints: person.joints3d,
          jointCount: JOINTS,
          limbs: LIMBS,
          picture: person.joints2dImgCoord,
          box: (row) => {
            const [cx = 0, cy = 0, width = 0, height = 0] = person.bboxes.subarray(row * 4, row * 4 + 4);
            return { x: cx - width / 2, y: cy - height / 2, width, height };
          },
          mesh: person.verts,
        },
        frameCount,
      );
    }),
  };
}
