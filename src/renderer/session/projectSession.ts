import type { ProjectDocument } from '#core/document/schema';
import type { Project, ProjectEvent } from '#core/protocol/messages';
import { PROTOCOL_VERSION } from '#core/protocol/messages';
import { bulkRoutes, type TracksMeta } from '#core/protocol/bulkRoutes';
import { AppError } from '#core/errors';
import { isChangedOn } from '#core/tracks/changedOn';
import { playhead } from '../playback/playhead';
import { fetchBundle } from './bulk';
import { receiveDocument, retryEdits, startEditing, stopEditing } from './editing';
import type { EngineConnection } from './engineClient';
import { toAppError } from './engineError';
import { announce, notify } from './notices';
import { jobChanged } from './jobNews';
import { EMPTY_PROJECT_STATE, projectStore, updateProject } from './projectStore';
import { readTrackTable } from './trackTable';
import { selectPerson, viewStore } from './viewStore';

/** What to open: see `projects.open` of the contract. */
export type OpenRequest =
  | { source: 'project'; projectId: string; video?: string }
  | { source: 'file'; token: string; video?: string }
  | { source: 'sample' };

const RETRY_MS = 500;

let following: AbortController | undefined;
let tracksWanted = -1;
let hadPeople = false;

/** Greets the engine and keeps the state of the line in the store. Call once per page. @throws AppError when versions differ. */
export async function startSession(connection: EngineConnection): Promise<void> {
  projectStore.setState({ ...EMPTY_PROJECT_STATE, client: connection.client, connection: connection.state() });
  connection.subscribe(() => {
    const state = connection.state();
    const before = projectStore.getState().connection;
    projectStore.setState({ connection: state });
    if (state === 'open' && before === 'lost') retryEdits();
  });
  const facts = await connection.client.hello({ protocolVersion: PROTOCOL_VERSION });
  if (facts.protocolVersion !== PROTOCOL_VERSION) {
    throw new AppError(
      'UNSUPPORTED',
      `This page and the engine (Retake ${facts.appVersion}) are of different versions.`,
      {
        hint: 'Reload the page.',
      },
    );
  }
  projectStore.setState({ engine: { appVersion: facts.appVersion, canBrowse: facts.canBrowse } });
}

function adopt(project: Project): void {
  startEditing(project.projectId, project.document, project.seq);
  tracksWanted = -1;
  hadPeople = project.document.people.length > 0;
  projectStore.setState({
    project: {
      projectId: project.projectId,
      folder: project.folder,
      media: project.media,
      document: project.document,
      seq: project.seq,
      history: project.history,
      results: project.results,
      tracks: new Map(),
      jobs: project.jobs,
      readOnly: project.readOnly,
      warnings: project.warnings,
    },
  });
}

/** Opens a project and follows it. Playhead, selection and in-out start anew. @throws AppError of the engine. */
export async function openProject(request: OpenRequest): Promise<void> {
  const { client } = projectStore.getState();
  if (!client) throw new AppError('LINK_CLOSED', 'The engine is not connected.', { hint: 'Try again in a moment.' });
  let project: Project;
  try {
    project = await client.projects.open(request);
  } catch (error) {
    throw toAppError(error);
  }
  await leaveProject(project.projectId);
  adopt(project);
  viewStore.setState({ selection: [], range: undefined, solo: [], pickedJoint: undefined, showFolded: false });
  playhead.setMedia({ timeBase: project.media.timeBase, pts: project.media.pts });
  const first = project.document.people.find((person) => person.foldedBecause === undefined);
  selectPerson(first?.id);
  for (const text of [...project.warnings, ...project.media.notes]) notify({ level: 'warning', text });
  void loadTracks();
  following = new AbortController();
  void follow(project.projectId, following.signal);
}

/** Closes the open project, if any; the start page follows. */
export function closeProject(): Promise<void> {
  return leaveProject(undefined);
}

/** Leaves the open project; the engine closes it unless `next` is the same one, opened again. */
async function leaveProject(next: string | undefined): Promise<void> {
  const { project, client } = projectStore.getState();
  following?.abort();
  following = undefined;
  stopEditing();
  projectStore.setState({ project: undefined, unsavedEdits: 0, saveProblem: undefined });
  playhead.setMedia(undefined);
  if (!project || !client || project.projectId === next) return;
  await client.projects.close({ projectId: project.projectId }).catch(() => undefined);
}

async function follow(projectId: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const { client } = projectStore.getState();
    if (!client) return;
    try {
      const events = await client.projects.events({ projectId }, { signal });
      for await (const event of events) {
        if (signal.aborted) return;
        receive(event);
      }
    } catch (error) {
      if (signal.aborted) return;
      const problem = toAppError(error);
      if (problem.code === 'NOT_FOUND') await reopen(projectId, signal);
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

/** An engine that was started again knows no open projects: open it anew, from disk. */
async function reopen(projectId: string, signal: AbortSignal): Promise<void> {
  const { client } = projectStore.getState();
  const project = await client?.projects.open({ source: 'project', projectId }).catch(() => undefined);
  if (!project || signal.aborted) return;
  adopt(project);
  void loadTracks();
  notify({ level: 'info', text: 'The engine was started again', detail: 'No saved edit was lost.' });
}

function receive(event: ProjectEvent): void {
  switch (event.type) {
    case 'document': {
      const before = projectStore.getState().project?.document;
      receiveDocument(event);
      selectFirstFound();
      if (event.reveal) reveal(event.reveal, event.label, before);
      return;
    }
    case 'results':
      updateProject({ results: event.results });
      void loadTracks();
      return;
    case 'job':
      jobChanged(event.job);
      return;
    case 'notice':
      notify({ level: event.level, text: event.problem.message, detail: event.problem.hint });
  }
}

/** Selects the first person once somebody was found and nobody is selected. */
function selectFirstFound(): void {
  const people = projectStore.getState().project?.document.people ?? [];
  const { selection } = viewStore.getState();
  const kept = selection.filter((id) => people.some((person) => person.id === id));
  if (kept.length !== selection.length) viewStore.setState({ selection: kept });
  const first = people.find((person) => person.foldedBecause === undefined);
  if (kept.length === 0 && !hadPeople && first) selectPerson(first.id);
  hadPeople = people.length > 0;
}

/** Goes where an undone or redone edit is seen: nowhere else when the frame shown is one that it changed. */
function reveal(
  target: { frame?: number | undefined; person?: string | undefined },
  label: string,
  before: ProjectDocument | undefined,
): void {
  const { project } = projectStore.getState();
  const isSeen = before && project && isChangedOn(before, project.document, project.tracks, playhead.frame());
  if (target.frame !== undefined && !isSeen) playhead.seek(target.frame);
  const people = project?.document.people ?? [];
  if (target.person !== undefined && people.some((person) => person.id === target.person)) selectPerson(target.person);
  notify({ level: 'info', text: label });
  announce(label);
}

async function loadTracks(): Promise<void> {
  const project = projectStore.getState().project;
  if (!project || project.results.tracksVersion === tracksWanted) return;
  const version = project.results.tracksVersion;
  tracksWanted = version;
  try {
    const bundle = await fetchBundle<TracksMeta>(bulkRoutes.tracks(project.projectId, version), following?.signal);
    const current = projectStore.getState().project;
    if (current?.projectId !== project.projectId || tracksWanted !== version) return;
    updateProject({ tracks: readTrackTable(bundle) });
  } catch {
    // Asked again with the next results event.
    if (tracksWanted === version) tracksWanted = -1;
  }
}
