import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { hasFrame } from '#core/frames/span';
import { planMoveBox } from '#core/tracks/boxEdits';
import { effectiveBoxAt } from '#core/tracks/effectiveBoxes';
import type { ProjectSession } from '#engine/project/projectSession';
import { diceFrom, randomEdit, rolled } from '../project/randomEdits';
import { applyPlan, FakeProject, outcome, personAt, resultsOf, run } from './fakeProject';
import { walker } from './madeUpVideo';

vi.mock('#engine/video/decodeStream', async (original) => {
  const { fakeDecodeFrames } = await import('./fakeDecoder');
  return { ...(await original<object>()), decodeFrames: fakeDecodeFrames };
});

const FRAMES = 160;
/** Reach of the fake fit, frames. */
const REACH = 12;

function moved(session: ProjectSession, frame: number, x: number, place = 0): void {
  const box = { x, y: 20, width: 100, height: 300 };
  applyPlan(session, planMoveBox(session.document, personAt(session, place), frame, box));
}

async function finished(frames = FRAMES) {
  const project = new FakeProject([walker(100), walker(700, 30, 140)], frames);
  const session = project.open();
  await run(session);
  project.calls.solved = [];
  return { project, session };
}

/** Nothing is out of date, and nothing was computed. */
function expectAtOnce(project: FakeProject, session: ProjectSession): void {
  for (const { outOfDate } of session.results().people) expect(outOfDate).toEqual([]);
  expect(project.calls.solved).toEqual([]);
}

/** Rows that are said to be up to date but are not what their boxes give: `person frame`. */
function wrongRows(session: ProjectSession): string[] {
  const wrong: string[] = [];
  const { people } = session.results();
  for (const person of session.document.people) {
    const stored = session.motion.get(person.id);
    const current = people.find((entry) => entry.person === person.id)?.current ?? [];
    const boxes = Array.from({ length: FRAMES }, (_, frame) => effectiveBoxAt(person, session.tracks, frame)?.box);
    for (let frame = 0; frame < FRAMES; frame++) {
      if (!hasFrame(current, frame)) continue;
      const seen: number[] = [];
      for (let near = Math.max(0, frame - REACH); near <= Math.min(FRAMES - 1, frame + REACH); near++) {
        const box = boxes[near];
        if (box) seen.push(Math.fround(box.x + near));
      }
      const mean = seen.reduce((sum, value) => sum + value, 0) / seen.length / 1000;
      if (Math.abs((stored?.poses[frame * 72] ?? 0) - mean) > 1e-5) wrong.push(`${person.number} ${frame}`);
    }
  }
  return wrong;
}

