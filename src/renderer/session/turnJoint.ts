import { planTurnJoint, type PoseEditKind } from '#core/document/bodyEdits';
import type { Person } from '#core/document/schema';
import type { PersonEdit } from '#core/tracks/boxEdit';
import type { MotionRow } from '../playback/shownBodies';
import { projectStore } from './projectStore';
import { viewStore } from './viewStore';

/** Rotation of a joint in rows of poses, axis-angle, rad. */
export function rotationOf(poses: Float32Array, row: number, joint: number): number[] {
  return Array.from(poses.subarray(row * 72 + joint * 3, row * 72 + joint * 3 + 3));
}

/** How the next turn of a joint counts: as the edit that is there already, else as was chosen last. */
export function turnKindOf(person: Person, joint: number, frame: number, chosen: PoseEditKind): PoseEditKind {
  return person.poseEdits?.find((edit) => edit.joint === joint && edit.frame === frame)?.kind ?? chosen;
}

/** A joint of the shown body and how it is to be turned. */
export interface WantedTurn {
  frame: number;
  joint: number;
  /** Axis-angle, rad, relative to the parent. */
  wanted: readonly number[];
  /** Another way to count than {@link turnKindOf}. */
  kind?: PoseEditKind;
}

/** The edit that turns a joint of a person as wanted; undefined where it cannot be made. */
export function planShownTurn(person: Person, { piece, row }: MotionRow, turn: WantedTurn): PersonEdit | undefined {
  const { project } = projectStore.getState();
  const { frame, joint, wanted } = turn;
  const kind = turn.kind ?? turnKindOf(person, joint, frame, viewStore.getState().turnKind);
  const estimate = rotationOf(piece.estimatedPoses, row, joint);
  return project && planTurnJoint(project.document, person.id, { frame, joint, kind, estimate, wanted });
}
