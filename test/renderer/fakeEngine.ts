import { createRouterClient, implement, ORPCError } from '@orpc/server';
import type { ErrorCode } from '#core/errors';
import { BETA_LIMIT } from '#core/body/shapeWords';
import type { Actor } from '#core/document/actor';
import { applyPatches, type Edit } from '#core/document/patch';
import { documentSchema } from '#core/document/schema';
import { contract } from '#core/protocol/contract';
import type { Diagnostic, ExporterFacts, History, Project, ProjectEvent } from '#core/protocol/messages';
import { PROTOCOL_VERSION } from '#core/protocol/messages';
import type { Models, ModelsEvent } from '#core/protocol/modelMessages';
import type { EngineClient, EngineConnection, LinkState } from '../../src/renderer/session/engineClient';
import { EventSource, eventStream } from '#engine/events';
import { modelSets } from '#engine/weights/userModels/modelSets';
import { fakeTracks } from './fakeProject';

const FAKE_WORDS = { stature: 1.7, mass: 65, build: 0, age: 0, proportions: 0 };
/** Kg that beta 1 adds to a fake body; the other betas change nothing. */
const KG_PER_BETA = 10;

function wireError(code: ErrorCode, message: string): unknown {
  return new ORPCError('APP_ERROR', { defined: true, status: 400, message, data: { code } });
}

function noRun(): never {
  throw wireError('NOT_FOUND', 'There is no kept run here.');
}

/**
 * An engine over one project in memory, behind the real contract: arguments and answers are checked as the real one
 * checks them. Edits, undo and redo work; runs and exports only record that they were asked for.
 */
export class FakeEngine {
  readonly client: EngineClient;
  /** Methods called, with their arguments, oldest first. */
  readonly calls: { method: string; input: unknown }[] = [];
  /** Thrown by the next edit instead of making it. */
  nextEditError: { code: ErrorCode; message: string } | undefined;
  /** Says why a project does not open, with the token of the video that was located, if any. */
  openProblem: ((video: string | undefined) => { code: ErrorCode; message: string } | undefined) | undefined;
  diagnostics: Diagnostic[] = [{ id: 'ffmpeg', title: 'Video decoder', state: 'ready', detail: 'ffmpeg 6.1' }];
  exporters: ExporterFacts[] = [];
  /** Shapes kept under a name. */
  actors: Actor[] = [];
  readonly models: Models = { folder: '/data/models', bytes: 0, builtIn: [], sets: modelSets([]) };
  /** News of models, for tests to tell. */
  readonly modelsEvents = new EventSource<ModelsEvent>();
  private readonly undone: Edit[] = [];
  private readonly done: Edit[] = [];
  private readonly listeners = new Set<(event: ProjectEvent) => void>();
  private readonly lineListeners = new Set<() => void>();
  private line: LinkState = 'open';

  constructor(readonly project: Project) {
    this.client = createRouterClient(this.router());
  }

  /** What a shell's `connect` gives. */
  connection(): EngineConnection {
    return {
      client: this.client,
      state: () => this.line,
      subscribe: (listener) => {
        this.lineListeners.add(listener);
        return () => this.lineListeners.delete(listener);
      },
      close: () => undefined,
    };
  }

  /** Breaks or mends the line. */
  setLine(state: LinkState): void {
    this.line = state;
    for (const listener of this.lineListeners) listener();
  }

  /** Tells every page of the project something. */
  emit(event: ProjectEvent): void {
    for (const listener of [...this.listeners]) listener(event);
  }

  /** Makes a change as another page would. */
  editElsewhere(edit: Edit): void {
    this.apply(edit);
    this.announce(edit.label);
  }

  /** Answers the bulk plane from memory: install as `fetch` in tests. */
  fetch = async (address: string | URL | Request): Promise<Response> => {
    const path = String(address instanceof Request ? address.url : address);
    if (path.includes('/tracks')) return new Response(fakeTracks(this.project.document));
    return new Response(null, { status: 404 });
  };

