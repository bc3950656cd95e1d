import { implement } from '@orpc/server';
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { bulkRoutes } from '#core/protocol/bulkRoutes';
import { contract } from '#core/protocol/contract';
import { PROTOCOL_VERSION, type ProjectEvent } from '#core/protocol/messages';
import type { ModelsEvent } from '#core/protocol/modelMessages';
import type { Workspace } from './workspace';
import { eventStream } from './events';
import { detectors } from './detection/registry';
import { estimatorFacts } from './estimation/estimatorFacts';
import { estimators } from './estimation/registry';
import { trackers } from './tracking/registry';
import { exporterFacts, preflightExport, startExport } from './pipeline/exportProject';
import { exportReview, exportTracks } from './pipeline/exchangeTracks';
import { importPeople } from './pipeline/importVibeOutput';
import { trackFormats } from './tracking/formats/registry';
import { launchFollow } from './pipeline/followPerson';
import { shapeFacts, shapeOfWords } from './bodymodel/shapeFacts';
import { chooseRun, keepRun, listRuns, removeRun } from './pipeline/compareRuns';
import { diagnose } from './diagnose';
import { startRun } from './pipeline/startRun';
import type { ProjectSession } from './project/projectSession';
import { appErrorsOnTheWire } from './wireErrors';

/** True when an event that waits for a slow reader says nothing more once `arriving` is there. */
function makesWay(waiting: ProjectEvent, arriving: ProjectEvent): boolean {
  if (waiting.type === 'results') return arriving.type === 'results';
  if (waiting.type !== 'job' || arriving.type !== 'job') return false;
  return arriving.job.id === waiting.job.id && waiting.job.state === 'running';
}

/** The same for news of models; the end of an import always arrives. */
function isNewerModelsEvent(waiting: ModelsEvent, arriving: ModelsEvent): boolean {
  if (waiting.type === 'models') return arriving.type === 'models';
  if (waiting.type !== 'import' || arriving.type !== 'import') return false;
  return arriving.job.id === waiting.job.id && waiting.job.state === 'running';
}

const STOPS_WATCHING_MS = 300;

/**
 * True while a page follows the project: two pages may have it open, and one that goes must not end the other's run. Who
 * closes has stopped following just before, which may take a moment to arrive.
 */
async function isWatched(workspace: Workspace, projectId: string): Promise<boolean> {
  const watchers = () => workspace.watchers(projectId);
  for (let waited = 0; watchers() > 0 && waited < STOPS_WATCHING_MS; waited += 20) await setTimeout(20);
  return watchers() > 0;
}

/** A written file as the page can fetch it. */
function offered(workspace: Workspace, file: { path: string; name: string; bytes: number }) {
  const id = randomUUID();
  workspace.exports.add(id, [file]);
  return { name: file.name, bytes: file.bytes, url: bulkRoutes.exported(id, file.name) };
}

/** The document as it is: heals a page that missed changes while its line was gone. */
function documentEvent(session: ProjectSession): ProjectEvent {
  const { document, store } = session;
  return { type: 'document', seq: store.seq, document, history: store.history(), label: '' };
}

