import type { Matrix4 } from 'three';
import { compareStore } from '../compare/compareStore';
import { selectPerson, viewStore } from '../session/viewStore';
import { strongestJoint } from './materials/skinColors';
import { type PickedVertex, pickVertex } from './pickVertex';
import type { ScenePerson, SceneState } from './sceneState';
import { viewportStore } from './viewportStore';

/** Travel of the pointer, CSS px, up to which a press is a click. */
const CLICK_TRAVEL = 4;

interface Point {
  x: number;
  y: number;
}

/** What the pointer is over. */
export interface PointedScene {
  scene(): SceneState;
  /** Camera axes to clip space, as drawn last. */
  clip: Matrix4;
  /** True while the pointer is on something else: a ring. */
  isTaken(): boolean;
}

/** Picks people, joints and vertices where the 3D view is clicked, and names the joint under the pointer. */
export class ScenePointer {
  private press: Point | undefined;

  constructor(
    private readonly element: HTMLElement,
    private readonly over: PointedScene,
    private readonly invalidate: () => void,
  ) {
    element.addEventListener('pointerdown', this.onPointerDown);
    element.addEventListener('pointerup', this.onPointerUp);
    element.addEventListener('pointermove', this.onPointerMove);
    element.addEventListener('pointerleave', this.onPointerLeave);
  }

  dispose(): void {
    this.element.removeEventListener('pointerdown', this.onPointerDown);
    this.element.removeEventListener('pointerup', this.onPointerUp);
    this.element.removeEventListener('pointermove', this.onPointerMove);
    this.element.removeEventListener('pointerleave', this.onPointerLeave);
  }

  private placeOf(event: PointerEvent): { place: Point; size: { width: number; height: number } } {
    const { left, top, width, height } = this.element.getBoundingClientRect();
    return { place: { x: event.clientX - left, y: event.clientY - top }, size: { width, height } };
  }

  /** Joints can be clicked: they are shown, or their rotations are. */
  private areJointsPickable(): boolean {
    return this.over.scene().overlays.joints || viewStore.getState().inspectorTab === 'pose';
  }

  private readonly onPointerMove = (event: PointerEvent): void => {
    if (event.buttons !== 0) return;
    const isFree = this.areJointsPickable() && !this.over.isTaken();
    const hoveredJoint = isFree ? this.jointAt(event) : undefined;
    if (hoveredJoint !== viewportStore.getState().hoveredJoint) viewportStore.setState({ hoveredJoint });
  };

  private readonly onPointerLeave = (): void => viewportStore.setState({ hoveredJoint: undefined });

  /** Who is drawn under the pointer: of two runs either side of the divider, those of its side. */
  private peopleAt(event: PointerEvent): readonly ScenePerson[] {
    const { place, size } = this.placeOf(event);
    const { view, divider } = compareStore.getState();
    const { people } = this.over.scene();
    if (view !== 'split') return people;
    const side = place.x < divider * size.width ? 'A' : 'B';
    return people.filter(({ run }) => run === undefined || run === side);
  }

  /** The nearest of some points of these people under the pointer. */
  private nearest(
    event: PointerEvent,
    people: readonly ScenePerson[],
    pointsOf: (body: ScenePerson['body']) => Float32Array,
  ): { entry: ScenePerson; picked: PickedVertex } | undefined {
    const { place, size } = this.placeOf(event);
    let best: { entry: ScenePerson; picked: PickedVertex } | undefined;
    for (const entry of people) {
      const picked = pickVertex(pointsOf(entry.body), this.over.clip.elements, place, size);
      if (picked && (!best || picked.depth < best.picked.depth)) best = { entry, picked };
    }
    return best;
  }

  /** The selected person's joint under the pointer. */
  private jointAt(event: PointerEvent): number | undefined {
    const selected = this.peopleAt(event).filter((entry) => entry.isSelected);
    return this.nearest(event, selected, (body) => body.joints)?.picked.vertex;
  }

  private readonly onPointerDown = (event: PointerEvent): void => {
    const isClick = event.button === 0 && !this.over.isTaken();
    this.press = isClick ? { x: event.clientX, y: event.clientY } : undefined;
  };

  private readonly onPointerUp = (event: PointerEvent): void => {
    const { press } = this;
    this.press = undefined;
    if (!press || Math.hypot(event.clientX - press.x, event.clientY - press.y) > CLICK_TRAVEL) return;
    this.click(event);
  };

  private click(event: PointerEvent): void {
    const { overlays } = this.over.scene();
    // Shift picks the vertex alone, behind a joint's ball too.
    const isVertexOnly = overlays.weights && event.shiftKey;
    const joint = this.areJointsPickable() && !isVertexOnly ? this.jointAt(event) : undefined;
    if (joint !== undefined) return viewStore.setState({ pickedJoint: joint });
    const best = this.nearest(event, this.peopleAt(event), (body) => body.positions);
    if (!best) return;
    const { entry, picked } = best;
    if (!entry.isSelected) {
      selectPerson(entry.person.id);
      viewportStore.setState({ pickedVertex: undefined });
      return;
    }
    if (!(overlays.weights || this.areJointsPickable())) return;
    if (overlays.weights) viewportStore.setState({ pickedVertex: picked.vertex });
    if (!isVertexOnly) viewStore.setState({ pickedJoint: strongestJoint(entry.shared.shape, picked.vertex) });
    this.invalidate();
  }
}
