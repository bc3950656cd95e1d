import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { type JointDifference, jointDifference, peaks } from '#core/compare/jointDifference';
import { bulkRoutes, type MotionMeta, NEWEST_RUN } from '#core/protocol/bulkRoutes';
import type { KeptRun } from '#core/protocol/runMessages';
import { type MotionPiece, readMotionPiece } from '../playback/motionSource';
import { playhead } from '../playback/playhead';
import { fetchBundle } from '../session/bulk';
import { editsSettled } from '../session/editing';
import { toAppError } from '../session/engineError';
import { notify } from '../session/notices';
import { projectStore } from '../session/projectStore';
import { selectedPersonId, viewStore } from '../session/viewStore';

/** Two places of difference closer than this, in frames, are one. */
const APART = 12;
/** Mean difference below this, mm, is not worth a stop. */
const LEAST_MM = 5;

/** Motion of one person in the two runs, over the whole clip. */
interface Compared {
  person: string;
  a: MotionPiece;
  b: MotionPiece;
  difference: JointDifference;
  /** Frames where the runs differ most, worst first. */
  worst: number[];
}

/** What the compare view shows. */
export interface CompareState {
  isOpen: boolean;
  /** Oldest first. */
  runs: readonly KeptRun[];
  /** Id of the kept run that is A; B is the newest run. */
  a: string | undefined;
  compared: Compared | undefined;
}

/** The one store of the compare view. */
export const compareStore = createStore<CompareState>(() => ({
  isOpen: false,
  runs: [],
  a: undefined,
  compared: undefined,
}));

/** Reads a part of it in a component. */
export function useCompare<T>(selector: (state: CompareState) => T): T {
  return useStore(compareStore, selector);
}

/** True while two runs are compared. */
export function isComparing(): boolean {
  return compareStore.getState().isOpen && projectStore.getState().project !== undefined;
}

/** The person who is compared: the selected one, else the first. */
export function comparedPerson(): string | undefined {
  const people = projectStore.getState().project?.document.people ?? [];
  return selectedPersonId() ?? people.find(({ foldedBecause }) => foldedBecause === undefined)?.id;
}

/** Does something with the engine; what goes wrong is told, not thrown. */
async function asking<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    const problem = toAppError(error);
    notify({ level: 'error', text: problem.message, detail: problem.hint });
    return undefined;
  }
}

/** Opens or closes the compare view. */
export async function toggleCompare(): Promise<void> {
  if (compareStore.getState().isOpen) {
    compareStore.setState({ isOpen: false, compared: undefined });
    return;
  }
  compareStore.setState({ isOpen: true });
  await loadRuns();
}

async function loadRuns(): Promise<void> {
  const { client, project } = projectStore.getState();
  if (!client || !project) return;
  const runs = await asking(() => client.runs.kept({ projectId: project.projectId }));
  if (!runs) return;
  const { a } = compareStore.getState();
  const chosen = runs.some(({ id }) => id === a) ? a : runs.at(-1)?.id;
  compareStore.setState({ runs, a: chosen });
  await loadCompared();
}

/** Makes a kept run A. */
export async function showAsA(run: string): Promise<void> {
  compareStore.setState({ a: run, compared: undefined });
  await loadCompared();
}

/** Keeps the bodies as they are, as run A. */
export async function keepAsA(): Promise<void> {
  const { client, project } = projectStore.getState();
  if (!client || !project) return;
  await editsSettled();
  const run = await asking(() => client.runs.keep({ projectId: project.projectId }));
  if (!run) return;
  notify({ level: 'info', text: `Kept as ${run.name}; run again to compare with it` });
  compareStore.setState({ a: run.id });
  await loadRuns();
}

/** Names a kept run. */
export async function renameRun(run: string, name: string): Promise<void> {
  const { client, project } = projectStore.getState();
  if (!client || !project || name.trim() === '') return;
  await asking(() => client.runs.rename({ projectId: project.projectId, run, name: name.trim() }));
  await loadRuns();
}

