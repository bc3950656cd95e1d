import { Check, CircleHelp, CloudOff, History as HistoryIcon, LoaderCircle, Redo2, Undo2, Upload } from 'lucide-react';
import { commandById } from '../commands/registry';
import { ModeSwitch } from '../compare/ModeSwitch';
import { Button } from '../controls/Button';
import controls from '../controls/controls.module.css';
import { IconButton } from '../controls/IconButton';
import { MenuButton } from '../controls/MenuButton';
import type { History } from '#core/protocol/messages';
import { runState } from '../runs/startRun';
import { RunButton } from '../runs/RunButton';
import { redo, undo } from '../session/editing';
import { closeProject } from '../session/projectSession';
import { useProject } from '../session/projectStore';
import { useView } from '../session/viewStore';
import { chooseAndOpen } from '../startPage/openMedia';
import text from '../theme/text.module.css';
import { BrandMark } from './BrandMark';
import { DeviceChip } from './DeviceChip';
import { openDialog, showPage, useDialogs } from './dialogStore';
import { useShell } from './shellContext';
import styles from './workspace.module.css';

function SavedState() {
  const unsaved = useProject((state) => state.unsavedEdits);
  const problem = useProject((state) => state.saveProblem);
  const readOnly = useProject((state) => state.project?.readOnly);
  if (readOnly) return <span className={styles['saved']}>Reading only</span>;
  if (problem) {
    return (
      <span className={`${styles['saved']} ${text['warn']}`}>
        <CloudOff size={14} strokeWidth={1.5} aria-hidden />
        Not saved
      </span>
    );
  }
  return (
    <span className={styles['saved']}>
      {unsaved > 0 ? (
        <LoaderCircle size={14} strokeWidth={1.5} aria-hidden />
      ) : (
        <Check size={14} strokeWidth={1.5} aria-hidden />
      )}
      {unsaved > 0 ? 'Saving' : 'Saved'}
    </span>
  );
}

function ProjectName() {
  const name = useProject((state) => state.project?.document.name);
  const folder = useProject((state) => state.project?.folder);
  const theme = useView((state) => state.theme);
  const shell = useShell();
  if (name === undefined) {
    return (
      <div className={styles['project']}>
        <b>Retake</b>
      </div>
    );
  }
  return (
    <MenuButton
      trigger={
        <button type="button" className={styles['project']} aria-label={`Project ${name}`} title={folder}>
          <b>{name}</b>
          <SavedState />
        </button>
      }
      groups={[
        {
          entries: [
            { title: 'Open a video…', onChoose: () => void chooseAndOpen(shell) },
            { title: 'Export…', shortcut: 'Ctrl+E', onChoose: () => openDialog('export') },
          ],
        },
        {
          entries: [
            { title: theme === 'dark' ? 'Light theme' : 'Dark theme', onChoose: () => void commandById('theme').run() },
            { title: 'Models', onChoose: () => showPage('models') },
            { title: 'Diagnostics', onChoose: () => showPage('diagnostics') },
          ],
        },
        { entries: [{ title: 'Close the project', onChoose: () => void closeProject() }] },
      ]}
    />
  );
}

const SHOWN_HISTORY = 40;

function HistoryMenu() {
  const history = useProject((state) => state.project?.history);
  const done = history?.undo.slice(-SHOWN_HISTORY).toReversed() ?? [];
  const undone = history?.redo.slice(-SHOWN_HISTORY) ?? [];
  const entryOf = (step: History['undo'][number], onChoose: () => void) => ({
    id: String(step.seq),
    title: step.label,
    detail: step.frame === undefined || step.label.includes('frame') ? undefined : `frame ${step.frame}`,
    onChoose,
  });
  return (
    <MenuButton
      trigger={
        <button type="button" className={controls['iconButton']} aria-label="History" title="History">
          <HistoryIcon size={16} strokeWidth={1.5} aria-hidden />
        </button>
      }
      groups={[
        ...(undone.length > 0
          ? [
              {
                heading: 'Undone. Redo it and all below',
                entries: undone.map((step) => entryOf(step, () => void redo(step.seq))),
              },
            ]
          : []),
        {
          heading: done.length === 0 ? 'No edits yet' : 'Done. Undo it and all above',
          entries: done.map((step) => entryOf(step, () => void undo(step.seq))),
        },
      ]}
    />
  );
}

function UndoButtons() {
  const history = useProject((state) => state.project?.history);
  const last = history?.undo.at(-1);
  const next = history?.redo.at(-1);
  return (
    <>
      <IconButton
        icon={Undo2}
        label={last ? `Undo: ${last.label}` : 'Undo'}
        shortcut="Ctrl+Z"
        disabled={!last}
        onClick={() => void undo()}
      />
      <IconButton
        icon={Redo2}
        label={next ? `Redo: ${next.label}` : 'Redo'}
        shortcut="Ctrl+Shift+Z"
        disabled={!next}
        onClick={() => void redo()}
      />
      <HistoryMenu />
    </>
  );
}

function ExportButton() {
  const project = useProject((state) => state.project);
  const isPrimary = project !== undefined && runState(project) === 'upToDate';
  return (
    <Button look={isPrimary ? 'primary' : 'neutral'} size="l" icon={Upload} onClick={() => openDialog('export')}>
      Export
    </Button>
  );
}

/** Project, saved state, undo, device, run and export. */
export function TopBar() {
  const isOpen = useProject((state) => state.project !== undefined);
  const page = useDialogs((state) => state.page);
  const name = useProject((state) => state.project?.document.name);
  return (
    <header className={styles['topbar']} data-region="top">
      <BrandMark />
      <ProjectName />
      {isOpen && page === 'workspace' && (
        <>
          <span className={controls['separator']} />
          <UndoButtons />
        </>
      )}
      <span className={text['grow']} />
      {isOpen && page === 'workspace' && <ModeSwitch />}
      <span className={text['grow']} />
      <DeviceChip />
      {page !== 'workspace' && (
        <Button size="l" onClick={() => showPage('workspace')}>
          {name === undefined ? 'Back' : `Back to ${name}`}
        </Button>
      )}
      {isOpen && page === 'workspace' && (
        <>
          <RunButton />
          <ExportButton />
        </>
      )}
      <IconButton
        icon={CircleHelp}
        label="Shortcuts and help"
        shortcut="?"
        onClick={() => void commandById('shortcuts').run()}
      />
    </header>
  );
}
