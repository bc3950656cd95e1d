import { NEWEST_RUN } from '#core/protocol/bulkRoutes';
import type { KeptRun } from '#core/protocol/runMessages';
import { askedFrame } from '../playback/editedFrame';
import { editsSettled } from '../session/editing';
import type { EngineClient } from '../session/engineClient';
import { toAppError } from '../session/engineError';
import { announce, dismissNoticesOfEdits, notify } from '../session/notices';
import { type OpenProject, projectStore } from '../session/projectStore';
import { viewStore } from '../session/viewStore';
import {
  areRunsShown,
  comparedPerson,
  comparedRun,
  compareStore,
  type CompareView,
  isComparing,
  type Letter,
} from './compareStore';

/** Does something with the engine; what goes wrong is told, not thrown. */
async function asking<T>(ask: (client: EngineClient, project: OpenProject) => Promise<T>): Promise<T | undefined> {
  const { client, project } = projectStore.getState();
  if (!client || !project) return undefined;
  try {
    return await ask(client, project);
  } catch (error) {
    const problem = toAppError(error);
    notify({ level: 'error', text: problem.message, detail: problem.hint });
    return undefined;
  }
}

/** Opens or closes the compare view. */
export async function showCompare(isOpen: boolean): Promise<void> {
  compareStore.setState({ isOpen });
  if (isOpen) await loadRuns();
}

/** Asks the engine which runs are kept; A and B stay where they can. */
export async function loadRuns(): Promise<void> {
  const runs = await asking((client, { projectId }) => client.runs.kept({ projectId }));
  if (!runs) return;
  const isThere = (id: string | undefined) => id === NEWEST_RUN || runs.some((run) => run.id === id);
  compareStore.setState(({ ids }) => {
    const B = isThere(ids.B) ? ids.B : NEWEST_RUN;
    const A = isThere(ids.A) ? ids.A : runs.findLast(({ id }) => id !== B)?.id;
    return { runs, ids: { A, B } };
  });
}

/** Makes a run A or B; one that is the other already changes places with it. */
export function showAs(letter: Letter, id: string): void {
  compareStore.setState(({ ids }) => {
    const other = letter === 'A' ? 'B' : 'A';
    if (ids[other] !== id) return { ids: { ...ids, [letter]: id } };
    return { ids: { A: ids.B, B: ids.A ?? NEWEST_RUN } };
  });
}

/** A becomes B and B becomes A. */
export function swapRuns(): void {
  const { A } = compareStore.getState().ids;
  if (A !== undefined) showAs('B', A);
}

/** Keeps the bodies as they are, as run A, to be compared with the newest. */
export async function keepAsA(): Promise<void> {
  await editsSettled();
  const run = await asking((client, { projectId }) => client.runs.keep({ projectId }));
  if (!run) return;
  notify({ level: 'info', text: `Kept as ${run.name}; run again to compare with it` });
  compareStore.setState({ ids: { A: run.id, B: NEWEST_RUN } });
  await showCompare(true);
}

/** Names a kept run. */
export async function renameRun(run: string, name: string): Promise<void> {
  if (name.trim() === '') return;
  await asking((client, { projectId }) => client.runs.rename({ projectId, run, name: name.trim() }));
  await loadRuns();
}

/** Takes a kept run away, with a way back. */
export async function removeRun({ id: run, name }: KeptRun): Promise<void> {
  const { ids } = compareStore.getState();
  const removed = await asking((client, { projectId }) => client.runs.remove({ projectId, run }));
  if (!removed) return;
  const restore = async () => {
    await asking((client, { projectId }) => client.runs.restore({ projectId, run }));
    await loadRuns();
    compareStore.setState({ ids });
  };
  notify({ level: 'info', text: `Removed ${name}`, action: { title: 'Undo', run: () => void restore() } });
  await loadRuns();
}

/** Shows A or B in the range between in and out, or on this frame where there is none; an undoable edit. */
export async function chooseSide(letter: Letter): Promise<void> {
  const person = comparedPerson();
  const run = comparedRun(letter);
  if (!run || person === undefined) return;
  const frame = askedFrame();
  const span = viewStore.getState().range ?? { from: frame, to: frame + 1 };
  await chooseRunOn(person, span, run.id);
}

/** Shows a run on some frames of a person; an undoable edit. */
export async function chooseRunOn(person: string, span: { from: number; to: number }, id: string): Promise<void> {
  await editsSettled();
  const run = id === NEWEST_RUN ? null : id;
  dismissNoticesOfEdits();
  await asking((client, { projectId }) => client.runs.choose({ projectId, person, span, run }));
}

const VIEW_SENTENCES: Readonly<Record<CompareView, string>> = {
  ghost: 'A striped over B',
  split: 'A left of the divider, B right of it',
  blink: 'One run at a time',
};

/** Shows the two runs in another way. */
export function showView(view: CompareView): void {
  compareStore.setState({ view });
  announce(VIEW_SENTENCES[view]);
}

/** Opens the compare view; in it, shows the other run in the place of the one that is shown. */
export async function compareOrBlink(): Promise<void> {
  if (!isComparing()) return showCompare(true);
  if (!areRunsShown()) return;
  const { view, blink } = compareStore.getState();
  const next = view === 'blink' && blink === 'A' ? 'B' : 'A';
  compareStore.setState({ view: 'blink', blink: next });
  announce(`${next}, ${comparedRun(next)?.name}`);
}
