import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { BodyStep } from '#core/body/bodySteps';
import type { PoseEditKind } from '#core/document/bodyEdits';
import type { Span } from '#core/frames/span';
import type { WeightsShown } from '../viewport/materials/skinColors';

/** Layers that can be switched on over the video and in 3D; the digits 1 to 7 toggle them in this order. */
export const OVERLAY_IDS = ['boxes', 'mesh', 'weights', 'joints', 'skeleton', 'trails', 'ground'] as const;
/** One of {@link OVERLAY_IDS}. */
export type OverlayId = (typeof OVERLAY_IDS)[number];

/** What a press on the stage does. */
export type StageTool = 'select' | 'draw' | 'pan';

/** Inspector tabs by id. */
export type InspectorTab = 'person' | 'pose' | 'shape' | 'camera' | 'weights';

/** Ways to look at skin weights, in the order of their buttons. */
export const WEIGHTS_VIEWS = ['joint', 'blended', 'strongest', 'seams'] as const;
/** One of {@link WEIGHTS_VIEWS}. */
export type WeightsView = (typeof WEIGHTS_VIEWS)[number];

/** How the page looks and what is picked. Not undoable; theme and sizes are kept in the browser's storage. */
export interface ViewState {
  /** Person ids, the main one last. */
  selection: readonly string[];
  overlays: Readonly<Record<OverlayId, boolean>>;
  /** 0 to 1. */
  meshOpacity: number;
  /** Index of an SMPL joint, 0 to 23. */
  pickedJoint: number | undefined;
  /** What is shown of skin weights: the picked joint's, or all joints'. */
  weightsView: WeightsView;
  /** Weights of the picked joint below it are drawn as none, 0 to 1. */
  weightFloor: number;
  /** Bodies are shown as far as this step of SMPL; `skinned` is all of it. */
  bodyStep: BodyStep;
  /** How the next turn of a joint counts, where no edit of it is there already. */
  turnKind: PoseEditKind;
  tool: StageTool;
  /** Frames `[from, to)` between in and out; undefined is the whole clip. */
  range: Span | undefined;
  loop: boolean;
  /** Boxes stay square while they are resized: what the networks crop is. */
  keepSquare: boolean;
  /** Only these people are shown; empty shows all visible ones. */
  solo: readonly string[];
  inspectorTab: InspectorTab;
  showFolded: boolean;
  theme: 'dark' | 'light';
}

const DEFAULT_OVERLAYS: Record<OverlayId, boolean> = {
  boxes: true,
  mesh: true,
  weights: false,
  joints: false,
  skeleton: false,
  trails: false,
  ground: true,
};

/** The state a page starts with. */
export const INITIAL_VIEW_STATE: ViewState = {
  selection: [],
  overlays: DEFAULT_OVERLAYS,
  meshOpacity: 0.78,
  pickedJoint: undefined,
  weightsView: 'joint',
  weightFloor: 0,
  bodyStep: 'skinned',
  turnKind: 'offset',
  tool: 'select',
  range: undefined,
  loop: false,
  keepSquare: false,
  solo: [],
  inspectorTab: 'person',
  showFolded: false,
  theme: 'dark',
};

/** The one store of what is shown and picked. */
export const viewStore = createStore<ViewState>(() => INITIAL_VIEW_STATE);

/** Reads a part of the view state in a component. */
export function useView<T>(selector: (state: ViewState) => T): T {
  return useStore(viewStore, selector);
}

/** Selects one person, or adds to or removes from the selection; undefined clears it. */
export function selectPerson(personId: string | undefined, mode: 'only' | 'toggle' = 'only'): void {
  const { selection } = viewStore.getState();
  if (personId === undefined) viewStore.setState({ selection: [] });
  else if (mode === 'only') viewStore.setState({ selection: [personId] });
  else if (selection.includes(personId)) viewStore.setState({ selection: selection.filter((id) => id !== personId) });
  else viewStore.setState({ selection: [...selection, personId] });
}

/** The person that commands and the inspector mean: the last one selected. */
export function selectedPersonId(): string | undefined {
  return viewStore.getState().selection.at(-1);
}

/** Switches whether boxes stay square while they are resized. */
export function toggleKeepSquare(): void {
  viewStore.setState(({ keepSquare }) => ({ keepSquare: !keepSquare }));
}

/** What colours are to show of skin weights: the picked joint's, or all of them where none is picked. */
export function weightsShown({ weightsView, pickedJoint }: ViewState): WeightsShown {
  return weightsView === 'joint' ? (pickedJoint ?? 'blended') : weightsView;
}

/** Switches a layer. */
export function toggleOverlay(overlay: OverlayId): void {
  viewStore.setState(({ overlays }) => ({ overlays: { ...overlays, [overlay]: !overlays[overlay] } }));
}

/** Shows this layer and no other; called again with it alone, brings back the layers a page starts with. */
export function showOnlyOverlay(overlay: OverlayId): void {
  const { overlays } = viewStore.getState();
  const alone = OVERLAY_IDS.every((id) => overlays[id] === (id === overlay));
  if (alone) viewStore.setState({ overlays: DEFAULT_OVERLAYS });
  else {
    const only = Object.fromEntries(OVERLAY_IDS.map((id) => [id, id === overlay]));
    viewStore.setState({ overlays: { ...DEFAULT_OVERLAYS, ...only } });
  }
}

/** True when a person is to be drawn: not hidden, and one of the solo people when there are any. */
export function isShown(person: { id: string; visible: boolean; foldedBecause?: string | undefined }): boolean {
  const { solo } = viewStore.getState();
  if (solo.length > 0) return solo.includes(person.id);
  return person.visible && person.foldedBecause === undefined;
}
