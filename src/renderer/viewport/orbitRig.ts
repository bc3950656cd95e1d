import { Matrix4, PerspectiveCamera, Quaternion, Sphere, Vector3 } from 'three';
import { OrbitControls } from 'three/addons/controls/OrbitControls.js';
import { fitView } from '../stage/stageView';
import { FAR, NEAR, type Pinhole, pinholeProjection, VIEW_FROM_CAMERA } from './pinhole';
import type { SceneState } from './sceneState';
import { type ViewDirection, viewportStore } from './viewportStore';

/** Vertical field of view of the free camera, degrees. */
const FIELD = 30;

const DIRECTIONS: Readonly<
  Record<Exclude<ViewDirection, 'perspective' | 'camera'>, readonly [number, number, number]>
> = {
  front: [0, 0, 1],
  back: [0, 0, -1],
  right: [1, 0, 0],
  left: [-1, 0, 0],
  // Straight down would lose the sense of up.
  top: [0, 1, 0.0001],
  bottom: [0, -1, 0.0001],
};

/** Where the view first looks from: front, a little from the left and above. */
const FIRST_DIRECTION: readonly [number, number, number] = [-0.42, 0.24, 1];

/** Share of the half view, each way, in which a pelvis must lie for its person to count as seen. */
const IN_VIEW = 0.8;

/**
 * The camera of the 3D view in scene axes: free orbit about a target, fixed directions, or the video camera itself.
 */
export class OrbitRig {
  readonly camera = new PerspectiveCamera(FIELD, 1, NEAR, FAR);
  private readonly controls: OrbitControls;
  private readonly size = { width: 1, height: 1 };
  private readonly sphere = new Sphere(new Vector3(0, 0.9, 0), 1.2);
  private readonly point = new Vector3();
  private readonly rotation = new Quaternion();
  private readonly anchor = new Vector3();
  private readonly slide = new Vector3();
  private readonly projected = new Vector3();
  /** Person that the view goes along with. */
  private followed: string | undefined;
  private isThroughVideo = false;
  private isSettled = false;
  /** Somebody chose the view; from then on it is only theirs to change. */
  private isTouched = false;
  private readonly framedScene = new Matrix4();

  constructor(
    private readonly element: HTMLElement,
    private readonly onChange: () => void,
  ) {
    this.controls = new OrbitControls(this.camera, element);
    this.controls.enableDamping = false;
    this.controls.minDistance = 0.2;
    this.controls.maxDistance = 80;
    this.controls.zoomSpeed = 0.9;
    this.controls.addEventListener('change', onChange);
    this.controls.addEventListener('start', () => this.leaveFixedView());
    element.addEventListener('wheel', this.onWheel, { passive: true });
    this.controls.target.copy(this.sphere.center);
    this.camera.position.set(0, 0.9, 6);
    this.look(FIRST_DIRECTION);
  }

  dispose(): void {
    this.element.removeEventListener('wheel', this.onWheel);
    this.controls.dispose();
  }

  /** Leaves the pointer to somebody else while `isHeld`. */
  hold(isHeld: boolean): void {
    this.controls.enabled = !isHeld && !this.isThroughVideo;
  }

  /** Takes in the size of the view, CSS px. */
  resize(width: number, height: number): void {
    this.size.width = Math.max(1, width);
    this.size.height = Math.max(1, height);
    this.camera.aspect = this.size.width / this.size.height;
    if (!this.isThroughVideo) this.camera.updateProjectionMatrix();
    this.onChange();
  }

  /** Forgets where people were, for another project: the next body is framed. */
  reset(): void {
    this.isSettled = false;
    this.isTouched = false;
    this.followed = undefined;
    this.isThroughVideo = false;
    this.controls.enabled = true;
  }

  /**
   * Called before each drawing: frames the first people that appear, and again when a run has moved or turned the scene
   * and nobody has chosen a view yet; keeps up with the video camera.
   */
  follow(scene: SceneState): void {
    const isMoved = !this.isTouched && !this.framedScene.equals(scene.sceneFromCamera);
    if ((!this.isSettled || isMoved) && scene.people.length > 0) {
      this.isSettled = true;
      this.framedScene.copy(scene.sceneFromCamera);
      this.measure(scene, true);
      this.look(FIRST_DIRECTION);
      this.fitSphere();
    }
    this.followPerson(scene);
    if (this.isThroughVideo) this.placeAtVideo(scene.sceneFromCamera, scene.camera);
  }

  /**
   * Keeps a person in place: target and camera go along with the pelvis over the ground, not up and down. That is the
   * selected one, else whoever it was before, so that playing never walks anybody out of the view.
   */
  private followPerson({ people, sceneFromCamera }: SceneState): void {
    const known = people.find(({ person }) => person.id === this.followed);
    const followed = people.find(({ isSelected }) => isSelected) ?? known ?? (this.followed ? undefined : people[0]);
    if (!followed) return;
    this.point.fromArray(followed.body.joints, 0).applyMatrix4(sceneFromCamera);
    if (!this.isThroughVideo) {
      if (this.followed === followed.person.id) this.slideFrom(this.anchor);
      else if (!this.isInView(this.point)) this.slideFrom(this.controls.target);
    }
    this.followed = followed.person.id;
    this.anchor.copy(this.point);
  }

