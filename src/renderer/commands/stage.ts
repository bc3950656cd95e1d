import type { BoxEdit } from '#core/tracks/boxEdit';
import { planBackToDetected, planDeleteBox, planOutsideFrom, planToggleKeyframe } from '#core/tracks/boxEdits';
import { applyBoxEdit, boxToolStore, editSelectedBoxByKeyboard, nudgeSelectedBox, placeBox } from '../boxes/boxEditing';
import { followSelected } from '../boxes/followBox';
import { askedFrame } from '../playback/editedFrame';
import { proposeCopy, proposeInterpolation } from '../proposals/boxProposals';
import { announce } from '../session/notices';
import { effectiveBox, type OpenProject, projectStore } from '../session/projectStore';
import { selectedPersonId, type StageTool, toggleKeepSquare, viewStore } from '../session/viewStore';
import { fitStage, showActualPixels, stageStore, ZOOM_STEP, zoomStage } from '../stage/stageStore';
import { toPicture } from '../stage/stageView';
import type { Command } from './command';
import { canEditPerson, isProjectOpen, isRegionFocused, whyNotEdit } from './conditions';

/** Plans an edit for the selected person on the frame asked for and makes it, or says why there is nothing to do. */
function editSelected(
  plan: (project: OpenProject, person: string, frame: number) => BoxEdit | undefined,
  otherwise: string,
): void {
  const { project } = projectStore.getState();
  const person = selectedPersonId();
  if (!project || person === undefined) return;
  if (!applyBoxEdit(plan(project, person, askedFrame()))) announce(otherwise);
}

function hasBox(): boolean {
  const person = selectedPersonId();
  return canEditPerson() && person !== undefined && effectiveBox(person, askedFrame()) !== undefined;
}

/** Why {@link hasBox} says no. */
function whyNoBox(): string | undefined {
  return whyNotEdit() ?? (canEditPerson() && !hasBox() ? 'No box on this frame' : undefined);
}

const isIdle = () => boxToolStore.getState().tool.kind === 'idle';

function toolCommand(tool: StageTool, title: string, shortcut: string): Command {
  return {
    id: `tool-${tool}`,
    title,
    area: 'Boxes',
    shortcuts: [shortcut],
    when: () => isProjectOpen() && isIdle(),
    run: () => viewStore.setState({ tool }),
  };
}

function nudgeCommand(name: string, key: string, dx: number, dy: number, size: number): Command {
  return {
    id: `nudge-box-${name}-${size}`,
    title: `Nudge box ${name}, ${size} px`,
    area: 'Boxes',
    shortcuts: [size === 1 ? `Ctrl+${key}` : `Ctrl+Shift+${key}`],
    when: () => isIdle() && hasBox(),
    whyNot: whyNoBox,
    run: () => nudgeSelectedBox(dx * size, dy * size),
    repeats: true,
  };
}

const nudges: readonly Command[] = [1, 10].flatMap((size) => [
  nudgeCommand('left', 'ArrowLeft', -1, 0, size),
  nudgeCommand('right', 'ArrowRight', 1, 0, size),
  nudgeCommand('up', 'ArrowUp', 0, -1, size),
  nudgeCommand('down', 'ArrowDown', 0, 1, size),
]);

/** With the draw tool in hand: a box in the middle of what the stage shows. */
function placeBoxInMiddle(): void {
  const { view, size } = stageStore.getState();
  placeBox(toPicture(view, { x: size.width / 2, y: size.height / 2 }));
}

