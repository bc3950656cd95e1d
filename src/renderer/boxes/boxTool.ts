import type { Box } from '#core/tracks/box';
import { boxAround, boxBetween, type HandleId, movedBox, type Point, resizedBox } from './boxGeometry';

/** Keys held while the pointer moves. */
export interface Modifiers {
  alt: boolean;
  shift: boolean;
}

/** What the tool is doing. Places and boxes are px of the upright picture. */
export type BoxToolState =
  | { kind: 'idle' }
  /** Pointer down, not yet far enough for a drag. */
  | { kind: 'pressed'; at: Point; person: string; box: Box; handle: HandleId | undefined }
  | { kind: 'dragging'; at: Point; person: string; start: Box; box: Box; handle: HandleId | undefined }
  | { kind: 'drawing'; at: Point; box: Box; isDragged: boolean }
  | { kind: 'keyboard'; person: string; start: Box; box: Box; handle: HandleId | undefined; isChanged: boolean };

/** What happens to the tool. Distances for the drag threshold are screen px. */
export type BoxToolEvent =
  | { type: 'pressBox'; at: Point; person: string; box: Box; handle: HandleId | undefined; isLocked: boolean }
  | { type: 'pressToDraw'; at: Point }
  | { type: 'move'; at: Point; screenDistance: number; modifiers: Modifiers }
  | { type: 'release'; lastSize: { width: number; height: number } }
  | { type: 'cancel' }
  | { type: 'editByKeyboard'; person: string; box: Box }
  | { type: 'nudge'; dx: number; dy: number; modifiers: Modifiers }
  | { type: 'nextHandle'; step: 1 | -1 }
  | { type: 'keep' };

/** What the tool wants done, in order. `begin`, `update`, `commit` and `cancel` are one gesture: one undo step. */
export type BoxToolEffect =
  | { type: 'begin'; person: string; verb: 'Move' | 'Resize' }
  | { type: 'update'; person: string; box: Box }
  | { type: 'commit' }
  | { type: 'cancel' }
  | { type: 'create'; box: Box }
  | { type: 'announceBox'; box: Box; handle: HandleId | undefined };

/** The next state and what to do. */
export interface BoxToolStep {
  state: BoxToolState;
  effects: BoxToolEffect[];
}

/** Screen px that the pointer must travel before a press becomes a drag. */
export const DRAG_THRESHOLD = 3;

/** Order in which Tab walks the handles: undefined is the whole box. */
const KEYBOARD_ORDER: readonly (HandleId | undefined)[] = [undefined, 'nw', 'n', 'ne', 'e', 'se', 's', 'sw', 'w'];

const idle: BoxToolState = { kind: 'idle' };

/** The state in which nothing is going on. */
export const IDLE_BOX_TOOL: BoxToolState = idle;

function stay(state: BoxToolState): BoxToolStep {
  return { state, effects: [] };
}

/**
 * The box tool as a pure machine. `media` is the size of the picture in px: drawn boxes are kept inside it.
 */
export function stepBoxTool(
  state: BoxToolState,
  event: BoxToolEvent,
  media: { width: number; height: number },
): BoxToolStep {
  switch (event.type) {
    case 'pressBox':
      if (state.kind !== 'idle' || event.isLocked) return stay(state);
      return stay({ kind: 'pressed', at: event.at, person: event.person, box: event.box, handle: event.handle });
    case 'pressToDraw':
      if (state.kind !== 'idle') return stay(state);
      return stay({ kind: 'drawing', at: event.at, box: boxBetween(event.at, event.at, media), isDragged: false });
    case 'move':
      return moved(state, event, media);
    case 'release':
      return released(state, event.lastSize, media);
    case 'cancel':
      return cancelled(state);
    case 'editByKeyboard':
      if (state.kind !== 'idle') return stay(state);
      return {
        state: {
          kind: 'keyboard',
          person: event.person,
          start: event.box,
          box: event.box,
          handle: undefined,
          isChanged: false,
        },
        effects: [{ type: 'announceBox', box: event.box, handle: undefined }],
      };
    case 'nudge':
      return nudged(state, event);
    case 'nextHandle':
      return walked(state, event.step);
    case 'keep':
      if (state.kind !== 'keyboard') return stay(state);
      return { state: idle, effects: state.isChanged ? [{ type: 'commit' }] : [] };
  }
}