  private history(): History {
    const entries = (edits: Edit[], first: number) =>
      edits.map((edit, index) => ({
        seq: first + index,
        label: edit.label,
        ...(edit.frame === undefined ? {} : { frame: edit.frame }),
        ...(edit.person === undefined ? {} : { person: edit.person }),
      }));
    return { undo: entries(this.done, 1), redo: entries(this.undone, this.done.length + 1) };
  }

  private apply(edit: Edit): void {
    this.project.document = documentSchema.parse(applyPatches(this.project.document, edit.patches));
    this.project.seq += 1;
    this.done.push(edit);
    this.undone.length = 0;
  }

  private announce(label: string, reveal?: { frame?: number; person?: string }): void {
    const { seq, document } = this.project;
    this.project.history = this.history();
    const event = { type: 'document' as const, seq, document, history: this.project.history, label };
    this.emit(reveal ? { ...event, reveal } : event);
  }

  private step(direction: 'undo' | 'redo'): number {
    const from = direction === 'undo' ? this.done : this.undone;
    const edit = from.pop();
    if (!edit) throw wireError('INVALID_ARGUMENT', `There is nothing to ${direction}.`);
    (direction === 'undo' ? this.undone : this.done).push(edit);
    const patches = direction === 'undo' ? edit.inverse : edit.patches;
    this.project.document = applyPatches(this.project.document, patches);
    this.project.seq += 1;
    this.announce(`${direction === 'undo' ? 'Undid' : 'Redid'}: ${edit.label}`, {
      ...(edit.frame === undefined ? {} : { frame: edit.frame }),
      ...(edit.person === undefined ? {} : { person: edit.person }),
    });
    return this.project.seq;
  }