describe('earlier results', () => {
  it('are back at once with undo and redo, to the last bit', async () => {
    const { project, session } = await finished();
    const before = outcome(session);
    moved(session, 80, 10);
    await run(session, { scope: 'outOfDate' });
    const after = outcome(session);
    expect(after).not.toEqual(before);
    project.calls.solved = [];
    session.store.undo();
    expectAtOnce(project, session);
    expect(outcome(session)).toEqual(before);
    session.store.redo();
    expectAtOnce(project, session);
    expect(outcome(session)).toEqual(after);
    await session.close();
  });

  it('are back with a box that is moved back by hand, while another edit stands', async () => {
    const { project, session } = await finished(400);
    moved(session, 60, 10);
    await run(session, { scope: 'outOfDate' });
    moved(session, 300, 10);
    await run(session, { scope: 'outOfDate' });
    const after = outcome(session);
    moved(session, 60, 12);
    await run(session, { scope: 'outOfDate' });
    project.calls.solved = [];
    moved(session, 60, 10);
    expectAtOnce(project, session);
    expect(outcome(session)).toEqual(after);
    await session.close();
  });

  it('are not taken where something they were made from has changed since', async () => {
    const { session } = await finished();
    moved(session, 80, 10);
    await run(session, { scope: 'outOfDate' });
    moved(session, 95, 30);
    await run(session, { scope: 'outOfDate' });
    moved(session, 80, 100 + 80 * 0.3);
    expect(resultsOf(session, 0).outOfDate).not.toEqual([]);
    expect(wrongRows(session)).toEqual([]);
    await session.close();
  });

  it('bring the shape back that a run with other settings replaced', async () => {
    const { project, session } = await finished();
    const before = outcome(session);
    const { settings } = session.document;
    session.setRunSettings({ ...settings, quality: 'fast' });
    await run(session);
    const fast = outcome(session);
    project.calls.solved = [];
    session.setRunSettings(settings);
    expectAtOnce(project, session);
    expect(outcome(session)).toEqual(before);
    session.store.undo();
    expectAtOnce(project, session);
    expect(outcome(session)).toEqual(fast);
    await session.close();
  });

  it('outlive a restart, and come back when the end was not written', async () => {
    const { project, session } = await finished();
    const before = outcome(session);
    moved(session, 80, 10);
    await run(session, { scope: 'outOfDate' });
    await session.close();
    // The edit is taken back and the engine killed before anything but the journal is written.
    const second = project.open();
    second.store.undo();
    const third = project.open();
    project.calls.solved = [];
    expectAtOnce(project, third);
    expect(outcome(third)).toEqual(before);
    await second.close();
    await third.close();
  });

  it('are only a cache: damaged or deleted ones are made again', async () => {
    const { project, session } = await finished();
    const before = outcome(session);
    moved(session, 80, 10);
    await run(session, { scope: 'outOfDate' });
    await session.close();
    const folder = join(project.root, 'cache', 'earlier');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.bundle'));
    expect(files.length).toBeGreaterThan(0);
    for (const name of files) {
      const bytes = readFileSync(join(folder, name));
      bytes[bytes.length >> 1]! ^= 1;
      writeFileSync(join(folder, name), bytes);
    }
    const again = project.open();
    again.store.undo();
    expect(resultsOf(again, 0).outOfDate).toEqual([{ from: 68, to: 93 }]);
    await run(again, { scope: 'outOfDate' });
    expect(outcome(again)).toEqual(before);
    await again.close();
    rmSync(folder, { recursive: true });
    const empty = project.open();
    empty.store.redo();
    expect(resultsOf(empty, 0).outOfDate).toEqual([{ from: 68, to: 93 }]);
    await empty.close();
  });

  it('leave what a run of a span did not reach out of date', async () => {
    const { session } = await finished();
    moved(session, 80, 10);
    await run(session, { scope: 'outOfDate', span: { from: 78, to: 84 } });
    expect(wrongRows(session)).toEqual([]);
    expect(resultsOf(session, 0).outOfDate).not.toEqual([]);
    await run(session, { scope: 'outOfDate' });
    expect(resultsOf(session, 0).outOfDate).toEqual([]);
    expect(wrongRows(session)).toEqual([]);
    await session.close();
  });

  it('never make a frame look up to date that is not, whatever is edited, run, undone and redone', {
    timeout: 120_000,
  }, async () => {
    let isHit = false;
    for (let seed = 1; seed <= 4; seed++) {
      const { project, session } = await finished();
      const next = diceFrom(seed);
      for (let step = 0; step < 24; step++) {
        const kind = next();
        project.calls.solved = [];
        const stale = () => session.results().people.filter(({ outOfDate }) => outOfDate.length > 0).length;
        const before = stale();
        if (kind < 0.35) {
          const edit = randomEdit(session.document, rolled(next));
          if (edit) session.applyEdit(session.store.seq, edit);
        } else if (kind < 0.55) {
          session.store.undo();
          if (before === 0 && stale() === 0) isHit = true;
        } else if (kind < 0.65) session.store.redo();
        else if (kind < 0.75) {
          const from = Math.floor(next() * FRAMES);
          await run(session, { scope: 'outOfDate', span: { from, to: Math.min(FRAMES, from + 20) } });
        } else await run(session, { scope: 'outOfDate' });
        expect(wrongRows(session), `seed ${seed}, step ${step}`).toEqual([]);
      }
      await session.close();
    }
    expect(isHit).toBe(true);
  });

  it('go when there are too many, those first that were not used for longest', async () => {
    const { project, session } = await finished();
    const { EarlierResults } = await import('#engine/project/earlierResults');
    const folder = join(project.root, 'few');
    const person = personAt(session, 0);
    const rows = (from: number) => ({
      ...{ span: { from, to: from + 10 }, support: { from, to: from + 10 }, digest: from, shape: 1 },
    });
    const all = new EarlierResults(folder, Infinity);
    for (const from of [0, 10, 20]) all.keep(session.motion, person, rows(from));
    all.flush();
    const place = join(folder, session.motion.name, person);
    const { size } = statSync(join(place, readdirSync(place)[0] ?? ''));
    const few = new EarlierResults(folder, size * 2.5);
    few.keep(session.motion, person, rows(30));
    few.flush();
    expect(few.of(session.motion, person).map(({ digest }) => digest)).toEqual([30, 20]);
    expect(new EarlierResults(folder, Infinity).of(session.motion, person)).toHaveLength(2);
    await session.close();
  });
});
