import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { countFrames, hasFrame } from '#core/frames/span';
import { DetectionStore } from '#engine/project/detectionStore';
import { projectFolder } from '#engine/project/projectFolder';
import { findDetector } from '#engine/detection/registry';
import { FakeProject, outcome, personAt, resultsOf, run, trackOf } from './fakeProject';
import { walker } from './madeUpVideo';

vi.mock('#engine/video/decodeStream', async (original) => {
  const { fakeDecodeFrames } = await import('./fakeDecoder');
  return { ...(await original<object>()), decodeFrames: fakeDecodeFrames };
});

const FRAMES = 400;
const two = [walker(100), walker(700, 30, 360)];

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
      const { current, outOfDate, present } = resultsOf(session, place);
      expect([outOfDate, current]).toEqual([[], present]);
    }
    expect(countFrames(resultsOf(session, 0).current)).toBe(400);
    expect(countFrames(resultsOf(session, 1).current)).toBeGreaterThan(320);
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

  it('drafts bodies while it searches, and fits everybody once as a whole, two at a time', async () => {
    const project = new FakeProject(two, FRAMES);
    const session = project.open();
    await run(session);
    const { solved } = project.calls;
    const wholes = solved.filter(({ isDraft }) => !isDraft);
    expect(wholes.map(({ from, to }) => to - from).sort()).toEqual(
      [0, 1].map((place) => countFrames(resultsOf(session, place).present)).sort(),
    );
    expect(wholes.every(({ held }) => !held)).toBe(true);
    // What was found last is in the whole fit, so no draft of it is made.
    const drafted = Math.max(...solved.filter(({ isDraft }) => isDraft).map(({ to }) => to));
    expect(drafted).toBeLessThan(FRAMES);
    expect(project.calls.mostFitsAtOnce).toBe(2);
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
    for (const [place] of session.document.people.entries()) expect(resultsOf(session, place).outOfDate).toEqual([]);
    await session.close();
  });

  it('takes given boxes instead of searching, and keeps them for later sessions', async () => {
    const project = new FakeProject(two, FRAMES);
    const given = two.map((actor, index) => trackOf(`given-${index}`, actor, 20 * index, 300));
    const session = project.open(given);
    expect(session.document.people).toHaveLength(2);
    await run(session);
    expect(project.calls.detected).toEqual([]);
    expect(resultsOf(session, 1).current).toEqual([{ from: 20, to: 300 }]);
    const before = outcome(session);
    await session.close();
    const again = project.open();
    expect(outcome(again)).toEqual(before);
    expect(resultsOf(again, 1).outOfDate).toEqual([]);
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

  it('finds the same cuts wherever it is stopped, and takes a flash for none', async () => {
    const [flash, cut] = [40, 60];
    const shot = (isDark: (x: number) => boolean) =>
      Uint8Array.from({ length: 64 * 36 * 3 }, (_, at) => (isDark(Math.floor(at / 3) % 64) ? 30 : 220));
    const [first, second] = [shot((x) => x < 32), shot((x) => x % 32 < 16)];
    const white = new Uint8Array(64 * 36 * 3).fill(255);
    for (let stop = flash - 2; stop <= cut + 6; stop += 1) {
      const project = new FakeProject([walker(100)], CLIP);
      project.calls.pictureOn = (frame) => (frame === flash ? white : frame < cut ? first : second);
      project.calls.before = (_, what, frame) => {
        if (what === 'decode' && frame === stop) throw new Error('the file ends here');
      };
      const session = project.open();
      expect((await run(session)).job.state).toBe('failed');
      project.calls.before = () => undefined;
      expect((await run(session)).job.state).toBe('done');
      expect([stop, session.cuts]).toEqual([stop, [cut]]);
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
    expect(countFrames(resultsOf(session, 0).current)).toBeGreaterThan(30);
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

  it('does not end before the fit that is under way, whose result is kept', async () => {
    const project = new FakeProject(two, CLIP);
    const session = project.open();
    let open: () => void = () => undefined;
    project.calls.fitting = new Promise((resolve) => {
      open = resolve;
    });
    project.calls.before = (_, what) => {
      if (what === 'decode' && project.calls.solved.length > 0) throw new Error('the file ends here');
    };
    const ended = run(session);
    while (project.calls.solved.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(session.jobList()[0]?.state).toBe('running');
    open();
    expect((await ended).job.state).toBe('failed');
    expect(countFrames(resultsOf(session, 0).present)).toBeGreaterThan(0);
    await session.close();
  });

  it('leaves a frame out of date that could not be looked at, until it can', async () => {
    const { result } = await uninterrupted();
    const project = new FakeProject(two, CLIP);
    const session = project.open();
    project.calls.unseen.add(100);
    expect((await run(session)).job.state).toBe('done');
    for (const place of [0, 1]) {
      expect(hasFrame(resultsOf(session, place).outOfDate, 100)).toBe(true);
      expect(hasFrame(resultsOf(session, place).outOfDate, 60)).toBe(false);
    }
    project.calls.unseen.clear();
    await run(session);
    expect(outcome(session)).toEqual(result);
    await session.close();
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
