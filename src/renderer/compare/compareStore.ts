import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { CurveJoint, JointDifference } from '#core/compare/jointDifference';
import type { RunSettings } from '#core/document/schema';
import { NEWEST_RUN } from '#core/protocol/bulkRoutes';
import type { KeptRun } from '#core/protocol/runMessages';
import { type OpenProject, projectStore } from '../session/projectStore';
import { selectedPersonId } from '../session/viewStore';
import type { RunMotion } from './runMotion';

/** Two runs side by side in time: A and B. */
export type Letter = 'A' | 'B';
/** How two runs are shown: both at once, either side of a divider, or one in the place of the other. */
export type CompareView = 'ghost' | 'split' | 'blink';
/** What of a joint is compared; a key of {@link JointDifference}. */
export type Measure = keyof JointDifference;

/** Motion of one person in the two runs over the whole clip, and how it differs. */
export interface Compared {
  person: string;
  motions: Readonly<Record<Letter, RunMotion>>;
  difference: JointDifference;
}

/** What the compare view shows. */
export interface CompareState {
  isOpen: boolean;
  /** Oldest first. */
  runs: readonly KeptRun[];
  /** Ids of the two runs; {@link NEWEST_RUN} for the newest. A is undefined while no run is kept. */
  ids: { A: string | undefined; B: string };
  view: CompareView;
  /** Whom blinking shows. */
  blink: Letter;
  /** Where the divider stands, 0 (left) to 1. */
  divider: number;
  measure: Measure;
  joint: CurveJoint;
  isLoading: boolean;
  compared: Compared | undefined;
  /** Why the two cannot be compared, in a sentence. */
  problem: string | undefined;
}

/** Nothing is compared. */
export const INITIAL_COMPARE_STATE: CompareState = {
  isOpen: false,
  runs: [],
  ids: { A: undefined, B: NEWEST_RUN },
  view: 'ghost',
  blink: 'A',
  divider: 0.5,
  measure: 'distances',
  joint: 'mean',
  isLoading: false,
  compared: undefined,
  problem: undefined,
};

/** The one store of the compare view. */
export const compareStore = createStore<CompareState>(() => INITIAL_COMPARE_STATE);

/** Reads a part of it in a component. */
export function useCompare<T>(selector: (state: CompareState) => T): T {
  return useStore(compareStore, selector);
}

/** One of the two runs that are compared. */
export interface ComparedRun {
  letter: Letter;
  id: string;
  name: string;
  settings: RunSettings;
  bodyModel: string;
  /** People with a body in it, by id, and the version of their motion. */
  people: ReadonlyMap<string, number>;
}

/** The run that is A or B; undefined while there is none. */
export function comparedRun(letter: Letter): ComparedRun | undefined {
  return runOf(compareStore.getState(), projectStore.getState().project, letter);
}

/** The same from given states. */
export function runOf(state: CompareState, project: OpenProject | undefined, letter: Letter): ComparedRun | undefined {
  const id = state.ids[letter];
  if (!project || id === undefined) return undefined;
  if (id === NEWEST_RUN) {
    const { document, results } = project;
    const people = results.people.flatMap(({ person, newestVersion }) =>
      newestVersion === 0 ? [] : [[person, newestVersion] as const],
    );
    const { settings } = document;
    return { letter, id, name: 'Newest run', settings, bodyModel: results.bodyModel, people: new Map(people) };
  }
  const run = state.runs.find((entry) => entry.id === id);
  if (!run) return undefined;
  const people = new Map(run.people.map(({ person, version }) => [person, version]));
  return { letter, id, name: run.name, settings: run.settings, bodyModel: run.bodyModel, people };
}

/** True while the compare view is open. */
export function isComparing(): boolean {
  return compareStore.getState().isOpen && projectStore.getState().project !== undefined;
}

/** True while the two runs stand in the place of what is shown otherwise: the view is open and there are two. */
export function areRunsShown(): boolean {
  return isComparing() && comparedRun('A') !== undefined && comparedRun('B') !== undefined;
}

/** The runs to draw now, at the back first. */
export function lettersShown(): readonly Letter[] {
  if (!areRunsShown()) return [];
  const { view, blink } = compareStore.getState();
  return view === 'blink' ? [blink] : ['B', 'A'];
}

/** The person who is compared: the selected one, else the first. */
export function comparedPerson(): string | undefined {
  const people = projectStore.getState().project?.document.people ?? [];
  return selectedPersonId() ?? people.find(({ foldedBecause }) => foldedBecause === undefined)?.id;
}
