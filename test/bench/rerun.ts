import { launchRun } from '#engine/pipeline/startRun';
import type { ProjectSession } from '#engine/project/projectSession';
import { effectiveBoxAt } from '#core/tracks/effectiveBoxes';
import { planMoveBox } from '#core/tracks/boxEdits';
import { editOf } from '../engine/project/randomEdits';
import { type Measurement, secondsOf } from './measure';

/** Frames of the made clip. */
export const RERUN_FRAMES = 1000;
const EDITED = { from: 500, to: 512 };
const MOST_SHARE = 0.03;
const MOST_UNDO_MS = 100;

/** Moves the boxes of the longest person on 12 frames by hand. */
function editBoxes(session: ProjectSession): void {
  for (let frame = EDITED.from; frame < EDITED.to; frame++) {
    const people = session.document.people.filter(({ foldedBecause }) => foldedBecause === undefined);
    const person = people.find((entry) => effectiveBoxAt(entry, session.tracks, frame));
    const box = person && effectiveBoxAt(person, session.tracks, frame)?.box;
    if (!person || !box) throw new Error('There is nobody to edit.');
    const edit = editOf(session.document, planMoveBox(session.document, person.id, frame, { ...box, x: box.x + 8 }));
    if (edit) session.applyEdit(session.store.seq, edit);
  }
}

/** What a rerun after an edit of 12 frames costs of the whole run, and how long undo of it takes, on the sample looped. */
export async function benchRerun(session: ProjectSession): Promise<Measurement[]> {
  const whole = await secondsOf(() => launchRun(session, { scope: 'missing' }).ended);
  editBoxes(session);
  const rerun = await secondsOf(() => launchRun(session, { scope: 'outOfDate' }).ended);
  const times: number[] = [];
  for (let step = 0; step < EDITED.to - EDITED.from; step++) {
    times.push(1000 * (await secondsOf(async () => void session.store.undo())));
  }
  const isBack = session.results().people.every(({ outOfDate }) => outOfDate.length === 0);
  if (!isBack) throw new Error('Undo did not bring the bodies back.');
  const slowest = Math.max(...times);
  return [
    {
      title: `Rerun of 12 edited frames of ${RERUN_FRAMES}`,
      ratio: rerun / whole,
      meaning: `of the whole run; at most ${MOST_SHARE}`,
      detail: `rerun ${rerun.toFixed(2)} s, whole run ${whole.toFixed(1)} s`,
    },
    {
      title: 'Undo of it, bodies back',
      ratio: slowest / MOST_UNDO_MS,
      meaning: `of ${MOST_UNDO_MS} ms, the slowest of ${times.length}; below 1`,
      detail: `${slowest.toFixed(0)} ms, all ${times.length} together ${times.reduce((a, b) => a + b, 0).toFixed(0)} ms`,
    },
  ];
}
