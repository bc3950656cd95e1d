import { BODY_STEPS } from '#core/body/bodySteps';
import { viewStore } from '../session/viewStore';
import { STEP_TITLES } from '../viewport/stepTitles';
import { SWITCHES } from '../viewport/switches';
import { type ViewDirection, toggleViewport, viewportActions, viewportStore } from '../viewport/viewportStore';
import type { Command } from './command';
import { isProjectOpen } from './conditions';

const canShow = () => isProjectOpen() && viewportActions() !== undefined;

type Fixed = Exclude<ViewDirection, 'perspective'>;

/** Looks from a side; from the opposite one when it looks from there already. */
function lookCommand(id: string, title: string, shortcut: string, side: Fixed, opposite: Fixed): Command {
  return {
    id,
    title,
    area: 'See',
    shortcuts: [shortcut],
    when: canShow,
    run: () => viewportActions()?.look(viewportStore.getState().direction === side ? opposite : side),
  };
}

/** Commands of the 3D viewport. */
export const viewportCommands: readonly Command[] = [
  lookCommand('view-front', '3D from the front, again: from the back', 'Shift+F', 'front', 'back'),
  lookCommand('view-side', '3D from the side, again: from the other side', 'Shift+S', 'right', 'left'),
  lookCommand('view-top', '3D from the top, again: from below', 'Shift+T', 'top', 'bottom'),
  {
    id: 'view-camera',
    title: 'Look through the video camera',
    area: 'See',
    shortcuts: ['C'],
    when: canShow,
    run: () => viewportActions()?.look('camera'),
  },
  {
    id: 'view-frame-selection',
    title: 'Frame the selection in 3D',
    area: 'See',
    shortcuts: ['Z'],
    when: canShow,
    run: () => viewportActions()?.frameSelection(),
  },
  ...SWITCHES.map(
    ({ id, command, title, shortcut }): Command => ({
      id: command,
      title,
      area: 'See',
      shortcuts: [shortcut],
      when: canShow,
      run: () => toggleViewport(id),
    }),
  ),
  ...BODY_STEPS.map(
    (step, index): Command => ({
      id: `view-step-${step}`,
      title: `Body up to SMPL's step ${STEP_TITLES[step].toLowerCase()}`,
      area: 'See',
      shortcuts: [`Alt+${index + 1}`],
      when: canShow,
      run: () => viewStore.setState({ bodyStep: step }),
    }),
  ),
];
