import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

/** Directions from which the 3D view can look; `perspective` is wherever it was turned to. */
export type ViewDirection = 'perspective' | 'front' | 'back' | 'left' | 'right' | 'top' | 'bottom' | 'camera';

/** Names of the directions. */
export const VIEW_TITLES: Readonly<Record<ViewDirection, string>> = {
  perspective: 'Perspective',
  front: 'Front',
  back: 'Back',
  left: 'Left side',
  right: 'Right side',
  top: 'Top',
  bottom: 'Bottom',
  camera: 'Video camera',
};

/** A ring of the picked joint: its own axes, or the line of sight. */
export type RingAxis = 'X' | 'Y' | 'Z' | 'view';

/** State of the 3D view. Transient. */
export interface ViewportState {
  direction: ViewDirection;
  /** Vertex of the selected person's body, picked with the weights on. */
  pickedVertex: number | undefined;
  /** Bodies as the edges of their triangles. */
  isWireframe: boolean;
  /** Bodies are see-through, with the skeleton in them. */
  isXray: boolean;
  /** All joints are named while the layer of joints is on. */
  hasNames: boolean;
  /** Joint under the pointer. */
  hoveredJoint: number | undefined;
  /** Rings to turn the picked joint with are shown. */
  hasRings: boolean;
  /** The picked joint while a ring is dragged: degrees since the press, and its rotation (axis-angle, rad). */
  turn: { axis: RingAxis; degrees: number; rotation: readonly number[] } | undefined;
}

/** The one store of the 3D view. */
export const viewportStore = createStore<ViewportState>(() => ({
  direction: 'perspective',
  pickedVertex: undefined,
  isWireframe: false,
  isXray: false,
  hasNames: true,
  hoveredJoint: undefined,
  hasRings: true,
  turn: undefined,
}));

/** Reads a part of the 3D view's state in a component. */
export function useViewport<T>(selector: (state: ViewportState) => T): T {
  return useStore(viewportStore, selector);
}

/** Ways to look at bodies in 3D that are on or off. */
export type ViewportSwitch = 'hasRings' | 'isWireframe' | 'isXray' | 'hasNames';

/** Turns a way to look on or off. */
export function toggleViewport(id: ViewportSwitch): void {
  viewportStore.setState((state) => ({ [id]: !state[id] }));
}

/** What commands, keys and the gizmo can ask of the 3D view while it is mounted. */
export interface ViewportActions {
  look(direction: Exclude<ViewDirection, 'perspective'>): void;
  /** Brings the selected person, or everybody, into view from where the view looks. */
  frameSelection(): void;
  /** Turns by degrees about the target: right and up positive. */
  orbit(right: number, up: number): void;
  /** Moves by CSS px. */
  pan(dx: number, dy: number): void;
  /** Comes nearer for factors above 1. */
  dolly(factor: number): void;
  /** Objects of the GPU in use; flat while playing. */
  memory(): { geometries: number; textures: number };
}

let actions: ViewportActions | undefined;

/** Offers the actions of the mounted view; undefined when it goes. */
export function offerViewport(offered: ViewportActions | undefined): void {
  actions = offered;
}

/** The mounted view's actions; undefined without one (no WebGL, no project). */
export function viewportActions(): ViewportActions | undefined {
  return actions;
}
