import { type Camera, Group, Matrix4, Object3D, PerspectiveCamera, Quaternion, Vector3 } from 'three';
import { TransformControls } from 'three/addons/controls/TransformControls.js';
import { quaternionToAxisAngle } from '#core/body/rotations';
import { JOINT_PARENTS } from '#core/body/skeleton';
import type { PersonEdit } from '#core/tracks/boxEdit';
import { standOn } from '../playback/editedFrame';
import { shownBodies } from '../playback/shownBodies';
import { cancelBodyEdit, commitBodyEdit, previewBodyEdit } from '../session/bodyGesture';
import { planShownTurn } from '../session/turnJoint';
import { RingLines } from './ringLines';
import type { ScenePerson, SceneState } from './sceneState';
import type { ViewportColors } from './viewportColors';
import { type RingAxis, viewportStore } from './viewportStore';

/** Steps that a turn snaps to with Ctrl, and with Ctrl and Shift, degrees. */
const SNAPS = { coarse: 15, fine: 5 } as const;
const DEGREES = 180 / Math.PI;
/** Radius of the rings on the screen, CSS px. */
export const RING_RADIUS = 44;

/**
 * Rings about the picked joint of the selected person: dragging one turns the joint about that axis of its own, as one
 * undoable edit over the estimate. Must be made before other users of the element's pointer, so that a press on a ring
 * is known as one by the time they see it.
 */
export class JointRings {
  /** Goes into the scene, in scene axes. */
  readonly object = new Group();
  /** Goes into the video camera's axes; stands where the parent of the joint is. */
  readonly parent = new Group();
  private readonly joint = new Object3D();
  private readonly lines = new RingLines();
  private readonly controls: TransformControls;
  private readonly before = new Quaternion();
  private readonly turned = new Quaternion();
  private readonly matrix = new Matrix4();
  private readonly centre = new Vector3();
  private readonly rotation = new Quaternion();
  private readonly scale = new Vector3();
  private readonly eye = new Vector3();
  private scene: SceneState | undefined;
  private turning: { entry: ScenePerson; joint: number; frame: number; edit: PersonEdit | undefined } | undefined;
  /** What was let go is shown until the body follows. */
  private awaited: { person: string; joint: number; frame: number; revision: number } | undefined;

  /** @param onHold true while the pointer belongs to the rings */
  constructor(
    private readonly element: HTMLElement,
    private readonly onHold: (isHeld: boolean) => void,
    private readonly invalidate: () => void,
  ) {
    this.controls = new TransformControls(new PerspectiveCamera(), element);
    this.controls.setMode('rotate');
    this.controls.setSpace('local');
    // The free ball would take every press inside of the rings.
    this.controls.showXYZE = false;
    this.object.add(this.controls.getHelper(), this.lines.object);
    this.parent.add(this.joint);
    this.controls.addEventListener('change', invalidate);
    this.controls.addEventListener('axis-changed', () => onHold(this.isHeld()));
    this.controls.addEventListener('mouseDown', this.onStart);
    this.controls.addEventListener('objectChange', this.onTurn);
    this.controls.addEventListener('mouseUp', this.onEnd);
    for (const type of ['pointerdown', 'pointermove'] as const) element.addEventListener(type, this.onModifiers);
    for (const type of ['keydown', 'keyup'] as const) window.addEventListener(type, this.onKey, { capture: true });
  }

  dispose(): void {
    this.cancel();
    for (const type of ['pointerdown', 'pointermove'] as const) {
      this.element.removeEventListener(type, this.onModifiers);
    }
    for (const type of ['keydown', 'keyup'] as const) window.removeEventListener(type, this.onKey, { capture: true });
    this.controls.dispose();
    this.lines.dispose();
  }

  /** Takes the camera that the view is drawn with. */
  lookWith(camera: Camera): void {
    this.controls.camera = camera;
  }

  /** True while the pointer is on a ring or drags one. */
  isHeld(): boolean {
    return this.controls.axis !== null;
  }

  /**
   * Puts the rings where the joint is, or away where none can be turned; called before each drawing, with the camera
   * in place. `height` is that of the view, CSS px.
   */
  update(scene: SceneState, height: number): void {
    this.follow(scene);
    if (this.controls.object === undefined) return this.lines.clear();
    this.draw(scene.colors, height);
  }

  /** Where three's own rings are, which hear the pointer, but thick enough to be seen. */
  private draw(colors: ViewportColors, height: number): void {
    const { camera, axis } = this.controls;
    if (!(camera instanceof PerspectiveCamera)) return;
    this.joint.updateWorldMatrix(true, false);
    this.joint.matrixWorld.decompose(this.centre, this.rotation, this.scale);
    this.eye.setFromMatrixPosition(camera.matrixWorld);
    const pxPerMetre = height / (2 * this.eye.distanceTo(this.centre) * Math.tan((camera.fov * Math.PI) / 360));
    // Three's rings have half its unit as radius, and its unit is 1.9 / 8 of the view's height.
    this.controls.setSize((RING_RADIUS * 16) / (1.9 * height));
    // Shown, they would only thin ours out.
    this.controls.getHelper().visible = false;
    const before = this.turning && this.worldBefore();
    const { centre, rotation, eye } = this;
    const active = axis === null ? undefined : ringAxis(axis);
    this.lines.show({ centre, rotation, eye, radius: RING_RADIUS / pxPerMetre, active, before }, colors);
  }

