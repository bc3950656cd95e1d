import type { Box } from '#core/tracks/box';
import { boxToolStore, lastBoxSize, tellBoxTool } from '../boxes/boxEditing';
import { boxesAt, type HandleId, handleAt, type Point } from '../boxes/boxGeometry';
import type { StageBox } from '../boxes/stageBoxes';
import { areRunsShown } from '../compare/compareStore';
import { playhead } from '../playback/playhead';
import { projectStore } from '../session/projectStore';
import { selectedPersonId, selectPerson, viewStore } from '../session/viewStore';
import { stageJointAt } from './stageJoints';
import { panStage, stageStore, zoomStage } from './stageStore';
import { toPicture, toStage } from './stageView';

/** What a press that is held down does. */
type Held =
  | { kind: 'pan'; last: Point; start: Point; isMoved: boolean; deselects: boolean }
  | { kind: 'tool'; start: Point };

const CURSORS: Readonly<Record<HandleId, string>> = {
  nw: 'nwse-resize',
  se: 'nwse-resize',
  ne: 'nesw-resize',
  sw: 'nesw-resize',
  n: 'ns-resize',
  s: 'ns-resize',
  e: 'ew-resize',
  w: 'ew-resize',
};

/** CSS px around a box that still hit it. */
const BOX_MARGIN = 4;
/** Zoom per px of wheel travel. */
const WHEEL_RATE = 0.0016;

/** The boxes on the stage, as drawn. */
export interface PointerTargets {
  boxes(): readonly StageBox[];
}

function toScreenBox(box: Box): Box {
  const { view } = stageStore.getState();
  const corner = toStage(view, box);
  return { ...corner, width: box.width * view.scale, height: box.height * view.scale };
}

/**
 * Pointer and wheel on the stage: zoom and pan the picture, pick, move, resize and draw boxes. Returns its own end.
 */
