import { Matrix4, Vector3 } from 'three';
import { smplJointName } from '#core/document/bodyEdits';
import { JOINT_COUNT } from '#core/body/skeleton';
import { readToken } from '../theme/readToken';
import { labelColumns, type NamedPoint } from './labelColumns';

const FONT = '500 11px Inter, sans-serif';
/** CSS px: of a line of text, of the tools at the left edge, and between figure and names. */
const [GAP, TOOLS, EDGE, ASIDE] = [13, 42, 8, 26];
/** A figure lower than this on the screen, CSS px, would be smaller than its names. */
const LEAST_HEIGHT = 110;

/** Joints to name. */
export interface NamedJoints {
  /** 24 * 3, m, camera axes. */
  joints: Float32Array;
  /** Camera axes to clip space. */
  clip: Matrix4;
  picked: number | undefined;
}

/** Names of all joints in columns beside the body with a line to each, of one size on the screen. */
export class JointNames {
  private readonly point = new Vector3();
  private isDrawn = false;

  /** Draws the names, or none, on a canvas of the view's size, CSS px. */
  draw(canvas: HTMLCanvasElement | null, named: NamedJoints | undefined, width: number, height: number): void {
    if (!canvas || (!named && !this.isDrawn)) return;
    const ratio = Math.min(2, window.devicePixelRatio);
    const [pixelWidth, pixelHeight] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width !== pixelWidth) canvas.width = pixelWidth;
    if (canvas.height !== pixelHeight) canvas.height = pixelHeight;
    const context = canvas.getContext('2d');
    if (!context) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    const points = named ? this.pointsOf(named, width, height) : [];
    this.isDrawn = points.length > 0;
    if (this.isDrawn) this.write(context, canvas, points, { width, height, picked: named?.picked });
  }

  private pointsOf({ joints, clip }: NamedJoints, width: number, height: number): NamedPoint[] {
    const points: NamedPoint[] = [];
    for (let id = 0; id < JOINT_COUNT; id++) {
      const { x, y, z } = this.point.fromArray(joints, id * 3).applyMatrix4(clip);
      if (z < 1 && Math.abs(x) <= 1 && Math.abs(y) <= 1) {
        points.push({ id, x: ((x + 1) / 2) * width, y: ((1 - y) / 2) * height });
      }
    }
    const heights = points.map(({ y }) => y);
    return Math.max(...heights) - Math.min(...heights) < LEAST_HEIGHT ? [] : points;
  }

  private write(
    context: CanvasRenderingContext2D,
    element: Element,
    points: readonly NamedPoint[],
    view: { width: number; height: number; picked: number | undefined },
  ): void {
    const text = readToken(element, '--text-2');
    const accent = readToken(element, '--accent');
    const ground = readToken(element, '--viewport-bottom');
    context.font = FONT;
    context.textBaseline = 'middle';
    context.lineJoin = 'round';
    const longest = Math.max(...points.map(({ id }) => context.measureText(smplJointName(id)).width));
    const room = { left: TOOLS, right: view.width - EDGE, top: 14, bottom: view.height - 30 };
    const placed = labelColumns(points, { ...room, gap: GAP, aside: ASIDE, width: longest });
    for (const { id, side, x, y } of placed) {
      const point = points.find((entry) => entry.id === id);
      if (!point) continue;
      const out = side === 'left' ? -1 : 1;
      context.beginPath();
      context.moveTo(point.x, point.y);
      context.lineTo(x - out * 10, y);
      context.lineTo(x - out * 3, y);
      this.line(context, ground, 2.5, 0.5);
      this.line(context, id === view.picked ? accent : text, 1, id === view.picked ? 1 : 0.5);
    }
    for (const { id, side, x, y } of placed) {
      context.textAlign = side === 'left' ? 'right' : 'left';
      context.strokeStyle = ground;
      context.lineWidth = 3;
      context.strokeText(smplJointName(id), x, y);
      context.fillStyle = id === view.picked ? accent : text;
      context.fillText(smplJointName(id), x, y);
    }
  }

  private line(context: CanvasRenderingContext2D, color: string, width: number, alpha: number): void {
    context.globalAlpha = alpha;
    context.strokeStyle = color;
    context.lineWidth = width;
    context.stroke();
    context.globalAlpha = 1;
  }
}
