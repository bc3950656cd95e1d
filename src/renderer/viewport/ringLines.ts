import { type Color, Group, type Quaternion, Vector3 } from 'three';
import { ThickLines } from './layers/thickLines';
import type { ViewportColors } from './viewportColors';
import type { RingAxis } from './viewportStore';

/** Straight pieces of a ring. */
const PIECES = 64;
/** Radius of the ring that faces the view, in radii of the others. */
export const OUTER = 1.5;

/** Rings as they are to be drawn, in scene axes. */
export interface Rings {
  centre: Vector3;
  /** Of the joint. */
  rotation: Quaternion;
  /** m. */
  radius: number;
  /** Where the view looks from. */
  eye: Vector3;
  /** Ring under the pointer. */
  active: RingAxis | undefined;
  /** Rotation before the turn that is in hand; only its ring is drawn then. */
  before: Quaternion | undefined;
}

/** The drawing of rotation rings: a few px thick, the halves behind the joint faint, the one in hand in the accent. */
export class RingLines {
  readonly object = new Group();
  private readonly front = new ThickLines(PIECES * 4, { width: 2.4, casing: true, xray: true });
  private readonly back = new ThickLines(PIECES * 3, { width: 1.4, casing: false, xray: true, opacity: 0.4 });
  private readonly outer = new ThickLines(PIECES, { width: 1.4, casing: true, xray: true, opacity: 0.75 });
  private readonly points = new Float32Array((PIECES + 1) * 3);
  private readonly first = new Vector3();
  private readonly second = new Vector3();
  private readonly point = new Vector3();
  private readonly toEye = new Vector3();

  constructor() {
    this.object.add(this.back.object, this.outer.object, this.front.object);
  }

  dispose(): void {
    this.front.dispose();
    this.back.dispose();
    this.outer.dispose();
  }

  /** Draws no rings. */
  clear(): void {
    this.object.visible = false;
  }

  /** Draws these rings in place of those before. */
  show(rings: Rings, { axes, accent, camera }: ViewportColors): void {
    this.object.visible = true;
    this.front.begin();
    this.back.begin();
    this.outer.begin();
    this.toEye.copy(rings.eye).sub(rings.centre).normalize();
    const isShown = (axis: RingAxis) => rings.before === undefined || rings.active === axis;
    (['X', 'Y', 'Z'] as const).forEach((axis, index) => {
      const color = rings.active === axis ? accent : axes[index];
      if (!color || !isShown(axis)) return;
      this.first
        .set(0, 0, 0)
        .setComponent((index + 1) % 3, 1)
        .applyQuaternion(rings.rotation);
      this.second
        .set(0, 0, 0)
        .setComponent((index + 2) % 3, 1)
        .applyQuaternion(rings.rotation);
      this.ring(rings, rings.radius, color);
      if (rings.before) this.spokes(rings, rings.before, (index + 1) % 3, axes[index] ?? color);
    });
    if (isShown('view')) {
      this.first.set(-this.toEye.z, 0, this.toEye.x).normalize();
      this.second.crossVectors(this.toEye, this.first);
      this.ring(rings, rings.radius * OUTER, rings.active === 'view' ? accent : camera);
    }
    this.front.end();
    this.back.end();
    this.outer.end();
  }

  /** From the middle to the ring: where the joint was when the turn began, and where it is. */
  private spokes({ centre, rotation, radius }: Rings, before: Quaternion, component: number, color: Color): void {
    for (const turned of [before, rotation]) {
      this.point.set(0, 0, 0).setComponent(component, radius).applyQuaternion(turned).add(centre);
      centre.toArray(this.points, 0);
      this.point.toArray(this.points, 3);
      const lines = turned === before ? this.back : this.front;
      lines.segment(this.points, 0, this.points, 3, color);
    }
  }

  private ring(rings: Rings, radius: number, color: Color): void {
    const isOuter = radius > rings.radius;
    const { centre } = rings;
    for (let k = 0; k <= PIECES; k++) {
      const angle = (k / PIECES) * 2 * Math.PI;
      this.point.copy(centre).addScaledVector(this.first, radius * Math.cos(angle));
      this.point.addScaledVector(this.second, radius * Math.sin(angle)).toArray(this.points, k * 3);
    }
    for (let k = 0; k < PIECES; k++) {
      this.point.fromArray(this.points, k * 3).sub(centre);
      const isBehind = this.point.dot(this.toEye) < -0.02 * radius;
      const lines = isOuter ? this.outer : isBehind ? this.back : this.front;
      lines.segment(this.points, k * 3, this.points, k * 3 + 3, color);
    }
  }
}
