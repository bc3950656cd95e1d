import type { BodyModel } from '#core/body/bodyModel';
import { planChoice } from '#core/compare/chooseRun';
import { editFromPlan } from '#core/document/planToEdit';
import { AppError } from '#core/errors';
import type { Span } from '#core/frames/span';
import type { KeptRun } from '#core/protocol/runMessages';
import type { BodyLibrary } from '../bodymodel/bodyLibrary';
import type { ProjectSession } from '../project/projectSession';

/** Keeps the bodies of everybody as the newest run made them. @throws AppError NO_PEOPLE, MODEL_MISSING, DISK_FULL, READ_ONLY */
export function keepRun(session: ProjectSession, name?: string): KeptRun {
  if (session.jobList().some(({ kind, state }) => kind === 'run' && state === 'running')) {
    throw new AppError('INVALID_ARGUMENT', 'A run is going on, so there is nothing finished to keep.', {
      hint: 'Cancel it first or wait.',
    });
  }
  const { motion, document } = session;
  const { id: bodyModel, title: bodyTitle } = session.requireBody();
  return session.kept.keep({
    ...{ motion, settings: document.settings, bodyModel, bodyTitle },
    people: document.people.map(({ id }) => id),
    ...(name === undefined ? {} : { name }),
  });
}

/**
 * Kept runs as they are compared, addressed by the bodies that they were made for: the files of other ones are read first, as
 * a body that was made anew keeps its id.
 */
export async function listRuns(session: ProjectSession, bodies: Pick<BodyLibrary, 'load'>): Promise<KeptRun[]> {
  const ids = new Set(session.kept.list().map(({ bodyModel }) => bodyModel));
  if (session.body) ids.delete(session.body.id);
  const others = new Map<string, BodyModel>();
  for (const id of ids) {
    // Without its body a run is listed, and what shows it says why it cannot.
    const body = await bodies.load(id).catch(() => undefined);
    if (body) others.set(id, body);
  }
  return session.compared.list(others);
}

/** Takes a kept run away that nobody shows. @throws AppError INVALID_ARGUMENT, NOT_FOUND, READ_ONLY */
export function removeRun(session: ProjectSession, id: string): void {
  const { name } = session.kept.run(id);
  const users = session.document.people.filter(({ choices }) => choices?.some(({ run }) => run === id));
  if (users.length > 0) {
    const who = users.map((person) => person.name).join(', ');
    throw new AppError('INVALID_ARGUMENT', `"${name}" is shown on some frames of ${who}, so it stays.`, {
      hint: 'Use the newest run there first.',
    });
  }
  session.kept.remove(id);
}

/** What {@link chooseRun} is asked for. */
export interface RunChoice {
  person: string;
  span: Span;
  /** Id of a kept run; null for the newest. */
  run: string | null;
}

/**
 * Shows a person's bodies of some frames from a kept run, or from the newest again, as an undoable edit; returns the number
 * of the change. @throws AppError NOT_FOUND, INVALID_ARGUMENT for a run of another body or without this person, READ_ONLY
 */
export function chooseRun(session: ProjectSession, { person: id, span, run: runId }: RunChoice): number {
  const { document, store, kept } = session;
  const person = document.people.find((entry) => entry.id === id);
  if (!person) throw new AppError('NOT_FOUND', 'This person is not there any more.');
  const run = runId === null ? undefined : kept.run(runId);
  const body = session.requireBody();
  if (run && run.bodyModel !== body.id) {
    const [theirs, ours] =
      run.bodyTitle === undefined || run.bodyTitle === body.title
        ? [run.bodyModel, body.id]
        : [run.bodyTitle, body.title];
    throw new AppError(
      'INVALID_ARGUMENT',
      `"${run.name}" was made for another body (${theirs}), so its frames cannot stand among those of ${ours}.`,
      { hint: 'Its estimator in the run options shows what it made again, of all people and frames.' },
    );
  }
  if (run && !run.people.some((entry) => entry.person === id)) {
    throw new AppError('INVALID_ARGUMENT', `"${run.name}" has no body of ${person.name}.`, {
      hint: 'Use another run.',
    });
  }
  const within = { from: Math.max(0, span.from), to: Math.min(session.parts.media.frameCount, span.to) };
  const plan = planChoice(document, id, within, run);
  const edit = plan && editFromPlan(document, plan);
  return edit ? session.applyEdit(store.seq, edit) : store.seq;
}
