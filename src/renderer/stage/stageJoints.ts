import { JOINT_COUNT } from '#core/body/skeleton';
import type { Point } from '../boxes/boxGeometry';
import { presentation } from '../playback/presentation';
import { shownBodies } from '../playback/shownBodies';
import { selectedPersonId, viewStore } from '../session/viewStore';
import { stageStore } from './stageStore';

/** CSS px around a joint that still hit it. */
const REACH = 8;

/** The selected person's joint at a place on the stage, CSS px; undefined where there is none or joints are not shown. */
export function stageJointAt(place: Point): number | undefined {
  const person = selectedPersonId();
  if (person === undefined || !viewStore.getState().overlays.joints) return undefined;
  const motion = shownBodies.motion(person, presentation.frame());
  if (!motion) return undefined;
  const { view } = stageStore.getState();
  const { joints2d } = motion.piece;
  let best: number | undefined;
  let nearest = REACH;
  for (let joint = 0; joint < JOINT_COUNT; joint++) {
    const at = (motion.row * JOINT_COUNT + joint) * 2;
    const x = joints2d[at]! * view.scale + view.x;
    const y = joints2d[at + 1]! * view.scale + view.y;
    const distance = Math.hypot(x - place.x, y - place.y);
    if (distance > nearest) continue;
    nearest = distance;
    best = joint;
  }
  return best;
}
