import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { Edit } from '#core/document/patch';
import { countFrames } from '#core/frames/span';
import { planInterpolate, planMoveBox, planNewPerson } from '#core/tracks/boxEdits';
import { planSwap } from '#core/tracks/identityEdits';
import { DetectionStore } from '#engine/project/detectionStore';
import type { ProjectSession } from '#engine/project/projectSession';
import { projectFolder } from '#engine/project/projectFolder';
import { findDetector } from '#engine/detection/registry';
import { editOf } from '../project/randomEdits';
import { FakeProject, outcome, run, trackOf, walker } from './fakeProject';

vi.mock('#engine/video/decodeStream', async (original) => {
  const { fakeDecodeFrames } = await import('./fakeDecoder');
  return { ...(await original<object>()), decodeFrames: fakeDecodeFrames };
});

const FRAMES = 400;
const two = [walker(100), walker(700, 30, 360)];

function apply(session: ProjectSession, plan: Parameters<typeof editOf>[1]): Edit {
  const edit = editOf(session.document, plan);
  if (!edit) throw new Error('the edit changes something');
  session.applyEdit(session.store.seq, edit);
  return edit;
}

function personAt(session: ProjectSession, place: number): string {
  const person = session.document.people[place];
  if (!person) throw new Error(`there is no person ${place}`);
  return person.id;
}

function results(session: ProjectSession, place: number) {
  const found = session.results().people.find(({ person }) => person === personAt(session, place));
  if (!found) throw new Error(`there are no results of person ${place}`);
  return found;
}

describe('a whole run', () => {
  it('finds everybody, looks at each once a frame, and leaves nothing out of date', async () => {
    const project = new FakeProject(two, FRAMES);
    const session = project.open();
    const { job } = await run(session);
    expect(job.state).toBe('done');
    const main = session.document.people.filter(({ foldedBecause }) => foldedBecause === undefined);
    expect(main.map(({ segments }) => segments)).toEqual([
      [expect.objectContaining({ from: 0, to: 400 })],
      [expect.objectContaining({ from: expect.any(Number), to: expect.any(Number) })],
    ]);
    for (const [place] of main.entries()) {
      const { current, outOfDate, present } = results(session, place);
      expect([outOfDate, current]).toEqual([[], present]);
    }
    expect(countFrames(results(session, 0).current)).toBe(400);
    expect(countFrames(results(session, 1).current)).toBeGreaterThan(320);
    expect(session.motion.get(personAt(session, 0))?.isFinal).toBe(true);
    for (const stage of job.stages) expect(stage.done).toBe(stage.total);
    await session.close();
  });

  it('shows the first bodies after about three seconds of video', async () => {
    const project = new FakeProject(two, FRAMES);
    const session = project.open();
    let searched: number | undefined;
    session.events.subscribe((event) => {
      if (event.type !== 'results' || searched !== undefined) return;
      if (event.results.people.some(({ present }) => present.length > 0)) searched = project.calls.detected.length;
    });
    await run(session);
    expect(searched).toBeDefined();
    const perFrame = project.calls.detected.length / FRAMES;
    expect((searched ?? Infinity) / perFrame).toBeLessThanOrEqual(3 * 30 + 6 * 30);
    await session.close();
  });

  it('gives the same in chunks as in one piece', async () => {
    const inChunks = new FakeProject(two, FRAMES);
    const first = inChunks.open();
    await run(first);
    const inOne = new FakeProject(two, FRAMES);
    const detector = findDetector('movenet-multipose');
    const name = `${detector.id}-${detector.version}`;
    const from = new DetectionStore(join(projectFolder(inChunks.root).detections, name), FRAMES);
    const all = new DetectionStore(join(projectFolder(inOne.root).detections, name), FRAMES);
    all.add(FRAMES, new Map([...from.detections.entries()].flatMap(([k, list]) => (list ? [[k, list]] : []))));
    all.flush();
    const second = inOne.open();
    const { job } = await run(second);
    expect([job.state, inOne.calls.detected]).toEqual(['done', []]);
    expect(outcome(second)).toEqual(outcome(first));
    await first.close();
    await second.close();
  });

  it('has nothing to do the second time, nor after a restart', async () => {
    const project = new FakeProject(two, FRAMES);
    const session = project.open();
    await run(session);
    const before = outcome(session);
    const { total } = project.calls;
    await run(session);
    await run(session, { scope: 'outOfDate' });
    const document = session.document;
    await session.close();
    const again = project.open();
    expect(again.document).toEqual(document);
    await run(again);
    expect(project.calls.total).toBe(total);
    expect(outcome(again)).toEqual(before);
    await again.close();
  });

  it('ends without bodies and without a fault where nobody is', async () => {
    const project = new FakeProject([], FRAMES);
    const session = project.open();
    const { job, error } = await run(session);
    expect([job.state, error, session.document.people]).toEqual(['done', undefined, []]);
    expect(project.calls.observed).toEqual([]);
    await session.close();
  });

  it('follows somebody who leaves and comes back, without a body in between', async () => {
    const away = { ...walker(300), seen: (frame: number) => frame < 150 || frame >= 280 };
    const project = new FakeProject([away], FRAMES);
    const session = project.open();
    expect((await run(session)).job.state).toBe('done');
    const frames = new Map<number, number>();
    for (const [place] of session.document.people.entries()) {
      const motion = session.motion.get(personAt(session, place));
      motion?.present.forEach((present, frame) => frames.set(frame, (frames.get(frame) ?? 0) + present));
    }
    expect([frames.get(100), frames.get(215), frames.get(350)]).toEqual([1, 0, 1]);
    for (const [place] of session.document.people.entries()) expect(results(session, place).outOfDate).toEqual([]);
    await session.close();
  });

  it('takes given boxes instead of searching, and keeps them for later sessions', async () => {
    const project = new FakeProject(two, FRAMES);
    const given = two.map((actor, index) => trackOf(`given-${index}`, actor, 20 * index, 300));
    const session = project.open(given);
    expect(session.document.people).toHaveLength(2);
    await run(session);
    expect(project.calls.detected).toEqual([]);
    expect(results(session, 1).current).toEqual([{ from: 20, to: 300 }]);
    const before = outcome(session);
    await session.close();
    const again = project.open();
    expect(outcome(again)).toEqual(before);
    expect(results(again, 1).outOfDate).toEqual([]);
    const { total } = project.calls;
    await run(again);
    expect(project.calls.total).toBe(total);
    await again.close();
  });
});

