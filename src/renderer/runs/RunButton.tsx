import { ChevronDown, Play, RotateCw, Square } from 'lucide-react';
import { openDialog } from '../app/dialogStore';
import { commandById } from '../commands/registry';
import { Button } from '../controls/Button';
import controls from '../controls/controls.module.css';
import { MenuButton } from '../controls/MenuButton';
import { useProject } from '../session/projectStore';
import { useView } from '../session/viewStore';
import { countOf } from '../wording/numbers';
import { activeRun, cancelJob, outOfDateFrames, runState, runWhatChanged, startRun } from './startRun';

function RunMenu({ primary }: { primary: boolean }) {
  const hasRange = useView((state) => state.range !== undefined);
  const hasSelection = useView((state) => state.selection.length > 0);
  const run = (id: string) => () => void commandById(id).run();
  return (
    <MenuButton
      trigger={
        <button
          type="button"
          className={controls['button']}
          data-size="l"
          data-look={primary ? 'primary' : 'neutral'}
          aria-label="Run options"
        >
          <ChevronDown size={14} strokeWidth={1.75} aria-hidden />
        </button>
      }
      groups={[
        {
          entries: [
            { title: 'Run what changed', shortcut: 'Ctrl+Enter', onChoose: run('run') },
            { title: 'Run in to out', shortcut: 'Ctrl+Shift+Enter', disabled: !hasRange, onChoose: run('run-range') },
            { title: 'Run the selected person', disabled: !hasSelection, onChoose: run('run-person') },
            { title: 'Run what is missing', onChoose: () => void startRun('missing') },
          ],
        },
        { entries: [{ title: 'Run options…', onChoose: () => openDialog('runOptions') }] },
      ]}
    />
  );
}

/** Run, resume, or rerun what is out of date; Cancel while a run goes on. */
export function RunButton() {
  const project = useProject((state) => state.project);
  if (!project) return null;
  const job = activeRun(project);
  if (job) {
    return (
      <Button size="l" icon={Square} onClick={() => void cancelJob(job.id)}>
        Cancel run
      </Button>
    );
  }
  const state = runState(project);
  const { frames } = outOfDateFrames(project);
  const rerun = frames === 0 ? 'Rerun' : `Rerun ${countOf(frames, 'frame')}`;
  const primary = state !== 'upToDate';
  const title = state === 'rerun' ? rerun : state === 'resume' ? 'Resume' : 'Run';
  return (
    <span className={controls['split']}>
      <Button
        size="l"
        look={primary ? 'primary' : 'neutral'}
        icon={state === 'rerun' ? RotateCw : Play}
        disabled={project.readOnly !== undefined}
        onClick={() => void runWhatChanged()}
      >
        {title}
      </Button>
      <RunMenu primary={primary} />
    </span>
  );
}
