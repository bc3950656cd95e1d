import { offsetBetween } from '../body/poseLayer';
import { BETA_LIMIT } from '../body/shapeWords';
import { BETA_COUNT } from '../body/bodyModel';
import type { Numbers } from '../body/rotations';
import { JOINT_NAMES } from '../body/skeleton';
import { editablePerson, isFrame, type PersonEdit } from '../tracks/boxEdit';
import { setList } from '../tracks/personChange';
import type { Person, PoseEdit, ProjectDocument, ShapeEdit } from './schema';

/** A joint's name as SMPL writes it: `left_knee`. */
export function smplJointName(joint: number): string {
  return (JOINT_NAMES[joint] ?? `joint ${joint}`).replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** How a turned joint counts: eased over the frames around, or on its frame alone. */
export type PoseEditKind = PoseEdit['kind'];

/** A joint turned on a frame. */
export interface JointTurn {
  frame: number;
  /** 0 to 23. */
  joint: number;
  kind: PoseEditKind;
  /** Estimated rotation on that frame, axis-angle, rad, relative to the parent. */
  estimate: Numbers;
  /** Rotation to be shown there. */
  wanted: Numbers;
}

const isFinite3 = (numbers: Numbers): boolean => [0, 1, 2].every((axis) => Number.isFinite(numbers[axis]));

/** The edit that shows a joint as wanted: what it is over the estimate, or the rotation itself. */
export function poseEditOf({ frame, joint, kind, estimate, wanted }: JointTurn): PoseEdit {
  const [x = 0, y = 0, z = 0] = Array.from(wanted);
  return { frame, joint, kind, rotation: kind === 'offset' ? offsetBetween(estimate, wanted) : [x, y, z] };
}

/** Pose edits with one more, in order; it takes the place of one on the same frame and joint. */
export function withPoseEdit(edits: readonly PoseEdit[], edit: PoseEdit): PoseEdit[] {
  const others = edits.filter(({ frame, joint }) => frame !== edit.frame || joint !== edit.joint);
  return [...others, edit].sort((a, b) => a.frame - b.frame || a.joint - b.joint);
}

function bodyEdit(
  person: Person,
  label: string,
  frame: number | undefined,
  change: (draft: Person) => void,
): PersonEdit {
  return {
    label,
    ...(frame === undefined ? {} : { frame }),
    person: person.id,
    recipe: (document) => {
      const draft = editablePerson(document, person.id);
      if (draft) change(draft);
    },
  };
}

/** Turns a joint over the estimate; undefined for locked people, places outside of the clip and what is no number. */
export function planTurnJoint(document: ProjectDocument, personId: string, turn: JointTurn): PersonEdit | undefined {
  const person = editablePerson(document, personId);
  const { frame, joint, estimate, wanted } = turn;
  if (!person || !isFrame(document, frame) || joint < 0 || joint >= JOINT_NAMES.length) return undefined;
  if (!isFinite3(estimate) || !isFinite3(wanted)) return undefined;
  const edit = poseEditOf(turn);
  return bodyEdit(person, `Turn ${smplJointName(joint)}, frame ${frame}`, frame, (draft) => {
    draft.poseEdits = withPoseEdit(draft.poseEdits ?? [], edit);
  });
}

/** Which pose edits go: all, those of a joint, or that of a joint on a frame. */
export interface PoseResetScope {
  joint?: number;
  frame?: number;
}

/** Takes pose edits away, so that the estimate shows again; undefined when there are none. */
export function planResetPose(
  document: ProjectDocument,
  personId: string,
  scope: PoseResetScope = {},
): PersonEdit | undefined {
  const person = editablePerson(document, personId);
  const isGone = ({ joint, frame }: PoseEdit) =>
    (scope.joint === undefined || scope.joint === joint) && (scope.frame === undefined || scope.frame === frame);
  if (!person?.poseEdits?.some(isGone)) return undefined;
  const what = scope.joint === undefined ? `pose of ${person.name}` : smplJointName(scope.joint);
  const where = scope.frame === undefined ? '' : `, frame ${scope.frame}`;
  return bodyEdit(person, `Reset ${what}${where}`, scope.frame, (draft) => {
    setList(
      draft,
      'poseEdits',
      draft.poseEdits?.filter((edit) => !isGone(edit)),
    );
  });
}

/** A shape that may be stored: 10 numbers within the limits of bodies, to 1e-4. */
export function storableShape({ bodyModel, betas }: ShapeEdit): ShapeEdit {
  const round = (value: number) => Math.round(Math.max(-BETA_LIMIT, Math.min(BETA_LIMIT, value)) * 1e4) / 1e4 || 0;
  return { bodyModel, betas: Array.from({ length: BETA_COUNT }, (_, k) => round(betas[k] ?? 0)) };
}

/** Sets a person's shape on all frames; undefined for locked people and what is no number. */
export function planShape(
  document: ProjectDocument,
  personId: string,
  shape: ShapeEdit,
  what = 'Shape',
): PersonEdit | undefined {
  const person = editablePerson(document, personId);
  if (!person || !shape.betas.every(Number.isFinite)) return undefined;
  const stored = storableShape(shape);
  return bodyEdit(person, `${what} of ${person.name}`, undefined, (draft) => {
    draft.shapeEdit = stored;
  });
}

/** Takes the shape that a human set away; undefined when there is none. */
export function planResetShape(document: ProjectDocument, personId: string): PersonEdit | undefined {
  const person = editablePerson(document, personId);
  if (!person?.shapeEdit) return undefined;
  return bodyEdit(person, `Reset shape of ${person.name}`, undefined, (draft) => {
    delete draft.shapeEdit;
  });
}