/** The handlers of the contract over one workspace: parse (by the contract), call, return. */
export function createService(workspace: Workspace) {
  const base = implement(contract).use(appErrorsOnTheWire);
  const empty = {};
  return base.router({
    hello: base.hello.handler(() => ({
      protocolVersion: PROTOCOL_VERSION,
      appVersion: workspace.configuration.appVersion,
      canBrowse: workspace.configuration.roots.length > 0,
    })),
    projects: {
      open: base.projects.open.handler(async ({ input, signal }) => (await workspace.open(input, signal)).snapshot()),
      close: base.projects.close.handler(async ({ input }) => {
        if (!(await isWatched(workspace, input.projectId))) await workspace.close(input.projectId);
        return empty;
      }),
      recent: base.projects.recent.handler(() => workspace.recent()),
      events: base.projects.events.handler(async function* ({ input, signal }) {
        const session = workspace.session(input.projectId);
        // Listened to from here on, so that nothing is missed between the state now and the first event.
        const ended = new AbortController();
        const events = eventStream(
          session.events,
          AbortSignal.any([ended.signal, ...(signal ? [signal] : [])]),
          makesWay,
        );
        try {
          yield { type: 'results' as const, results: session.results() };
          yield documentEvent(session);
          for (const job of session.jobList()) yield { type: 'job' as const, job };
          yield* events;
        } finally {
          // A reader may go before it comes to the stream.
          ended.abort();
        }
      }),
      applyEdit: base.projects.applyEdit.handler(({ input }) => ({
        seq: workspace.session(input.projectId).applyEdit(input.baseSeq, input.edit),
      })),
      undo: base.projects.undo.handler(({ input }) => ({
        seq: workspace.session(input.projectId).store.undo(input.seq),
      })),
      redo: base.projects.redo.handler(({ input }) => ({
        seq: workspace.session(input.projectId).store.redo(input.seq),
      })),
      setRunSettings: base.projects.setRunSettings.handler(({ input }) => ({
        seq: workspace.session(input.projectId).setRunSettings(input.settings),
      })),
    },
    runs: {
      start: base.runs.start.handler(async ({ input }) => {
        const { projectId, scope, people, span, focusFrame } = input;
        const request = {
          scope,
          ...(people ? { people } : {}),
          ...(span ? { span } : {}),
          ...(focusFrame === undefined ? {} : { focusFrame }),
        };
        const session = workspace.session(projectId);
        // The settings may have been changed a moment ago, and with them the body.
        workspace.requireModels(session.document.settings);
        await session.loadBody();
        return { jobId: startRun(session, request) };
      }),
      kept: base.runs.kept.handler(({ input }) => listRuns(workspace.session(input.projectId), workspace.bodies)),
      keep: base.runs.keep.handler(({ input }) => keepRun(workspace.session(input.projectId), input.name)),
      rename: base.runs.rename.handler(({ input }) =>
        workspace.session(input.projectId).kept.rename(input.run, input.name),
      ),
      remove: base.runs.remove.handler(({ input }) => {
        removeRun(workspace.session(input.projectId), input.run);
        return empty;
      }),
      restore: base.runs.restore.handler(({ input }) => workspace.session(input.projectId).kept.restore(input.run)),
      choose: base.runs.choose.handler(({ input }) => ({
        seq: chooseRun(workspace.session(input.projectId), input),
      })),
      options: base.runs.options.handler(async () => ({
        bodies: await workspace.bodies.titles(),
        detectors: detectors.map(({ id, title }) => ({ id, title })),
        trackers: trackers.map(({ id, title }) => ({ id, title })),
        estimators: estimators.map((estimator) => estimatorFacts(estimator, workspace.missingFor(estimator))),
      })),
    },
    jobs: {
      cancel: base.jobs.cancel.handler(({ input }) => {
        workspace.findJob(input.jobId)?.controller.abort();
        return empty;
      }),
    },
    exports: {
      formats: base.exports.formats.handler(() => exporterFacts()),
      preflight: base.exports.preflight.handler(({ input }) =>
        preflightExport(workspace, workspace.session(input.projectId), input),
      ),
      start: base.exports.start.handler(async ({ input }) => ({
        jobId: await startExport(workspace, workspace.session(input.projectId), input),
      })),
    },
    models: {
      list: base.models.list.handler(() => workspace.models.list()),
      events: base.models.events.handler(async function* ({ signal }) {
        const ended = new AbortController();
        const listening = AbortSignal.any([ended.signal, ...(signal ? [signal] : [])]);
        const events = eventStream(workspace.models.events, listening, isNewerModelsEvent);
        try {
          for (const event of await workspace.models.state()) yield event;
          yield* events;
        } finally {
          ended.abort();
        }
      }),
      import: base.models.import.handler(({ input }) => {
        const paths = input.tokens.map((token) => workspace.files.resolve(token));
        return { jobId: workspace.models.startImport(paths, input.expected) };
      }),
      choose: base.models.choose.handler(async ({ input }) => {
        await workspace.models.choose(input.id);
        return empty;
      }),
      remove: base.models.remove.handler(async ({ input }) => {
        await workspace.models.remove(input.id);
        return empty;
      }),
      restore: base.models.restore.handler(async ({ input }) => {
        await workspace.models.restore(input.id);
        return empty;
      }),
    },
    shapes: {
      words: base.shapes.words.handler(async ({ input }) =>
        shapeFacts(await workspace.bodies.load(input.bodyModel), input.betas),
      ),
      betas: base.shapes.betas.handler(async ({ input }) =>
        shapeOfWords(await workspace.bodies.load(input.bodyModel), input.words, input.betas),
      ),
    },
    actors: {
      list: base.actors.list.handler(() => workspace.actors.list()),
      save: base.actors.save.handler(({ input }) => workspace.actors.save(input)),
      remove: base.actors.remove.handler(({ input }) => {
        workspace.actors.remove(input.id);
        return empty;
      }),
    },
    tracks: {
      follow: base.tracks.follow.handler(({ input: { projectId, frames, ...request } }) => ({
        jobId: launchFollow(workspace.session(projectId), { ...request, ...(frames ? { frames } : {}) }).jobId,
      })),
      formats: base.tracks.formats.handler(() =>
        trackFormats.map(({ id, title, extension, read, write }) => ({
          ...{ id, title, extension, canRead: read !== undefined, canWrite: write !== undefined },
        })),
      ),
      export: base.tracks.export.handler(({ input }) => {
        const { losses, ...file } = exportTracks(workspace.session(input.projectId), input.format);
        return { ...offered(workspace, file), losses };
      }),
      review: base.tracks.review.handler(({ input }) =>
        offered(workspace, exportReview(workspace.session(input.projectId))),
      ),
      import: base.tracks.import.handler(async ({ input }) => ({
        people: await importPeople(
          workspace.session(input.projectId),
          input.format,
          workspace.files.resolve(input.token),
        ),
      })),
    },
    files: { browse: base.files.browse.handler(({ input }) => workspace.files.browse(input.token, input.show)) },
    diagnostics: base.diagnostics.handler(() => diagnose(workspace)),
  });
}