  private worldBefore(): Quaternion {
    return this.parent.getWorldQuaternion(this.turned).multiply(this.before);
  }

  private follow(scene: SceneState): void {
    this.scene = scene;
    const entry = selectedOf(scene);
    const joint = scene.turnedJoint;
    const { turning } = this;
    if (turning) {
      if (turning.entry === entry && turning.joint === joint && turning.frame === scene.frame) return;
      this.cancel();
    }
    if (!entry || joint === undefined) {
      this.controls.detach();
      return;
    }
    if (!this.isAwaiting(entry, joint, scene.frame)) this.place(entry, joint);
    if (this.controls.object !== this.joint) this.controls.attach(this.joint);
  }

  private isAwaiting({ person, body }: ScenePerson, joint: number, frame: number): boolean {
    const { awaited } = this;
    if (!awaited) return false;
    const isSame = awaited.person === person.id && awaited.joint === joint && awaited.frame === frame;
    if (!isSame || awaited.revision !== body.revision) this.awaited = undefined;
    return this.awaited !== undefined;
  }

  private place({ body }: ScenePerson, joint: number): void {
    const parent = JOINT_PARENTS[joint] ?? -1;
    this.parent.quaternion.identity();
    if (parent >= 0) this.readRotation(body.jointRotations, parent, this.parent.quaternion);
    this.parent.position.fromArray(body.joints, joint * 3);
    this.readRotation(body.jointRotations, joint, this.joint.quaternion);
    this.joint.quaternion.premultiply(this.turned.copy(this.parent.quaternion).invert());
  }

  private readRotation(rotations: Float32Array, joint: number, out: Quaternion): void {
    const [a = 1, b = 0, c = 0, d = 0, e = 1, f = 0, g = 0, h = 0, i = 1] = rotations.subarray(
      joint * 9,
      joint * 9 + 9,
    );
    out.setFromRotationMatrix(this.matrix.set(a, b, c, 0, d, e, f, 0, g, h, i, 0, 0, 0, 0, 1));
  }

  private readonly onStart = (): void => {
    const { scene } = this;
    const entry = scene && selectedOf(scene);
    if (!entry || scene.turnedJoint === undefined) return;
    this.before.copy(this.joint.quaternion);
    this.turning = { entry, joint: scene.turnedJoint, frame: standOn(scene.frame), edit: undefined };
  };

  private readonly onTurn = (): void => {
    const { turning } = this;
    const { axis } = this.controls;
    if (!turning || axis === null) return;
    const { entry, joint, frame } = turning;
    const motion = shownBodies.motion(entry.person.id, frame);
    if (!motion) return;
    const { w, x, y, z } = this.joint.quaternion;
    const wanted = [0, 0, 0];
    quaternionToAxisAngle([w, x, y, z], wanted);
    turning.edit = planShownTurn(entry.person, motion, { frame, joint, wanted });
    previewBodyEdit(turning.edit);
    const degrees = this.turnedDegrees(axis);
    viewportStore.setState({ turn: { axis: ringAxis(axis), degrees, rotation: wanted } });
  };

  /** Signed turn since the press, degrees, about the axis in hand; of the ring that faces the view the size alone. */
  private turnedDegrees(axis: string): number {
    const { w, x, y, z } = this.turned.copy(this.before).invert().multiply(this.joint.quaternion);
    const about = { X: x, Y: y, Z: z }[axis];
    const degrees = 2 * Math.atan2(about ?? Math.hypot(x, y, z), w) * DEGREES;
    return degrees > 180 ? degrees - 360 : degrees < -180 ? degrees + 360 : degrees;
  }

  private readonly onEnd = (): void => {
    const { turning } = this;
    this.turning = undefined;
    viewportStore.setState({ turn: undefined });
    this.onHold(false);
    if (!turning) return;
    const { entry, joint, frame, edit } = turning;
    if (!edit) return cancelBodyEdit();
    this.awaited = { person: entry.person.id, joint, frame, revision: entry.body.revision };
    commitBodyEdit(edit);
  };

  private cancel(): void {
    if (!this.turning) return;
    this.turning = undefined;
    this.controls.reset();
    this.controls.pointerUp(null);
    viewportStore.setState({ turn: undefined });
    this.onHold(false);
    cancelBodyEdit();
    this.invalidate();
  }

  private snap({ ctrlKey, metaKey, shiftKey }: PointerEvent | KeyboardEvent): void {
    const degrees = shiftKey ? SNAPS.fine : SNAPS.coarse;
    this.controls.setRotationSnap(ctrlKey || metaKey ? degrees / DEGREES : null);
  }

  private readonly onModifiers = (event: PointerEvent): void => this.snap(event);

  private readonly onKey = (event: KeyboardEvent): void => {
    this.snap(event);
    if (event.type !== 'keydown' || event.key !== 'Escape' || !this.turning) return;
    event.preventDefault();
    event.stopPropagation();
    this.cancel();
  };
}

function selectedOf({ people }: SceneState): ScenePerson | undefined {
  return people.find(({ isSelected }) => isSelected);
}

function ringAxis(axis: string): RingAxis {
  return axis === 'X' || axis === 'Y' || axis === 'Z' ? axis : 'view';
}
