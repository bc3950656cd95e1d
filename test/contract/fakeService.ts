import { implement } from '@orpc/server';
import { AppError } from '#core/errors';
import { contract } from '#core/protocol/contract';
import type { ProjectEvent } from '#core/protocol/messages';
import { EventSource, eventStream } from '#engine/events';
import { appErrorsOnTheWire } from '#engine/wireErrors';

/** What the fake saw happen, for the tests to look at. */
export interface Sightings {
  /** Inputs that reached `runs.start`: arguments that did not pass the contract never do. */
  runs: unknown[];
  /** Events produced by `projects.events`. */
  produced: number;
  /** Event producers that are going on. */
  producing: number;
  /** Calls of `projects.recent` whose signal was aborted. */
  aborted: number;
}

/** Project ids that make the fake do something special. */
export const PROJECT = {
  endless: 'endless',
  fails: 'fails',
  breaks: 'breaks',
  large: 'large',
  few: 'few',
  quiet: 'quiet',
} as const;

/** How many files the large preflight lists: about 6 MB as JSON. */
export const LARGE_COUNT = 60_000;

function notice(message: string): ProjectEvent {
  return { type: 'notice', level: 'info', problem: { code: 'INTERNAL', message } };
}

/** Events until the reader goes; faster than any reader, as a run's progress may be. */
async function* events(projectId: string, signal: AbortSignal | undefined, sightings: Sightings) {
  sightings.producing++;
  try {
    const last = projectId === PROJECT.few ? 3 : Number.POSITIVE_INFINITY;
    for (let index = 0; index < last && !signal?.aborted; index++) {
      if (projectId === PROJECT.breaks && index === 2) throw new AppError('VIDEO_DAMAGED', 'It broke in the middle.');
      sightings.produced++;
      yield notice(String(index));
      // As in the engine when nothing happens: only the signal can end the waiting.
      if (projectId === PROJECT.quiet) yield* eventStream(new EventSource<ProjectEvent>(), signal, () => false);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  } finally {
    sightings.producing--;
  }
}

/** Handlers for what the suite calls of the real contract, over the engine's own error mapping. */
export function createFakeService() {
  const sightings: Sightings = { runs: [], produced: 0, producing: 0, aborted: 0 };
  const base = implement(contract).use(appErrorsOnTheWire);
  const router = {
    hello: base.hello.handler(({ input }) => ({ ...input, appVersion: 'fake', canBrowse: true })),
    projects: {
      events: base.projects.events.handler(({ input, signal }) => events(input.projectId, signal, sightings)),
      undo: base.projects.undo.handler(({ input }) => {
        if (input.projectId !== PROJECT.fails) return { seq: input.seq ?? 0 };
        throw new AppError('EDIT_CONFLICT', 'The document has moved on.', { hint: 'Take the newest one.' });
      }),
      redo: base.projects.redo.handler(() => {
        throw new TypeError('cannot read properties of undefined');
      }),
      recent: base.projects.recent.handler(async ({ signal }) => {
        await new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => {
            sightings.aborted++;
            reject(new AppError('CANCELLED', 'Cancelled'));
          });
        });
        return [];
      }),
    },
    runs: {
      start: base.runs.start.handler(({ input }) => {
        sightings.runs.push(input);
        return { jobId: 'job' };
      }),
    },
    exports: {
      preflight: base.exports.preflight.handler(({ input }) => ({
        folder: 'é 動き "quoted" \u0001',
        files:
          input.projectId === PROJECT.large
            ? Array.from({ length: LARGE_COUNT }, (_, index) => ({
                name: `${'mesh'.repeat(16)}${index}.obj`,
                bytes: index,
              }))
            : [],
        checks: [],
      })),
    },
  };
  return { router, sightings };
}