function draggedBox(start: Box, handle: HandleId | undefined, dx: number, dy: number, modifiers: Modifiers): Box {
  if (handle === undefined) return movedBox(start, dx, dy);
  return resizedBox(start, handle, dx, dy, { fromCentre: modifiers.alt, keepShape: modifiers.shift });
}

function moved(
  state: BoxToolState,
  event: Extract<BoxToolEvent, { type: 'move' }>,
  media: { width: number; height: number },
): BoxToolStep {
  const { at, modifiers } = event;
  if (state.kind === 'drawing') {
    const isDragged = state.isDragged || event.screenDistance >= DRAG_THRESHOLD;
    return stay({ ...state, box: boxBetween(state.at, at, media), isDragged });
  }
  if (state.kind === 'pressed') {
    if (event.screenDistance < DRAG_THRESHOLD) return stay(state);
    const { person, handle } = state;
    const box = draggedBox(state.box, handle, at.x - state.at.x, at.y - state.at.y, modifiers);
    return {
      state: { kind: 'dragging', at: state.at, person, start: state.box, box, handle },
      effects: [
        { type: 'begin', person, verb: handle === undefined ? 'Move' : 'Resize' },
        { type: 'update', person, box },
      ],
    };
  }
  if (state.kind === 'dragging') {
    const box = draggedBox(state.start, state.handle, at.x - state.at.x, at.y - state.at.y, modifiers);
    return { state: { ...state, box }, effects: [{ type: 'update', person: state.person, box }] };
  }
  return stay(state);
}

function released(
  state: BoxToolState,
  lastSize: { width: number; height: number },
  media: { width: number; height: number },
): BoxToolStep {
  if (state.kind === 'pressed') return stay(idle);
  if (state.kind === 'dragging') return { state: idle, effects: [{ type: 'commit' }] };
  if (state.kind === 'drawing') {
    const around = boxAround(state.at, lastSize);
    const corner = { x: around.x + around.width, y: around.y + around.height };
    const box = state.isDragged ? state.box : boxBetween(around, corner, media);
    return { state: idle, effects: [{ type: 'create', box }] };
  }
  return stay(state);
}

function cancelled(state: BoxToolState): BoxToolStep {
  const isGesture = state.kind === 'dragging' || (state.kind === 'keyboard' && state.isChanged);
  return { state: idle, effects: isGesture ? [{ type: 'cancel' }] : [] };
}

function nudged(state: BoxToolState, event: Extract<BoxToolEvent, { type: 'nudge' }>): BoxToolStep {
  if (state.kind !== 'keyboard') return stay(state);
  const { person, handle } = state;
  const options: Modifiers = { alt: event.modifiers.alt, shift: false };
  const box = draggedBox(state.box, handle, event.dx, event.dy, options);
  const begin: BoxToolEffect[] = state.isChanged
    ? []
    : [{ type: 'begin', person, verb: handle === undefined ? 'Move' : 'Resize' }];
  return {
    state: { ...state, box, isChanged: true },
    effects: [...begin, { type: 'update', person, box }, { type: 'announceBox', box, handle }],
  };
}

function walked(state: BoxToolState, step: 1 | -1): BoxToolStep {
  if (state.kind !== 'keyboard') return stay(state);
  const count = KEYBOARD_ORDER.length;
  const handle = KEYBOARD_ORDER[(KEYBOARD_ORDER.indexOf(state.handle) + step + count) % count];
  return { state: { ...state, handle }, effects: [{ type: 'announceBox', box: state.box, handle }] };
}
