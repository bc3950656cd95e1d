import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Person, ProjectDocument } from '#core/document/schema';
import type { History, Job, Media, Problem, Results } from '#core/protocol/messages';
import type { EffectiveBox, TrackTable } from '#core/tracks/effectiveBoxes';
import { boxInHandStore } from './boxInHand';
import type { EngineClient, LinkState } from './engineClient';
import { framesBetweenLooks, shownBoxAt } from './shownBox';

/** Facts about the engine from `hello`. */
export interface EngineFacts {
  appVersion: string;
  /** True where the server-side file browser may be used. */
  canBrowse: boolean;
}

/** The open project as the engine last told it, with edits of the page already applied. */
export interface OpenProject {
  projectId: string;
  /** For people to read. */
  folder: string;
  media: Media;
  /** With every edit of this page applied, also those the engine has not confirmed and the gesture in hand. */
  document: ProjectDocument;
  /** Edits confirmed by the engine. */
  seq: number;
  history: History;
  results: Results;
  /** Tracker tracks by id; empty until fetched. */
  tracks: TrackTable;
  /** Newest last; ended jobs stay until the project closes. */
  jobs: Job[];
  readOnly: Problem | undefined;
  /** Repairs and losses met while opening. */
  warnings: string[];
}

/** What the page knows of the engine and of the open project. */
export interface ProjectState {
  client: EngineClient | undefined;
  connection: LinkState;
  engine: EngineFacts | undefined;
  project: OpenProject | undefined;
  /** Edits sent or waiting to be sent, not yet confirmed. */
  unsavedEdits: number;
  /** Why the newest edit could not be saved; undefined when all is well. */
  saveProblem: Problem | undefined;
}

/** Nothing open, not connected. */
export const EMPTY_PROJECT_STATE: ProjectState = {
  client: undefined,
  connection: 'connecting',
  engine: undefined,
  project: undefined,
  unsavedEdits: 0,
  saveProblem: undefined,
};

/** The one store of the open project. Written by `session/` only; edits go through `editing.ts`. */
export const projectStore = createStore<ProjectState>(() => EMPTY_PROJECT_STATE);

/** Reads a part of the project state in a component; renders again when that part changes. */
export function useProject<T>(selector: (state: ProjectState) => T): T {
  return useStore(projectStore, selector);
}

/** Changes parts of the open project; nothing happens when none is open. */
export function updateProject(change: Partial<OpenProject>): void {
  projectStore.setState((state) => (state.project ? { project: { ...state.project, ...change } } : {}));
}

/** A person of the open project by id. */
export function personById(personId: string): Person | undefined {
  return projectStore.getState().project?.document.people.find((person) => person.id === personId);
}

/** The box of a person on a frame of the open project as it is shown: the one in hand, else the one that counts. px of the upright video. */
export function effectiveBox(personId: string, frameIndex: number): EffectiveBox | undefined {
  const project = projectStore.getState().project;
  const person = project?.document.people.find((entry) => entry.id === personId);
  if (!project || !person) return undefined;
  const { inHand } = boxInHandStore.getState();
  if (inHand?.person === personId && inHand.frame === frameIndex)
    return { box: inHand.box, origin: 'manual', isKeyframe: true };
  return shownBoxAt(person, project.tracks, frameIndex, framesBetweenLooks(project.media.rate));
}