export function listenToStagePointer(element: HTMLElement, targets: PointerTargets): () => void {
  let held: Held | undefined;
  let space: { wasPlaying: boolean } | undefined;

  const placeOf = (event: MouseEvent): Point => {
    const bounds = element.getBoundingClientRect();
    return { x: event.clientX - bounds.left, y: event.clientY - bounds.top };
  };
  const inPicture = (place: Point): Point => toPicture(stageStore.getState().view, place);
  const areBoxesShown = () => viewStore.getState().overlays.boxes && !areRunsShown();

  /** What a press of the select tool would hit. */
  const hitAt = (place: Point): { person: StageBox; handle: HandleId | undefined } | undefined => {
    if (!areBoxesShown()) return undefined;
    const boxes = targets.boxes();
    const selected = boxes.find((entry) => entry.person.id === selectedPersonId());
    if (selected && !selected.person.locked && selected.state !== 'outside') {
      const handle = handleAt(toScreenBox(selected.box), place);
      if (handle) return { person: selected, handle };
    }
    const hits = boxes.map((entry) => ({ person: entry.person.id, box: toScreenBox(entry.box) }));
    const [first] = boxesAt(hits, place, selected?.person.id, BOX_MARGIN);
    const person = boxes.find((entry) => entry.person.id === first);
    return person && { person, handle: undefined };
  };

  /** Alt+click: the box behind the one that a click would take. */
  const selectBehind = (place: Point): void => {
    const boxes = targets.boxes().map((entry) => ({ person: entry.person.id, box: toScreenBox(entry.box) }));
    const order = boxesAt(boxes, place, undefined, BOX_MARGIN);
    const next = order[(order.indexOf(selectedPersonId() ?? '') + 1) % order.length];
    if (next !== undefined) selectPerson(next);
  };

  const pressSelect = (event: PointerEvent, place: Point): void => {
    const joint = event.shiftKey || event.altKey ? undefined : stageJointAt(place);
    if (joint !== undefined) return viewStore.setState({ pickedJoint: joint });
    const hit = hitAt(place);
    if (!hit) {
      held = { kind: 'pan', last: place, start: place, isMoved: false, deselects: !event.shiftKey };
      return;
    }
    const { person, handle } = hit;
    const isSelected = person.person.id === selectedPersonId();
    if (handle === undefined && event.shiftKey) return selectPerson(person.person.id, 'toggle');
    if (handle === undefined && event.altKey) return selectBehind(place);
    if (!isSelected) selectPerson(person.person.id);
    const isLocked = person.person.locked || person.state === 'outside' || isReadOnly();
    held = { kind: 'tool', start: place };
    tellBoxTool({
      type: 'pressBox',
      at: inPicture(place),
      person: person.person.id,
      box: person.box,
      handle,
      isLocked,
    });
  };

  const isReadOnly = () => projectStore.getState().project?.readOnly !== undefined;

  /** A right click means the box under it. */
  const onContextMenu = (event: MouseEvent): void => {
    const hit = hitAt(placeOf(event));
    if (hit && hit.person.person.id !== selectedPersonId()) selectPerson(hit.person.person.id);
  };

  const onPointerDown = (event: PointerEvent): void => {
    if (!projectStore.getState().project || held || boxToolStore.getState().tool.kind === 'keyboard') return;
    const place = placeOf(event);
    const { tool } = viewStore.getState();
    if (event.button === 1 || (event.button === 0 && (tool === 'pan' || space))) {
      if (space?.wasPlaying === false) playhead.pause();
      held = { kind: 'pan', last: place, start: place, isMoved: false, deselects: false };
      event.preventDefault();
    } else if (event.button !== 0) return;
    else if (tool === 'draw' && !isReadOnly()) {
      held = { kind: 'tool', start: place };
      tellBoxTool({ type: 'pressToDraw', at: inPicture(place) });
    } else pressSelect(event, place);
    if (held) element.setPointerCapture(event.pointerId);
  };

  const onPointerMove = (event: PointerEvent): void => {
    const place = placeOf(event);
    if (!held) {
      showCursor(place);
      return;
    }
    if (held.kind === 'pan') {
      held.isMoved ||= Math.hypot(place.x - held.start.x, place.y - held.start.y) >= 3;
      if (held.isMoved) panStage(place.x - held.last.x, place.y - held.last.y);
      held.last = place;
      element.style.cursor = 'grabbing';
      return;
    }
    const modifiers = { alt: event.altKey, shift: event.shiftKey };
    const screenDistance = Math.hypot(place.x - held.start.x, place.y - held.start.y);
    tellBoxTool({ type: 'move', at: inPicture(place), screenDistance, modifiers });
  };

  const showCursor = (place: Point): void => {
    const { tool } = viewStore.getState();
    if (tool !== 'select') {
      element.style.cursor = tool === 'draw' ? 'crosshair' : 'grab';
      return;
    }
    if (stageJointAt(place) !== undefined) {
      element.style.cursor = 'pointer';
      return;
    }
    const hit = hitAt(place);
    if (hit?.handle) element.style.cursor = CURSORS[hit.handle];
    else if (hit) element.style.cursor = hit.person.person.id === selectedPersonId() ? 'move' : 'pointer';
    else element.style.cursor = 'default';
  };

  const onPointerUp = (event: PointerEvent): void => {
    const ending = held;
    held = undefined;
    if (ending?.kind === 'tool') tellBoxTool({ type: 'release', lastSize: lastBoxSize() });
    else if (ending?.kind === 'pan' && !ending.isMoved && ending.deselects) selectPerson(undefined);
    showCursor(placeOf(event));
  };

  const onCancel = (): void => {
    if (held?.kind === 'tool') tellBoxTool({ type: 'cancel' });
    held = undefined;
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    // Space plays or pauses when pressed alone; held under the pointer it pans, and playing goes back to what it was.
    if (event.key === ' ' && !event.repeat) space = { wasPlaying: playhead.isPlaying() };
    if (event.key !== 'Escape' || held?.kind !== 'tool') return;
    event.preventDefault();
    onCancel();
  };

  const onKeyUp = (event: KeyboardEvent): void => {
    if (event.key === ' ') space = undefined;
  };

  const onWheel = (event: WheelEvent): void => {
    if (!projectStore.getState().project) return;
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    const rate = event.ctrlKey ? WHEEL_RATE * 4 : WHEEL_RATE;
    zoomStage(Math.exp(-event.deltaY * lines * rate), placeOf(event));
  };

  element.addEventListener('pointerdown', onPointerDown);
  element.addEventListener('pointermove', onPointerMove);
  element.addEventListener('pointerup', onPointerUp);
  element.addEventListener('pointercancel', onCancel);
  element.addEventListener('wheel', onWheel, { passive: false });
  element.addEventListener('contextmenu', onContextMenu, { capture: true });
  window.addEventListener('keydown', onKeyDown, { capture: true });
  window.addEventListener('keyup', onKeyUp);
  return () => {
    onCancel();
    element.removeEventListener('pointerdown', onPointerDown);
    element.removeEventListener('pointermove', onPointerMove);
    element.removeEventListener('pointerup', onPointerUp);
    element.removeEventListener('pointercancel', onCancel);
    element.removeEventListener('wheel', onWheel);
    element.removeEventListener('contextmenu', onContextMenu, { capture: true });
    window.removeEventListener('keydown', onKeyDown, { capture: true });
    window.removeEventListener('keyup', onKeyUp);
  };
}