describe('stopping and going on', () => {
  const CLIP = 220;

  async function uninterrupted(): Promise<{ result: unknown; calls: string[] }> {
    const project = new FakeProject(two, CLIP);
    const session = project.open();
    const calls: string[] = [];
    project.calls.before = (_, what) => calls.push(what);
    await run(session);
    const result = outcome(session);
    await session.close();
    return { result, calls };
  }

  it.each(['decode', 'detect', 'observe', 'solve'])('gives the same after being cancelled at any %s', async (stage) => {
    const { result, calls } = await uninterrupted();
    const own = calls.flatMap((what, index) => (what === stage ? [index + 1] : []));
    for (const at of [own[0] ?? 0, own[own.length >> 1] ?? 0, own[own.length - 1] ?? 0]) {
      const project = new FakeProject(two, CLIP);
      let session = project.open();
      for (const restart of [false, true]) {
        const until = project.calls.total + at;
        project.calls.before = (count) => {
          if (count !== until) return;
          for (const job of session.jobList()) session.findJob(job.id)?.controller.abort();
        };
        const { job, error } = await run(session);
        expect(error).toBeUndefined();
        if (!restart) {
          expect(job.state).toBe('cancelled');
          continue;
        }
        await session.close();
        session = project.open();
      }
      project.calls.before = () => undefined;
      expect((await run(session)).job.state).toBe('done');
      expect(outcome(session)).toEqual(result);
      await session.close();
    }
  });

  it('keeps what was done when the decoder fails half-way, and says why', async () => {
    const { result } = await uninterrupted();
    const project = new FakeProject(two, CLIP);
    const session = project.open();
    project.calls.before = (_, what, frame) => {
      if (what === 'decode' && frame === 170) throw new Error('the file ends in the middle of a frame');
    };
    const { job, error } = await run(session);
    expect(job).toMatchObject({ state: 'failed', problem: { message: 'the file ends in the middle of a frame' } });
    expect(error).toBeInstanceOf(Error);
    expect(session.results().detectedFrames).toBeGreaterThan(140);
    expect(countFrames(results(session, 0).current)).toBeGreaterThan(30);
    await session.close();
    const again = project.open();
    const found = again.results().detectedFrames;
    expect(found).toBeGreaterThan(140);
    project.calls.before = () => undefined;
    project.calls.detected = [];
    expect((await run(again)).job.state).toBe('done');
    expect(Math.min(...project.calls.detected)).toBeGreaterThanOrEqual(found);
    expect(outcome(again)).toEqual(result);
    await again.close();
  });

  it('waits for what runs before it closes, and writes nothing after that', async () => {
    const project = new FakeProject(two, CLIP);
    const session = project.open();
    const ended = run(session);
    while (project.calls.observed.length < 20) await new Promise((resolve) => setImmediate(resolve));
    await session.close();
    const { total } = project.calls;
    expect((await ended).job.state).toBe('cancelled');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(project.calls.total).toBe(total);
  });

  it('looks again at what the cache has lost, and never takes a body away for it', async () => {
    const { result } = await uninterrupted();
    const project = new FakeProject(two, CLIP);
    const session = project.open();
    project.calls.before = (_, what) => {
      if (what === 'solve' && project.calls.solved.length >= 4) throw new Error('stop before the end');
    };
    await run(session);
    await session.close();
    rmSync(projectFolder(project.root).cache, { recursive: true });
    project.calls.before = () => undefined;
    const again = project.open();
    expect((await run(again)).job.state).toBe('done');
    expect(outcome(again)).toEqual(result);
    await again.close();
  });
});

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
    apply(session, planMoveBox(session.document, personAt(session, 0), 200, { x: 10, y: 20, width: 100, height: 300 }));
    const stated = [{ from: 200 - 12, to: 201 + 12 }];
    expect(results(session, 0).outOfDate).toEqual(stated);
    expect(results(session, 1).outOfDate).toEqual([]);
    await run(session, { scope: 'outOfDate' });
    expect(project.calls.observed).toEqual([200]);
    expect(project.calls.decoded).toEqual([200]);
    expect(project.calls.solved).toEqual([{ ...stated[0], held: true }]);
    expect(results(session, 0).outOfDate).toEqual([]);
    await session.close();
  });

  it('has the old bodies back at once after undo and another rerun, without looking', async () => {
    const { project, session } = await finished();
    const before = outcome(session);
    apply(session, planMoveBox(session.document, personAt(session, 0), 200, { x: 10, y: 20, width: 100, height: 300 }));
    session.store.undo();
    expect(results(session, 0).outOfDate).toEqual([]);
    session.store.redo();
    await run(session, { scope: 'outOfDate' });
    expect(outcome(session)).not.toEqual(before);
    session.store.undo();
    expect(results(session, 0).outOfDate).toEqual([{ from: 188, to: 213 }]);
    project.calls.observed = [];
    await run(session, { scope: 'outOfDate' });
    expect(project.calls.observed).toEqual([]);
    expect(outcome(session)).toEqual(before);
    await session.close();
  });

  it('does not look again after two people were swapped', async () => {
    const { project, session } = await finished();
    const [a, b] = [personAt(session, 0), personAt(session, 1)];
    apply(session, planSwap(session.document, a, b, { from: 100, to: 200 }));
    expect(results(session, 0).outOfDate).toEqual([{ from: 88, to: 212 }]);
    await run(session, { scope: 'outOfDate' });
    expect(project.calls.observed).toEqual([]);
    expect(results(session, 0).outOfDate).toEqual([]);
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
        apply(session, planMoveBox(session.document, id, frame, { x: frame, y: 20, width: 100, height: 300 }));
      }
      await run(session, { scope: 'outOfDate', focusFrame });
      expect(project.calls.observed).toEqual(order);
      expect(project.calls.solved.map(({ from }) => from)).toEqual(order.map((frame) => frame - 12));
      expect(results(session, 0).outOfDate).toEqual([]);
      await session.close();
    }
  });

  it('keeps to the asked-for span and people', async () => {
    const { project, session } = await finished();
    const [a, b] = [personAt(session, 0), personAt(session, 1)];
    for (const id of [a, b]) {
      for (const frame of [100, 200]) {
        apply(session, planMoveBox(session.document, id, frame, { x: frame, y: 20, width: 100, height: 300 }));
      }
    }
    await run(session, { scope: 'outOfDate', people: [b], span: { from: 150, to: 260 } });
    expect(project.calls.observed).toEqual([200]);
    expect(results(session, 0).outOfDate).toHaveLength(2);
    expect(results(session, 1).outOfDate).toEqual([{ from: 88, to: 113 }]);
    await session.close();
  });

  it('takes in an edit made while it runs', async () => {
    const { project, session } = await finished();
    const id = personAt(session, 0);
    apply(session, planMoveBox(session.document, id, 100, { x: 5, y: 20, width: 100, height: 300 }));
    let edited = false;
    project.calls.before = (_, what) => {
      if (what !== 'solve' || edited) return;
      edited = true;
      apply(session, planMoveBox(session.document, id, 105, { x: 9, y: 20, width: 100, height: 300 }));
    };
    await run(session, { scope: 'outOfDate' });
    expect(project.calls.observed).toEqual([100, 105]);
    expect(results(session, 0).outOfDate).toEqual([]);
    await session.close();
  });

  it.each(['outOfDate', 'missing'] as const)('computes somebody drawn by hand before any run (%s)', async (scope) => {
    const project = new FakeProject([], FRAMES);
    const session = project.open();
    apply(session, planNewPerson(session.document, 50, { x: 100, y: 100, width: 80, height: 200 }));
    const id = personAt(session, 0);
    apply(session, planMoveBox(session.document, id, 90, { x: 160, y: 100, width: 80, height: 200 }));
    apply(session, planInterpolate(session.document, id, 60));
    expect(results(session, 0).outOfDate).toEqual([{ from: 50, to: 91 }]);
    const { job } = await run(session, { scope });
    expect(job.state).toBe('done');
    expect(results(session, 0)).toMatchObject({ current: [{ from: 50, to: 91 }], outOfDate: [] });
    expect(session.motion.get(id)?.isFinal).toBe(true);
    expect(project.calls.observed).toHaveLength(41);
    await session.close();
  });

  it('leaves the rest of somebody drawn by hand out of date when only a span is run', async () => {
    const project = new FakeProject([], FRAMES);
    const session = project.open();
    apply(session, planNewPerson(session.document, 50, { x: 100, y: 100, width: 80, height: 200 }));
    const id = personAt(session, 0);
    apply(session, planMoveBox(session.document, id, 150, { x: 160, y: 100, width: 80, height: 200 }));
    apply(session, planInterpolate(session.document, id, 60));
    await run(session, { scope: 'outOfDate', span: { from: 50, to: 100 } });
    expect(countFrames(results(session, 0).present)).toBe(50);
    expect(results(session, 0).outOfDate).toEqual([{ from: 88, to: 151 }]);
    expect(session.motion.get(id)?.isFinal).toBe(false);
    await run(session, { scope: 'outOfDate' });
    expect(results(session, 0)).toMatchObject({ current: [{ from: 50, to: 151 }], outOfDate: [] });
    await session.close();
  });

  it('makes everything out of date by another quality or focal length, and finds the old results again', async () => {
    const { project, session } = await finished();
    const { settings } = session.document;
    const before = outcome(session);
    session.setRunSettings({ ...settings, focalFactor: 1.2 });
    expect(countFrames(results(session, 0).outOfDate)).toBe(400);
    await run(session, { scope: 'outOfDate' });
    expect(project.calls.observed).toEqual([]);
    expect(results(session, 0).outOfDate).toEqual([]);
    session.setRunSettings({ ...settings, quality: 'fast' });
    expect(countFrames(results(session, 0).outOfDate)).toBe(400);
    await run(session, { scope: 'missing' });
    expect(project.calls.observed.length).toBeGreaterThan(700);
    expect(results(session, 0).outOfDate).toEqual([]);
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
    expect(countFrames(results(session, 0).outOfDate)).toBe(400);
    session.setRunSettings(settings);
    expect(results(session, 0).outOfDate).toEqual([]);
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
      apply(session, {
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
    for (const place of [0, 1]) expect(results(session, place).outOfDate).toEqual([]);
    await session.close();
  });
});