  private async *events(signal: AbortSignal | undefined): AsyncGenerator<ProjectEvent, void, void> {
    const queue: ProjectEvent[] = [{ type: 'results', results: this.project.results }];
    let wake: (() => void) | undefined;
    const listener = (event: ProjectEvent) => {
      queue.push(event);
      wake?.();
    };
    const abort = () => wake?.();
    this.listeners.add(listener);
    signal?.addEventListener('abort', abort);
    try {
      while (!signal?.aborted) {
        const event = queue.shift();
        if (event) yield event;
        else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    } finally {
      this.listeners.delete(listener);
    }
  }

  private router() {
    const base = implement(contract).use(({ next, path }, input) => {
      this.calls.push({ method: path.join('.'), input });
      return next();
    });
    const { models, modelsEvents } = this;
    return base.router({
      hello: base.hello.handler(() => ({ protocolVersion: PROTOCOL_VERSION, appVersion: '0.1.0', canBrowse: false })),
      projects: {
        open: base.projects.open.handler(({ input }) => {
          const problem = this.openProblem?.('video' in input ? input.video : undefined);
          if (problem) throw wireError(problem.code, problem.message);
          return this.project;
        }),
        close: base.projects.close.handler(() => ({})),
        recent: base.projects.recent.handler(() => [
          {
            projectId: this.project.projectId,
            name: this.project.document.name,
            frameCount: 120,
            people: 2,
            changedAt: '2026-11-22T10:00:00Z',
          },
        ]),
        events: base.projects.events.handler(({ signal }) => this.events(signal)),
        applyEdit: base.projects.applyEdit.handler(({ input }) => {
          const problem = this.nextEditError;
          this.nextEditError = undefined;
          if (problem) throw wireError(problem.code, problem.message);
          if (input.baseSeq !== this.project.seq) throw wireError('EDIT_CONFLICT', 'The project changed meanwhile.');
          this.apply(input.edit);
          this.announce(input.edit.label);
          return { seq: this.project.seq };
        }),
        undo: base.projects.undo.handler(() => ({ seq: this.step('undo') })),
        redo: base.projects.redo.handler(() => ({ seq: this.step('redo') })),
        setRunSettings: base.projects.setRunSettings.handler(() => ({ seq: this.project.seq })),
      },
      runs: {
        start: base.runs.start.handler(() => ({ jobId: 'job-1' })),
        kept: base.runs.kept.handler(() => []),
        keep: base.runs.keep.handler(noRun),
        rename: base.runs.rename.handler(noRun),
        remove: base.runs.remove.handler(noRun),
        restore: base.runs.restore.handler(noRun),
        choose: base.runs.choose.handler(noRun),
        options: base.runs.options.handler(() => ({
          detectors: [{ id: 'movenet-multipose', title: 'MoveNet MultiPose' }],
          bodies: [{ id: 'default-body', title: 'Retake default body' }],
          trackers: [{ id: 'keypoint-box', title: 'Boxes and poses' }],
          estimators: [
            {
              ...{ id: 'blazepose', title: 'BlazePose', qualities: [{ id: 'best', title: 'Best' }] },
              ...{ optionsSchema: {}, presets: [] },
            },
          ],
        })),
      },
      jobs: { cancel: base.jobs.cancel.handler(() => ({})) },
      exports: {
        formats: base.exports.formats.handler(() => this.exporters),
        preflight: base.exports.preflight.handler(({ input }) => ({
          folder: 'Videos / export',
          files: [{ name: `clip.${input.exporter}`, bytes: 1_200_000 }],
          checks: [{ level: 'good' as const, text: '120 keys for 120 frames' }],
        })),
        start: base.exports.start.handler(() => ({ jobId: 'job-2' })),
      },
      models: {
        list: base.models.list.handler(() => this.models),
        events: base.models.events.handler(async function* ({ signal }) {
          const events = eventStream(modelsEvents, signal, () => false);
          yield { type: 'models' as const, models };
          yield* events;
        }),
        import: base.models.import.handler(() => ({ jobId: 'job-3' })),
        choose: base.models.choose.handler(() => ({})),
        remove: base.models.remove.handler(() => ({})),
        restore: base.models.restore.handler(() => ({})),
      },
      shapes: {
        words: base.shapes.words.handler(({ input: { betas } }) => ({
          words: { ...FAKE_WORDS, mass: FAKE_WORDS.mass + KG_PER_BETA * (betas[1] ?? 0) },
          traits: [],
          isClamped: false,
        })),
        betas: base.shapes.betas.handler(({ input: { betas, words } }) => {
          const wanted = (words.mass - FAKE_WORDS.mass) / KG_PER_BETA;
          const beta = Math.max(-BETA_LIMIT, Math.min(BETA_LIMIT, wanted));
          return { words, betas: betas.with(1, beta), traits: [], isClamped: beta !== wanted };
        }),
      },
      actors: {
        list: base.actors.list.handler(() => this.actors),
        save: base.actors.save.handler(({ input }) => {
          const saved = { ...input, id: input.id ?? `actor-${this.actors.length + 1}`, savedAt: '2026-01-01' };
          this.actors = [...this.actors, saved];
          return saved;
        }),
        remove: base.actors.remove.handler(({ input }) => {
          this.actors = this.actors.filter(({ id }) => id !== input.id);
          return {};
        }),
      },
      tracks: {
        follow: base.tracks.follow.handler(() => ({ jobId: 'job-3' })),
        formats: base.tracks.formats.handler(() => []),
        export: base.tracks.export.handler(() => ({ name: 'clip.txt', bytes: 10, url: '/clip.txt', losses: [] })),
        review: base.tracks.review.handler(() => ({ name: 'clip_review.json', bytes: 10, url: '/clip_review.json' })),
        import: base.tracks.import.handler(() => ({ people: 1 })),
      },
      files: { browse: base.files.browse.handler(() => ({ token: 'root', name: 'Videos', entries: [] })) },
      diagnostics: base.diagnostics.handler(() => this.diagnostics),
    });
  }
}
