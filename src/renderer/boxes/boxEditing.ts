import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Box } from '#core/tracks/box';
import type { BoxEdit } from '#core/tracks/boxEdit';
import { planNewPerson } from '#core/tracks/boxEdits';
import { askedFrame, standOn } from '../playback/editedFrame';
import { presentation } from '../playback/presentation';
import { applyEdit } from '../session/editing';
import { announce } from '../session/notices';
import { effectiveBox, personById, projectStore } from '../session/projectStore';
import { selectedPersonId, selectPerson, viewStore } from '../session/viewStore';
import { HANDLES, movedBox, type Point, squaredBox } from './boxGeometry';
import { beginBoxGesture, type BoxGesture } from './boxGesture';
import { type BoxToolEffect, type BoxToolEvent, type BoxToolState, IDLE_BOX_TOOL, stepBoxTool } from './boxTool';

/** What the box tool is doing, for drawing it. */
export const boxToolStore = createStore<{ tool: BoxToolState }>(() => ({ tool: IDLE_BOX_TOOL }));

/** Reads the state of the box tool in a component. */
export function useBoxTool(): BoxToolState {
  return useStore(boxToolStore, (state) => state.tool);
}

let gesture: BoxGesture | undefined;
/** Frame of the picture that a press or the keyboard edit began on: a picture that arrives later does not change it. */
let frameInHand = 0;
let gestureVerb: 'Move' | 'Resize' = 'Move';
let nudging: { gesture: BoxGesture; person: string; frame: number; box: Box } | undefined;

/** Makes a planned edit at once. Returns false where there was nothing to do. */
export function applyBoxEdit(edit: BoxEdit | undefined): boolean {
  finishNudge();
  if (!edit) return false;
  applyEdit(edit.label, edit.frame, edit.recipe, edit.person);
  announce(edit.label);
  return true;
}

/** Sends an event to the box tool and does what comes of it. */
export function tellBoxTool(event: BoxToolEvent): void {
  const { project } = projectStore.getState();
  if (!project) return;
  if (event.type === 'pressBox' || event.type === 'pressToDraw') frameInHand = presentation.frame();
  const { state, effects } = stepBoxTool(boxToolStore.getState().tool, event, project.media);
  boxToolStore.setState({ tool: state });
  for (const effect of effects) perform(effect);
}

function perform(effect: BoxToolEffect): void {
  switch (effect.type) {
    case 'begin':
      finishNudge();
      gestureVerb = effect.verb;
      gesture = beginBoxGesture(effect.person, standOn(frameInHand), effect.verb);
      return;
    case 'update':
      gesture?.update(squareWhereKept(effect.box));
      return;
    case 'commit':
      gesture?.commit();
      gesture = undefined;
      return;
    case 'cancel':
      gesture?.cancel();
      gesture = undefined;
      announce('Box put back');
      return;
    case 'create':
      createPerson(effect.box, frameInHand);
      return;
    case 'announceBox':
      announce(sayBox(effect.box, effect.handle));
  }
}

/** While boxes are kept square, resizing keeps the edges away from the handle where they are. */
function squareWhereKept(box: Box): Box {
  const { tool } = boxToolStore.getState();
  const handle = tool.kind === 'dragging' || tool.kind === 'keyboard' ? tool.handle : undefined;
  return gestureVerb === 'Resize' && viewStore.getState().keepSquare ? squaredBox(box, handle) : box;
}

/** Places a box of the usual size around a point of the upright picture, on the frame that a command means. */
export function placeBox(at: Point): void {
  tellBoxTool({ type: 'pressToDraw', at });
  frameInHand = askedFrame();
  tellBoxTool({ type: 'release', lastSize: lastBoxSize(frameInHand) });
}

function createPerson(box: Box, frame: number): void {
  const { project } = projectStore.getState();
  if (!project) return;
  const edit = planNewPerson(project.document, standOn(frame), box);
  if (!edit) return;
  applyBoxEdit(edit);
  selectPerson(edit.person);
  viewStore.setState({ tool: 'select' });
}

function sayBox(box: Box, handle: string | undefined): string {
  const name = HANDLES.find((entry) => entry.id === handle)?.name;
  const numbers = `x ${box.x.toFixed(0)}, y ${box.y.toFixed(0)}, width ${box.width.toFixed(0)}, height ${box.height.toFixed(0)} px`;
  return name ? `Handle ${name}, ${numbers}` : numbers;
}

/** The size that a click with the draw tool places: that of the selected box, else a person in this picture. */
export function lastBoxSize(frame = presentation.frame()): { width: number; height: number } {
  const selected = selectedPersonId();
  const box = selected === undefined ? undefined : effectiveBox(selected, frame)?.box;
  if (box) return { width: box.width, height: box.height };
  const { width = 640, height = 360 } = projectStore.getState().project?.media ?? {};
  const side = Math.min(width, height) * 0.45;
  return { width: side * 0.45, height: side };
}

/** Ends a nudge when the modifier is let go, so that all arrows pressed under it are one step. */
function onKeyUp(event: KeyboardEvent): void {
  if (event.key === 'Control' || event.key === 'Meta') finishNudge();
}

/** Moves the selected person's box by px. All presses until Ctrl is let go are one step. */
export function nudgeSelectedBox(dx: number, dy: number): void {
  const person = selectedPersonId();
  if (person === undefined || personById(person)?.locked !== false) return;
  if (nudging && (nudging.person !== person || nudging.frame !== askedFrame())) finishNudge();
  if (!nudging) {
    const frame = standOn(askedFrame());
    const box = effectiveBox(person, frame)?.box;
    if (!box) return announce('No box on this frame');
    nudging = { gesture: beginBoxGesture(person, frame), person, frame, box };
    window.addEventListener('keyup', onKeyUp);
    window.addEventListener('blur', finishNudge);
  }
  nudging.box = movedBox(nudging.box, dx, dy);
  nudging.gesture.update(nudging.box);
}

/** Keeps a nudge that is still in hand. */
export function finishNudge(): void {
  const ending = nudging;
  nudging = undefined;
  if (!ending) return;
  window.removeEventListener('keyup', onKeyUp);
  window.removeEventListener('blur', finishNudge);
  ending.gesture.commit();
  announce(sayBox(ending.box, undefined));
}

/** Begins the keyboard edit of the selected person's box. */
export function editSelectedBoxByKeyboard(): void {
  const person = selectedPersonId();
  if (person === undefined || personById(person)?.locked !== false) return;
  finishNudge();
  frameInHand = standOn(askedFrame());
  const box = effectiveBox(person, frameInHand)?.box;
  if (!box) return announce('No box on this frame');
  tellBoxTool({ type: 'editByKeyboard', person, box });
}