/** Commands of the video stage and of box editing there. */
export const stageCommands: readonly Command[] = [
  toolCommand('select', 'Select boxes', 'V'),
  toolCommand('draw', 'Draw a box', 'B'),
  toolCommand('pan', 'Pan the video', 'H'),
  {
    id: 'tool-leave',
    title: 'Back to selecting boxes',
    area: 'Boxes',
    shortcuts: ['Escape'],
    when: () => isProjectOpen() && isIdle() && viewStore.getState().tool !== 'select',
    run: () => viewStore.setState({ tool: 'select' }),
  },
  {
    id: 'box-place-in-middle',
    title: 'Place a box in the middle of the view',
    area: 'Boxes',
    shortcuts: ['Enter'],
    when: () =>
      isProjectOpen() &&
      isIdle() &&
      viewStore.getState().tool === 'draw' &&
      projectStore.getState().project?.readOnly === undefined,
    run: placeBoxInMiddle,
  },
  {
    id: 'box-edit-by-keyboard',
    title: 'Edit box by keyboard',
    area: 'Boxes',
    shortcuts: ['Enter'],
    when: () => isIdle() && hasBox() && viewStore.getState().overlays.boxes,
    run: editSelectedBoxByKeyboard,
  },
  ...nudges,
  {
    id: 'box-toggle-keyframe',
    title: 'Set or remove keyframe',
    area: 'Boxes',
    shortcuts: ['Q'],
    when: () => isIdle() && hasBox(),
    whyNot: whyNoBox,
    run: () =>
      editSelected(
        ({ document, tracks }, person, frame) => planToggleKeyframe(document, tracks, person, frame),
        'No box on this frame',
      ),
  },
  {
    id: 'box-interpolate',
    title: 'Interpolate between keyframes',
    area: 'Boxes',
    shortcuts: ['Shift+Q'],
    when: () => isIdle() && canEditPerson(),
    whyNot: whyNotEdit,
    run: proposeInterpolation,
  },
  {
    id: 'box-copy-forward',
    title: 'Propagate to next frames',
    area: 'Boxes',
    shortcuts: ['P'],
    when: () => isIdle() && hasBox(),
    whyNot: whyNoBox,
    run: proposeCopy,
  },
  {
    id: 'box-follow-forward',
    title: 'Follow from this box',
    area: 'Boxes',
    shortcuts: ['Shift+P'],
    when: () => isIdle() && hasBox(),
    whyNot: whyNoBox,
    run: () => followSelected('forward'),
  },
  {
    id: 'box-follow-backward',
    title: 'Follow back from this box',
    area: 'Boxes',
    shortcuts: ['Alt+P'],
    when: () => isIdle() && hasBox(),
    whyNot: whyNoBox,
    run: () => followSelected('backward'),
  },
  {
    id: 'box-keep-square',
    title: 'Keep boxes square',
    area: 'Boxes',
    shortcuts: ['Shift+K'],
    when: isProjectOpen,
    run: toggleKeepSquare,
  },
  {
    id: 'box-outside-from',
    title: 'Outside from here, or back in',
    area: 'Boxes',
    shortcuts: ['U'],
    onRelease: true,
    when: () => isIdle() && canEditPerson(),
    whyNot: whyNotEdit,
    run: () =>
      editSelected(({ document }, person, frame) => planOutsideFrom(document, person, frame), 'Nothing to change here'),
  },
  {
    id: 'box-back-to-detected',
    title: 'Back to detected, in the range',
    area: 'Boxes',
    shortcuts: ['Backspace'],
    when: () => isIdle() && canEditPerson(),
    whyNot: whyNotEdit,
    run: () =>
      editSelected(({ document }, person, frame) => {
        const span = viewStore.getState().range ?? { from: frame, to: frame + 1 };
        return planBackToDetected(document, person, span);
      }, 'Already as detected'),
  },
  {
    id: 'box-delete',
    title: 'Delete box in this frame',
    area: 'Boxes',
    shortcuts: ['Delete'],
    when: () => isIdle() && hasBox(),
    whyNot: whyNoBox,
    run: () =>
      editSelected(
        ({ document, tracks }, person, frame) => planDeleteBox(document, tracks, person, frame),
        'No box on this frame',
      ),
  },
  {
    id: 'stage-fit',
    title: 'Fit the video',
    area: 'See',
    shortcuts: ['F'],
    when: isProjectOpen,
    run: fitStage,
  },
  {
    id: 'stage-actual-size',
    title: 'Show the video at 100 %',
    area: 'See',
    shortcuts: ['0'],
    when: isProjectOpen,
    run: showActualPixels,
  },
  {
    id: 'stage-zoom-in',
    title: 'Zoom into the video',
    area: 'See',
    shortcuts: ['Ctrl++'],
    when: () => isProjectOpen() && isRegionFocused('stage'),
    run: () => zoomStage(ZOOM_STEP),
    repeats: true,
  },
  {
    id: 'stage-zoom-out',
    title: 'Zoom out of the video',
    area: 'See',
    shortcuts: ['Ctrl+-'],
    when: () => isProjectOpen() && isRegionFocused('stage'),
    run: () => zoomStage(1 / ZOOM_STEP),
    repeats: true,
  },
];
