import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { planMoveBox } from '#core/tracks/boxEdits';
import { estimators } from '#engine/estimation/registry';
import { MotionStore } from '#engine/project/motionStore';
import { motionFolderName } from '#engine/project/motionKind';
import type { ProjectSession } from '#engine/project/projectSession';
import { applyPlan, FakeProject, outcome, personAt, resultsOf, run } from './fakeProject';
import { walker } from './madeUpVideo';

vi.mock('#engine/video/decodeStream', async (original) => {
  const { fakeDecodeFrames } = await import('./fakeDecoder');
  return { ...(await original<object>()), decodeFrames: fakeDecodeFrames };
});

const FRAMES = 120;
/** Reach of the fake fit, frames. */
const REACH = 12;
const { id: estimator, version } = estimators[0];
const bodyModel = 'retake-default-1';

function folderOf(project: FakeProject, kind: Partial<{ estimator: string; version: number; bodyModel: string }> = {}) {
  return join(project.root, 'results', motionFolderName({ estimator, version, bodyModel, ...kind }));
}

/** Two people over a clip, computed by the version before: its rows have keys that this version gives to nothing. */
async function fromBefore() {
  const project = new FakeProject([walker(100), walker(700)], FRAMES);
  const session = project.open();
  await run(session);
  await session.close();
  const before = outcome(session);
  const folder = folderOf(project, { version: version - 1 });
  renameSync(folderOf(project), folder);
  const store = new MotionStore(folder, FRAMES);
  for (const { id } of session.document.people) {
    const keys = store.get(id)?.keys.map((key) => (key === 0 ? 0 : key + 1)) ?? new Float64Array(FRAMES);
    const rows = store.slice(id, 0, FRAMES);
    if (rows) store.write(id, rows, keys, true);
  }
  store.flush();
  project.calls.solved = [];
  return { project, before, poses: posesOf(session) };
}

function posesOf(session: ProjectSession): Float32Array[] {
  return session.document.people.map((person) => {
    const rows = session.shown.slice(person, 0, FRAMES);
    if (!rows) throw new Error(`${person.name} has no body`);
    return rows.poses;
  });
}

function isEarlier(session: ProjectSession): boolean[] {
  return session.results().people.map(({ fromEarlierVersion }) => fromEarlierVersion === true);
}

const WHOLE = [{ from: 0, to: FRAMES }];

describe('bodies of an earlier version of the estimator', () => {
  it('are shown as they were, all of them out of date, and nothing is written for that', async () => {
    const { project, poses } = await fromBefore();
    const session = project.open();
    expect(posesOf(session)).toEqual(poses);
    expect(resultsOf(session, 0)).toMatchObject({ present: WHOLE, outOfDate: WHOLE, current: [] });
    expect(isEarlier(session)).toEqual([true, true]);
    expect(session.results().keptBodies).toBeUndefined();
    await session.close();
    expect(existsSync(folderOf(project))).toBe(false);
  });

  it('give way to a rerun, which gives what this version would have given', async () => {
    const { project, before } = await fromBefore();
    const session = project.open();
    await run(session, { scope: 'outOfDate' });
    expect(outcome(session)).toEqual(before);
    expect(isEarlier(session)).toEqual([false, false]);
    await session.close();
    const again = project.open();
    expect(resultsOf(again, 1).outOfDate).toEqual([]);
    expect(isEarlier(again)).toEqual([false, false]);
    await again.close();
  });

  it('stay beside what was rerun, of the same person and of others, also after a restart', async () => {
    const { project, poses } = await fromBefore();
    const session = project.open();
    const [person, span] = [personAt(session, 0), { from: 0, to: 40 }];
    await run(session, { scope: 'outOfDate', people: [person], span });
    await session.close();
    const again = project.open();
    expect(isEarlier(again)).toEqual([true, true]);
    expect(resultsOf(again, 0)).toMatchObject({ present: WHOLE, current: [{ from: 0, to: 40 - REACH }] });
    expect(posesOf(again)[0]?.subarray(60 * 72)).toEqual(poses[0]?.subarray(60 * 72));
    expect(posesOf(again)[1]).toEqual(poses[1]);
    await run(again, { scope: 'outOfDate' });
    expect(again.results().people.every(({ outOfDate }) => outOfDate.length === 0)).toBe(true);
    expect(isEarlier(again)).toEqual([false, false]);
    await again.close();
  });

  it('stay with edits of boxes, their undo, and what a killed rerun left', async () => {
    const { project, poses } = await fromBefore();
    const session = project.open();
    const box = { x: 10, y: 20, width: 100, height: 300 };
    applyPlan(session, planMoveBox(session.document, personAt(session, 0), 50, box));
    expect(posesOf(session)).toEqual(poses);
    session.store.undo();
    expect(resultsOf(session, 0)).toMatchObject({ present: WHOLE, outOfDate: WHOLE });
    await run(session, { scope: 'outOfDate', people: [personAt(session, 0)] });
    await session.close();
    // Killed before the shape, which says what counts, was written.
    rmSync(join(folderOf(project), personAt(session, 0), 'shape.bundle'));
    const again = project.open();
    expect(posesOf(again)).toEqual(poses);
    expect(isEarlier(again)).toEqual([true, true]);
    await run(again, { scope: 'outOfDate' });
    expect(isEarlier(again)).toEqual([false, false]);
    await again.close();
  });

  it('can be kept as a run, which stands after the rerun', async () => {
    const { project, poses } = await fromBefore();
    const session = project.open();
    const people = session.document.people.map(({ id }) => id);
    const { settings } = session.document;
    const kept = session.kept.keep({ motion: session.motion, settings, bodyModel, people });
    await run(session, { scope: 'outOfDate' });
    await session.close();
    const again = project.open();
    expect(again.kept.motion(kept.id).get(people[0] ?? '')?.poses).toEqual(poses[0]);
    await again.close();
  });
});

describe('bodies that cannot be shown', () => {
  it.each([
    [{ bodyModel: 'retake-default-0' }, 'Bodies made for another body model (retake-default-0) are kept'],
    [{ version: version + 1 }, 'Bodies made by a newer version of the estimator are kept'],
    [{ estimator: 'vibe', version: 1, bodyModel: 'smpl-x' }, 'Bodies of "VIBE with SMPL" are kept'],
  ])('are named in a sentence: %o', async (kind, sentence) => {
    const { project } = await fromBefore();
    renameSync(folderOf(project, { version: version - 1 }), folderOf(project, kind));
    const session = project.open();
    expect(session.results().keptBodies).toContain(sentence);
    expect(resultsOf(session, 0).present).toEqual([]);
    await run(session);
    expect(session.results().keptBodies).toBeUndefined();
    await session.close();
  });
});