  /** Moves view and target over the ground as `place` would have to move to come to the point in hand. */
  private slideFrom(place: Vector3): void {
    this.slide.set(this.point.x - place.x, 0, this.point.z - place.z);
    if (this.slide.lengthSq() === 0) return;
    this.controls.target.add(this.slide);
    this.camera.position.add(this.slide);
    this.sphere.center.add(this.slide);
    this.camera.updateMatrixWorld();
  }

  private isInView(place: Vector3): boolean {
    this.camera.updateMatrixWorld();
    const { x, y, z } = this.projected.copy(place).project(this.camera);
    return Math.abs(x) < IN_VIEW && Math.abs(y) < IN_VIEW && z < 1;
  }

  /** Looks from a fixed direction at what it looks at now, or through the video camera. */
  lookFrom(direction: Exclude<ViewDirection, 'perspective'>, scene: SceneState): void {
    this.isTouched = true;
    viewportStore.setState({ direction });
    if (direction === 'camera') {
      this.isThroughVideo = true;
      this.controls.enabled = false;
      this.onChange();
      return;
    }
    this.freeCamera();
    this.look(DIRECTIONS[direction]);
    this.measure(scene, true);
    this.fitSphere();
  }

  /** Brings the selected person, or everybody, into view from the present direction. */
  frameSelection(scene: SceneState): void {
    this.leaveFixedView();
    this.measure(scene, true);
    this.fitSphere();
  }

  /** Turns by degrees, right and up positive. */
  orbit(right: number, up: number): void {
    this.leaveFixedView();
    this.controls.rotateLeft((right * Math.PI) / 180);
    this.controls.rotateUp((up * Math.PI) / 180);
    this.controls.update();
  }

  /** Moves by CSS px. */
  pan(dx: number, dy: number): void {
    this.leaveFixedView();
    this.controls.pan(dx, dy);
    this.controls.update();
  }

  /** Comes nearer for factors above 1. */
  dolly(factor: number): void {
    this.leaveFixedView();
    this.controls.dollyIn(1 / factor);
    this.controls.update();
  }

  private readonly onWheel = (): void => this.leaveFixedView();

  private leaveFixedView(): void {
    this.isTouched = true;
    if (this.isThroughVideo) this.freeCamera();
    if (viewportStore.getState().direction !== 'perspective') viewportStore.setState({ direction: 'perspective' });
  }

  /** From the video camera to the free one, without moving. */
  private freeCamera(): void {
    if (!this.isThroughVideo) return;
    this.isThroughVideo = false;
    this.controls.enabled = true;
    const distance = Math.max(0.5, this.camera.position.distanceTo(this.sphere.center));
    this.camera.getWorldDirection(this.point);
    this.controls.target.copy(this.camera.position).addScaledVector(this.point, distance);
    this.camera.fov = FIELD;
    this.camera.updateProjectionMatrix();
    this.controls.update();
  }

  private look(direction: readonly [number, number, number]): void {
    const distance = Math.max(1, this.camera.position.distanceTo(this.controls.target));
    this.point.set(...direction).normalize();
    this.camera.position.copy(this.controls.target).addScaledVector(this.point, distance);
    this.controls.update();
    this.onChange();
  }

  /** The ball around the selected person's joints, or everybody's. */
  private measure({ people, sceneFromCamera }: SceneState, selectedOnly: boolean): void {
    const hasSelected = selectedOnly && people.some((entry) => entry.isSelected);
    const low = new Vector3(Infinity, Infinity, Infinity);
    const high = new Vector3(-Infinity, -Infinity, -Infinity);
    for (const { body, isSelected } of people) {
      if (hasSelected && !isSelected) continue;
      for (let joint = 0; joint < 24; joint++) {
        this.point.fromArray(body.joints, joint * 3).applyMatrix4(sceneFromCamera);
        low.min(this.point);
        high.max(this.point);
      }
    }
    if (low.x > high.x) return;
    this.sphere.center.addVectors(low, high).multiplyScalar(0.5);
    this.sphere.radius = Math.max(0.6, low.distanceTo(high) / 2 + 0.15);
  }

  private fitSphere(): void {
    const vertical = (FIELD * Math.PI) / 360;
    const horizontal = Math.atan(Math.tan(vertical) * this.camera.aspect);
    const distance = this.sphere.radius / Math.sin(Math.min(vertical, horizontal));
    this.camera.getWorldDirection(this.point);
    this.controls.target.copy(this.sphere.center);
    this.camera.position.copy(this.sphere.center).addScaledVector(this.point, -distance);
    this.controls.update();
    this.onChange();
  }

  private placeAtVideo(sceneFromCamera: Matrix4, pinhole: Pinhole): void {
    const place = sceneFromCamera.clone();
    place.multiply(place.clone().fromArray([...VIEW_FROM_CAMERA]));
    place.decompose(this.camera.position, this.rotation, this.point);
    this.camera.quaternion.copy(this.rotation);
    this.camera.updateMatrixWorld();
    pinholeProjection(pinhole, fitView(pinhole, this.size), this.size, this.camera.projectionMatrix.elements);
    this.camera.projectionMatrixInverse.copy(this.camera.projectionMatrix).invert();
    // What is sized by the field of view (rings) keeps its size on the screen.
    this.camera.fov = (360 / Math.PI) * Math.atan(1 / (this.camera.projectionMatrix.elements[5] ?? 1));
  }
}