/** Takes a kept run away, with a way back. */
export async function removeRun(run: KeptRun): Promise<void> {
  const { client, project } = projectStore.getState();
  if (!client || !project) return;
  const { projectId } = project;
  const removed = await asking(() => client.runs.remove({ projectId, run: run.id }));
  if (!removed) return;
  const restore = () => void asking(() => client.runs.restore({ projectId, run: run.id })).then(() => loadRuns());
  notify({ level: 'info', text: `Removed ${run.name}`, action: { title: 'Undo', run: restore } });
  await loadRuns();
}

let loading: AbortController | undefined;

/** Fetches both motions of the compared person and compares them. */
export async function loadCompared(): Promise<void> {
  loading?.abort();
  const controller = new AbortController();
  loading = controller;
  const { project } = projectStore.getState();
  const { a, isOpen, runs } = compareStore.getState();
  const person = comparedPerson();
  const run = runs.find(({ id }) => id === a);
  const versionA = run?.people.find((entry) => entry.person === person)?.version;
  const versionB = project?.results.people.find((entry) => entry.person === person)?.version;
  if (!isOpen || !project || !run || person === undefined || versionA === undefined || !versionB) {
    compareStore.setState({ compared: undefined });
    return;
  }
  const pieceOf = async (id: string, version: number) => {
    const { projectId, media } = project;
    const address = bulkRoutes.keptMotion(projectId, id, person, 0, media.frameCount, version);
    return readMotionPiece(await fetchBundle<MotionMeta>(address, controller.signal));
  };
  try {
    const [pieceA, pieceB] = await Promise.all([pieceOf(run.id, versionA), pieceOf(NEWEST_RUN, versionB)]);
    if (controller.signal.aborted) return;
    const difference = jointDifference(pieceA, pieceB);
    const worst = peaks(difference.mean, APART, LEAST_MM);
    compareStore.setState({ compared: { person, a: pieceA, b: pieceB, difference, worst } });
  } catch {
    if (!controller.signal.aborted) compareStore.setState({ compared: undefined });
  }
}

/** Goes to the next place where the runs differ, in order of time, around the end. */
export function goToDifference(step: 1 | -1): void {
  const places = [...(compareStore.getState().compared?.worst ?? [])].sort((x, y) => x - y);
  const frame = playhead.frame();
  const ahead = step > 0 ? places.find((place) => place > frame) : places.findLast((place) => place < frame);
  const next = ahead ?? (step > 0 ? places[0] : places.at(-1));
  if (next === undefined) notify({ level: 'info', text: `The two runs do not differ by more than ${LEAST_MM} mm` });
  else playhead.seek(next);
}

/** Shows A, or the newest run, in the range between in and out, or on this frame where there is none. */
export async function chooseSide(side: 'a' | 'b'): Promise<void> {
  const { client, project } = projectStore.getState();
  const { a } = compareStore.getState();
  const person = comparedPerson();
  if (!client || !project || !a || person === undefined) return;
  await editsSettled();
  const frame = playhead.frame();
  const span = viewStore.getState().range ?? { from: frame, to: frame + 1 };
  const run = side === 'a' ? a : null;
  await asking(() => client.runs.choose({ projectId: project.projectId, person, span, run }));
}

/** Lets the compare view follow project and selection; returns how to stop. */
export function followCompared(): () => void {
  const versionOf = (person: string | undefined) =>
    projectStore.getState().project?.results.people.find((entry) => entry.person === person)?.version;
  let shown = '';
  const follow = () => {
    const person = comparedPerson();
    const now = `${person} ${versionOf(person)}`;
    if (now === shown) return;
    shown = now;
    void loadCompared();
  };
  const ends = [projectStore.subscribe(follow), viewStore.subscribe(follow)];
  follow();
  return () => ends.forEach((end) => end());
}
