import { createStore } from 'zustand/vanilla';
import { useStore } from 'zustand';
import { isCancelled } from '#core/errors';
import type { TrackFormat } from '#core/protocol/messages';
import { openDialog } from '../app/dialogStore';
import type { Shell } from '../app/shell';
import { toAppError } from '../session/engineError';
import { editsSettled, notifyEdited } from '../session/editing';
import { dismissNoticesOfEdits } from '../session/notices';
import { projectStore } from '../session/projectStore';
import { viewStore } from '../session/viewStore';
import { countOf } from '../wording/numbers';
import { recogniseTracks } from './recogniseTracks';

/** A file of tracks that was written: where it can be had and what the format could not hold. */
export interface WrittenTracks {
  name: string;
  bytes: number;
  url: string;
  losses: readonly string[];
}

/** What the dialog of track files shows. */
export interface TrackFileState {
  formats: readonly TrackFormat[];
  /** Chosen or dropped, not taken in yet. */
  file: File | undefined;
  /** Id of the format that the file's bytes speak for. */
  likely: string | undefined;
  isBusy: boolean;
  /** Why the last try did not work. */
  problem: { text: string; hint: string | undefined } | undefined;
  written: WrittenTracks | undefined;
}

const EMPTY: TrackFileState = {
  formats: [],
  file: undefined,
  likely: undefined,
  isBusy: false,
  problem: undefined,
  written: undefined,
};

/** The one store of it. */
export const trackFileStore = createStore<TrackFileState>(() => EMPTY);

/** Reads a part of it in a component. */
export function useTrackFiles<T>(selector: (state: TrackFileState) => T): T {
  return useStore(trackFileStore, selector);
}

/** Endings of files that hold boxes and nothing else that Retake opens. */
const TRACK_NAME = /\.(txt|xml|json)$/i;

/** True for a file that can only be one of tracks. */
export function isTrackName(name: string): boolean {
  return TRACK_NAME.test(name);
}

/** The formats that a file may be in, by its ending: all that can be read when none has it. */
export function formatsFor(formats: readonly TrackFormat[], name: string): TrackFormat[] {
  const readable = formats.filter(({ canRead }) => canRead);
  const fitting = readable.filter(({ extension }) => name.toLowerCase().endsWith(`.${extension}`));
  return fitting.length > 0 ? fitting : readable;
}

/** Takes a file into the dialog and looks into it for its format. */
export async function takeTrackFile(file: File | undefined): Promise<void> {
  trackFileStore.setState({ file, likely: undefined, problem: undefined });
  const likely = file && (await recogniseTracks(file));
  if (trackFileStore.getState().file === file) trackFileStore.setState({ likely });
}

/** Opens the dialog, with a file that was dropped where there is one. */
export function openTrackFiles(file?: File): void {
  trackFileStore.setState({ written: undefined });
  void takeTrackFile(file);
  openDialog('trackFiles');
}

/**
 * Offers a dropped file to the open project when it holds tracks, by its name or, for endings that models have as well, by
 * what is in it. True when it was.
 */
export async function offerTrackFile(file: File): Promise<boolean> {
  if (!projectStore.getState().project) return false;
  const isTracks = isTrackName(file.name) || (await recogniseTracks(file)) !== undefined;
  if (isTracks) openTrackFiles(file);
  return isTracks;
}

async function attempt(work: () => Promise<void>): Promise<void> {
  trackFileStore.setState({ isBusy: true, problem: undefined, written: undefined });
  try {
    await work();
  } catch (error) {
    const problem = toAppError(error);
    if (!isCancelled(error)) trackFileStore.setState({ problem: { text: problem.message, hint: problem.hint } });
  } finally {
    trackFileStore.setState({ isBusy: false });
  }
}

/** Asks the engine which formats there are. */
export function loadFormats(): Promise<void> {
  return attempt(async () => {
    const formats = (await projectStore.getState().client?.tracks.formats({})) ?? [];
    trackFileStore.setState({ formats });
  });
}

/** Writes the boxes of all people and says what the format could not hold. */
export function exportTracks(format: string): Promise<void> {
  return attempt(async () => {
    await editsSettled();
    const { client, project } = projectStore.getState();
    if (!client || !project) return;
    const written = await client.tracks.export({ projectId: project.projectId, format });
    trackFileStore.setState({ written });
  });
}

/** Selects who was not there before, so that it is seen what came. */
function selectNew(before: ReadonlySet<string>): void {
  const people = projectStore.getState().project?.document.people ?? [];
  const fresh = people.filter(({ id }) => !before.has(id)).map(({ id }) => id);
  if (fresh.length > 0) viewStore.setState({ selection: fresh });
}

/** Takes the people of the chosen file in, as one edit; `onDone` comes after it worked. */
export function importTracks(shell: Shell, format: string, signal: AbortSignal, onDone: () => void): Promise<void> {
  return attempt(async () => {
    await editsSettled();
    const { client, project } = projectStore.getState();
    const { file } = trackFileStore.getState();
    if (!client || !project || !file) return;
    const before = new Set(project.document.people.map(({ id }) => id));
    const token = await shell.grantFile(file, () => undefined, signal);
    dismissNoticesOfEdits();
    const { people } = await client.tracks.import({ projectId: project.projectId, format, token });
    trackFileStore.setState({ file: undefined, likely: undefined });
    selectNew(before);
    const text = `${countOf(people, 'person', 'people')} taken in from ${file.name}`;
    notifyEdited(text);
    onDone();
  });
}
