import { openDialog, showPage } from '../app/dialogStore';
import { activeRun, cancelJob, runWhatChanged } from '../runs/startRun';
import { redo, undo } from '../session/editing';
import { activeJobs } from '../session/jobNews';
import { closeProject } from '../session/projectSession';
import { projectStore } from '../session/projectStore';
import { viewStore } from '../session/viewStore';
import { openTrackFiles } from '../trackFiles/trackFiles';
import type { Command } from './command';
import { isProjectOpen } from './conditions';

const area = 'Run and project';

function project() {
  return projectStore.getState().project;
}

function mayRun(): boolean {
  return project() !== undefined && project()?.readOnly === undefined && activeRun(project()) === undefined;
}

/** Commands of runs, the undo list, export, and the window. */
export const projectCommands: readonly Command[] = [
  { id: 'run', title: 'Run what changed', area, shortcuts: ['Ctrl+Enter'], when: mayRun, run: () => runWhatChanged() },
  {
    id: 'run-range',
    title: 'Run in to out',
    area,
    shortcuts: ['Ctrl+Shift+Enter'],
    when: () => mayRun() && viewStore.getState().range !== undefined,
    run: () => {
      const { range } = viewStore.getState();
      return runWhatChanged(range ? { span: range } : {});
    },
  },
  {
    id: 'run-person',
    title: 'Run the selected person',
    area,
    shortcuts: [],
    when: () => mayRun() && viewStore.getState().selection.length > 0,
    run: () => runWhatChanged({ people: [...viewStore.getState().selection] }),
  },
  {
    id: 'cancel-job',
    title: 'Cancel the job',
    area,
    shortcuts: ['Ctrl+.'],
    when: () => activeJobs(project()?.jobs ?? []).length > 0,
    run: () => {
      const job = activeJobs(project()?.jobs ?? [])[0];
      return job ? cancelJob(job.id) : undefined;
    },
  },
  {
    id: 'run-options',
    title: 'Run options',
    area,
    shortcuts: [],
    when: isProjectOpen,
    run: () => openDialog('runOptions'),
  },
  { id: 'undo', title: 'Undo', area, shortcuts: ['Ctrl+Z'], when: isProjectOpen, repeats: true, run: () => undo() },
  {
    id: 'redo',
    title: 'Redo',
    area,
    shortcuts: ['Ctrl+Shift+Z', 'Ctrl+Y'],
    when: isProjectOpen,
    repeats: true,
    run: () => redo(),
  },
  { id: 'export', title: 'Export', area, shortcuts: ['Ctrl+E'], when: isProjectOpen, run: () => openDialog('export') },
  {
    id: 'track-files',
    title: 'Track files: take boxes in, write them out',
    area,
    shortcuts: ['Ctrl+Shift+E'],
    when: isProjectOpen,
    run: () => openTrackFiles(),
  },
  {
    id: 'palette',
    title: 'Any command',
    area,
    shortcuts: ['Ctrl+K'],
    when: () => true,
    run: () => openDialog('palette'),
  },
  { id: 'shortcuts', title: 'Shortcuts', area, shortcuts: ['?'], when: () => true, run: () => openDialog('shortcuts') },
  { id: 'models', title: 'Models', area, shortcuts: [], when: () => true, run: () => showPage('models') },
  {
    id: 'diagnostics',
    title: 'Diagnostics',
    area,
    shortcuts: [],
    when: () => true,
    run: () => showPage('diagnostics'),
  },
  {
    id: 'close-project',
    title: 'Close the project',
    area,
    shortcuts: [],
    when: isProjectOpen,
    run: () => closeProject(),
  },
];
