import { JOINT_COUNT, JOINT_PARENTS } from '#core/body/skeleton';
import type { Letter } from '../compare/compareStore';
import type { MotionPiece } from '../playback/motionSource';
import type { StageView } from './stageView';

/** What to draw of a person's joints over the video. */
export interface SkeletonLook {
  bones: boolean;
  joints: boolean;
  /** 0 to 1. */
  opacity: number;
  pickedJoint: number | undefined;
}

/** A frame of a person's joints on the picture. */
export interface JointsRow {
  piece: Pick<MotionPiece, 'joints2d'>;
  row: number;
}

const TAU = Math.PI * 2;

/** Joints whose ways trails show: wrists and ankles. */
export const TRAILED_JOINTS: readonly number[] = [20, 21, 7, 8];

function strokeBones(context: CanvasRenderingContext2D, joints: Float32Array, at: number, view: StageView): void {
  context.beginPath();
  for (let joint = 1; joint < JOINT_COUNT; joint++) {
    const parent = JOINT_PARENTS[joint] ?? 0;
    context.moveTo(joints[at + parent * 2]! * view.scale + view.x, joints[at + parent * 2 + 1]! * view.scale + view.y);
    context.lineTo(joints[at + joint * 2]! * view.scale + view.x, joints[at + joint * 2 + 1]! * view.scale + view.y);
  }
  context.stroke();
}

/** Draws bones and joints of one frame; white with a dark casing, readable on any picture. */
export function drawSkeleton(
  context: CanvasRenderingContext2D,
  { piece, row }: JointsRow,
  view: StageView,
  look: SkeletonLook,
): void {
  const at = row * JOINT_COUNT * 2;
  context.globalAlpha = look.opacity;
  context.lineCap = 'round';
  if (look.bones) {
    context.strokeStyle = 'rgb(0 0 0 / .55)';
    context.lineWidth = 3.6;
    strokeBones(context, piece.joints2d, at, view);
    context.strokeStyle = '#fff';
    context.lineWidth = 1.6;
    strokeBones(context, piece.joints2d, at, view);
  }
  if (look.joints) {
    for (let joint = 0; joint < JOINT_COUNT; joint++) {
      const isPicked = joint === look.pickedJoint;
      context.beginPath();
      const x = piece.joints2d[at + joint * 2]! * view.scale + view.x;
      const y = piece.joints2d[at + joint * 2 + 1]! * view.scale + view.y;
      context.arc(x, y, isPicked ? 5 : 3.2, 0, TAU);
      context.fillStyle = isPicked ? '#a89dff' : '#fff';
      context.strokeStyle = isPicked ? '#fff' : 'rgb(0 0 0 / .65)';
      context.lineWidth = 1.4;
      context.fill();
      context.stroke();
    }
  }
  context.globalAlpha = 1;
}

const HEAD = 15;
/** Radius of the circle around a letter, and how far it stands beside the head, px. */
const LETTER = { radius: 10, aside: 26 } as const;
/** A is dashed and B solid, so that the two differ without colour too. */
const RUN_LOOKS = { A: { dash: [5, 4], side: -1 }, B: { dash: [], side: 1 } } as const;

/** Draws the bones of one of two compared runs. */
export function drawRunBones(
  context: CanvasRenderingContext2D,
  { piece, row }: JointsRow,
  view: StageView,
  run: { letter: Letter; color: string },
): void {
  const at = row * JOINT_COUNT * 2;
  context.lineCap = 'round';
  context.strokeStyle = 'rgb(0 0 0 / .55)';
  context.lineWidth = 4.5;
  strokeBones(context, piece.joints2d, at, view);
  context.setLineDash([...RUN_LOOKS[run.letter].dash]);
  context.strokeStyle = run.color;
  context.lineWidth = 2.5;
  strokeBones(context, piece.joints2d, at, view);
  context.setLineDash([]);
}

/** Draws the letter of one of two compared runs in a circle beside the head. */
export function drawRunLetter(
  context: CanvasRenderingContext2D,
  { piece, row }: JointsRow,
  view: StageView,
  { letter, color }: { letter: Letter; color: string },
): void {
  const at = (row * JOINT_COUNT + HEAD) * 2;
  const { side } = RUN_LOOKS[letter];
  const x = piece.joints2d[at]! * view.scale + view.x + side * LETTER.aside;
  const y = piece.joints2d[at + 1]! * view.scale + view.y;
  context.beginPath();
  context.arc(x, y, LETTER.radius, 0, TAU);
  context.fillStyle = color;
  context.strokeStyle = '#1b1c20';
  context.lineWidth = 1.5;
  context.fill();
  context.stroke();
  context.fillStyle = '#1b1c20';
  context.font = '700 12px Inter, sans-serif';
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(letter, x, y + 0.5);
}

/**
 * Draws the way of a joint over frames as a line that fades into the past.
 * @param motion motion of the person on a frame, undefined where there is none
 */
export function drawTrail(
  context: CanvasRenderingContext2D,
  motion: (frame: number) => JointsRow | undefined,
  joint: number,
  frames: { from: number; to: number },
  view: StageView,
  color: string,
): void {
  let lastX = 0;
  let lastY = 0;
  let isBegun = false;
  context.lineCap = 'round';
  for (let frame = frames.from; frame <= frames.to; frame++) {
    const found = motion(frame);
    if (!found) {
      isBegun = false;
      continue;
    }
    const at = (found.row * JOINT_COUNT + joint) * 2;
    const x = found.piece.joints2d[at]! * view.scale + view.x;
    const y = found.piece.joints2d[at + 1]! * view.scale + view.y;
    if (isBegun) {
      context.globalAlpha = 0.25 + (0.75 * (frame - frames.from)) / Math.max(1, frames.to - frames.from);
      for (const [style, width] of [
        ['rgb(0 0 0 / .5)', 3.4],
        [color, 1.8],
      ] as const) {
        context.strokeStyle = style;
        context.lineWidth = width;
        context.beginPath();
        context.moveTo(lastX, lastY);
        context.lineTo(x, y);
        context.stroke();
      }
    }
    lastX = x;
    lastY = y;
    isBegun = true;
  }
  context.globalAlpha = 1;
}
