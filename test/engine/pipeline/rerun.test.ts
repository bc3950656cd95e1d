import { describe, expect, it, vi } from 'vitest';
import { countFrames } from '#core/frames/span';
import { planMoveBox, planNewPerson } from '#core/tracks/boxEdits';
import { planInterpolate } from '#core/tracks/interpolationEdits';
import { planSwap } from '#core/tracks/identityEdits';
import { applyPlan, FakeProject, outcome, personAt, resultsOf, run } from './fakeProject';
import { walker } from './madeUpVideo';

vi.mock('#engine/video/decodeStream', async (original) => {
  const { fakeDecodeFrames } = await import('./fakeDecoder');
  return { ...(await original<object>()), decodeFrames: fakeDecodeFrames };
});

const FRAMES = 400;
const two = [walker(100), walker(700, 30, 360)];

describe('a rerun of what changed', () => {
  async function finished(actors = two) {
    const project = new FakeProject(actors, FRAMES);
    const session = project.open();
    await run(session);
    project.calls.decoded = [];
    project.calls.observed = [];
    project.calls.solved = [];
    return { project, session };
  }

  it('makes exactly the reach of an edit out of date, looks at one frame, fits the stated span', async () => {
    const { project, session } = await finished();
    applyPlan(
      session,
      planMoveBox(session.document, personAt(session, 0), 200, { x: 10, y: 20, width: 100, height: 300 }),
    );
    const stated = [{ from: 200 - 12, to: 201 + 12 }];
    expect(resultsOf(session, 0).outOfDate).toEqual(stated);
    expect(resultsOf(session, 1).outOfDate).toEqual([]);
    await run(session, { scope: 'outOfDate' });
    expect(project.calls.observed).toEqual([200]);
    expect(project.calls.decoded).toEqual([200]);
    expect(project.calls.solved).toEqual([{ ...stated[0], held: true, isDraft: false }]);
    expect(resultsOf(session, 0).outOfDate).toEqual([]);
    await session.close();
  });

  it('has the old bodies back at once after undo, also after a rerun', async () => {
    const { session } = await finished();
    const before = outcome(session);
    applyPlan(
      session,
      planMoveBox(session.document, personAt(session, 0), 200, { x: 10, y: 20, width: 100, height: 300 }),
    );
    session.store.undo();
    expect(resultsOf(session, 0).outOfDate).toEqual([]);
    session.store.redo();
    await run(session, { scope: 'outOfDate' });
    expect(outcome(session)).not.toEqual(before);
    session.store.undo();
    expect(resultsOf(session, 0).outOfDate).toEqual([]);
    expect(outcome(session)).toEqual(before);
    await session.close();
  });

  it('does not look again after two people were swapped', async () => {
    const { project, session } = await finished();
    const [a, b] = [personAt(session, 0), personAt(session, 1)];
    applyPlan(session, planSwap(session.document, a, b, { from: 100, to: 200 }));
    expect(resultsOf(session, 0).outOfDate).toEqual([{ from: 88, to: 212 }]);
    await run(session, { scope: 'outOfDate' });
    expect(project.calls.observed).toEqual([]);
    expect(resultsOf(session, 0).outOfDate).toEqual([]);
    await session.close();
  });

  it('begins with the span that is looked at', async () => {
    for (const [focusFrame, order] of [
      [310, [300, 200, 100]],
      [199, [200, 100, 300]],
      [0, [100, 200, 300]],
    ] as const) {
      const { project, session } = await finished();
      const id = personAt(session, 0);
      for (const frame of [100, 300, 200]) {
        applyPlan(session, planMoveBox(session.document, id, frame, { x: frame, y: 20, width: 100, height: 300 }));
      }
      await run(session, { scope: 'outOfDate', focusFrame });
      expect(project.calls.observed).toEqual(order);
      expect(project.calls.solved.map(({ from }) => from)).toEqual(order.map((frame) => frame - 12));
      expect(resultsOf(session, 0).outOfDate).toEqual([]);
      await session.close();
    }
  });

  it('keeps to the asked-for span and people', async () => {
    const { project, session } = await finished();
    const [a, b] = [personAt(session, 0), personAt(session, 1)];
    for (const id of [a, b]) {
      for (const frame of [100, 200]) {
        applyPlan(session, planMoveBox(session.document, id, frame, { x: frame, y: 20, width: 100, height: 300 }));
      }
    }
    await run(session, { scope: 'outOfDate', people: [b], span: { from: 150, to: 260 } });
    expect(project.calls.observed).toEqual([200]);
    expect(resultsOf(session, 0).outOfDate).toHaveLength(2);
    expect(resultsOf(session, 1).outOfDate).toEqual([{ from: 88, to: 113 }]);
    await session.close();
  });

  it('takes in an edit made while it runs', async () => {
    const { project, session } = await finished();
    const id = personAt(session, 0);
    applyPlan(session, planMoveBox(session.document, id, 100, { x: 5, y: 20, width: 100, height: 300 }));
    let edited = false;
    project.calls.before = (_, what) => {
      if (what !== 'solve' || edited) return;
      edited = true;
      applyPlan(session, planMoveBox(session.document, id, 105, { x: 9, y: 20, width: 100, height: 300 }));
    };
    await run(session, { scope: 'outOfDate' });
    expect(project.calls.observed).toEqual([100, 105]);
    expect(resultsOf(session, 0).outOfDate).toEqual([]);
    await session.close();
  });

  it.each(['outOfDate', 'missing'] as const)('computes somebody drawn by hand before any run (%s)', async (scope) => {
    const project = new FakeProject([], FRAMES);
    const session = project.open();
    applyPlan(session, planNewPerson(session.document, 50, { x: 100, y: 100, width: 80, height: 200 }));
    const id = personAt(session, 0);
    applyPlan(session, planMoveBox(session.document, id, 90, { x: 160, y: 100, width: 80, height: 200 }));
    applyPlan(session, planInterpolate(session.document, id, 60));
    expect(resultsOf(session, 0).outOfDate).toEqual([{ from: 50, to: 91 }]);
    const { job } = await run(session, { scope });
    expect(job.state).toBe('done');
    expect(resultsOf(session, 0)).toMatchObject({ current: [{ from: 50, to: 91 }], outOfDate: [] });
    expect(session.motion.get(id)?.isFinal).toBe(true);
    expect(project.calls.observed).toHaveLength(41);
    await session.close();
  });

  it('leaves the rest of somebody drawn by hand out of date when only a span is run', async () => {
    const project = new FakeProject([], FRAMES);
    const session = project.open();
    applyPlan(session, planNewPerson(session.document, 50, { x: 100, y: 100, width: 80, height: 200 }));
    const id = personAt(session, 0);
    applyPlan(session, planMoveBox(session.document, id, 150, { x: 160, y: 100, width: 80, height: 200 }));
    applyPlan(session, planInterpolate(session.document, id, 60));
    await run(session, { scope: 'outOfDate', span: { from: 50, to: 100 } });
    expect(countFrames(resultsOf(session, 0).present)).toBe(50);
    expect(resultsOf(session, 0).outOfDate).toEqual([{ from: 88, to: 151 }]);
    expect(session.motion.get(id)?.isFinal).toBe(false);
    await run(session, { scope: 'outOfDate' });
    expect(resultsOf(session, 0)).toMatchObject({ current: [{ from: 50, to: 151 }], outOfDate: [] });
    await session.close();
  });

  it('makes everything out of date by another quality or focal length, and finds the old results again', async () => {
    const { project, session } = await finished();
    const { settings } = session.document;
    const before = outcome(session);
    session.setRunSettings({ ...settings, focalFactor: 1.2 });
    expect(countFrames(resultsOf(session, 0).outOfDate)).toBe(400);
    await run(session, { scope: 'outOfDate' });
    expect(project.calls.observed).toEqual([]);
    expect(resultsOf(session, 0).outOfDate).toEqual([]);
    session.setRunSettings({ ...settings, quality: 'fast' });
    expect(countFrames(resultsOf(session, 0).outOfDate)).toBe(400);
    await run(session, { scope: 'missing' });
    expect(project.calls.observed.length).toBeGreaterThan(700);
    expect(resultsOf(session, 0).outOfDate).toEqual([]);
    session.setRunSettings(settings);
    project.calls.observed = [];
    await run(session, { scope: 'outOfDate' });
    expect(project.calls.observed).toEqual([]);
    expect(outcome(session)).toEqual(before);
    expect(() => session.setRunSettings({ ...settings, quality: 'splendid' })).toThrow(/no quality/);
    await session.close();
  });

  it('does not mix settings that are changed while it runs', async () => {
    const project = new FakeProject(two, FRAMES);
    const session = project.open();
    const { settings } = session.document;
    project.calls.before = (_, what) => {
      if (what === 'solve') session.setRunSettings({ ...settings, quality: 'fast' });
    };
    await run(session);
    expect(countFrames(resultsOf(session, 0).outOfDate)).toBe(400);
    session.setRunSettings(settings);
    expect(resultsOf(session, 0).outOfDate).toEqual([]);
    await session.close();
  });
});

describe('edits while people are still being found', () => {
  it('keeps a deleted person deleted, and lets undo bring all of them back', async () => {
    const project = new FakeProject(two, FRAMES);
    const session = project.open();
    let deleted: string | undefined;
    project.calls.before = (_, what) => {
      if (what !== 'solve' || deleted) return;
      deleted = personAt(session, 0);
      applyPlan(session, {
        label: 'Delete',
        recipe: (draft) => {
          draft.people = draft.people.filter(({ id }) => id !== deleted);
        },
      });
    };
    await run(session);
    project.calls.before = () => undefined;
    expect(session.document.people.map(({ id }) => id)).not.toContain(deleted);
    session.store.undo();
    const back = session.document.people.find(({ id }) => id === deleted);
    expect(back?.segments).toEqual([expect.objectContaining({ from: 0, to: FRAMES })]);
    expect(session.document.people.filter(({ foldedBecause }) => !foldedBecause)).toHaveLength(2);
    await run(session, { scope: 'outOfDate' });
    for (const place of [0, 1]) expect(resultsOf(session, place).outOfDate).toEqual([]);
    await session.close();
  });
});
