import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '#core/errors';
import type { Job } from '#core/protocol/messages';
import { EventSource, eventStream } from '#engine/events';
import { JobTracker } from '#engine/pipeline/jobTracker';
import { TaskWindow } from '#engine/pipeline/taskWindow';

function gate() {
  let open: () => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  const promise = new Promise<void>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  return { promise, open, fail };
}

const turns = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('a window of tasks', () => {
  it('never runs more than its size at once, and all of them', async () => {
    const window = new TaskWindow(3);
    let running = 0;
    let most = 0;
    let done = 0;
    for (let k = 0; k < 20; k++) {
      await window.add(async () => {
        most = Math.max(most, ++running);
        await turns();
        running -= 1;
        done += 1;
      });
    }
    await window.settled();
    expect([most, done]).toEqual([3, 20]);
  });

  it('starts nothing after a failure, waits for the rest, and tells the first failure', async () => {
    const window = new TaskWindow(2);
    const [first, second] = [gate(), gate()];
    let third = false;
    await window.add(() => first.promise);
    await window.add(() => second.promise);
    const adding = window.add(async () => {
      third = true;
    });
    first.fail(new Error('first'));
    await expect(adding).rejects.toThrow('first');
    let settled = false;
    const waiting = window.settled().then(() => {
      settled = true;
    });
    await turns();
    expect(settled).toBe(false);
    second.fail(new Error('second'));
    await waiting;
    expect(() => window.throwIfFailed()).toThrow('first');
    expect(third).toBe(false);
  });

  it('counts a task that throws at once as failed', async () => {
    const window = new TaskWindow(2);
    await window.add(() => {
      throw new Error('at once');
    });
    await window.settled();
    expect(() => window.throwIfFailed()).toThrow('at once');
  });
});

describe('the progress of a job', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function jobOf(...stages: { id: string; total: number; overlaps?: boolean; cost?: number }[]) {
    const heard: Job[] = [];
    const full = stages.map((stage) => ({ title: stage.id, unit: 'frames', ...stage }));
    const job = new JobTracker('j', 'run', 'Run', full, (snapshot) => heard.push(snapshot));
    return { job, heard };
  }

  function work(job: JobTracker, stage: string, from: number, to: number, perSecond: number): void {
    for (let done = from; done <= to; done++) {
      job.advance(stage, done);
      vi.advanceTimersByTime(1000 / perSecond);
    }
  }

  it('tells the time left once it was measured', () => {
    const { job } = jobOf({ id: 'a', total: 100 });
    expect(job.snapshot().secondsLeft).toBeUndefined();
    job.advance('a', 0);
    expect(job.snapshot().secondsLeft).toBeUndefined();
    work(job, 'a', 0, 40, 10);
    expect(job.snapshot().secondsLeft).toBeCloseTo(6, 0);
    work(job, 'a', 40, 100, 10);
    expect(job.snapshot().secondsLeft).toBe(0);
  });

  it('does not count time in which another stage had its turn', () => {
    const { job } = jobOf({ id: 'a', total: 100 }, { id: 'b', total: 100 });
    work(job, 'a', 0, 50, 10);
    work(job, 'b', 0, 50, 2);
    work(job, 'a', 50, 60, 10);
    expect(job.snapshot().secondsLeft).toBeCloseTo(40 / 10 + 50 / 2, 0);
  });

  it('counts a stage beside the others only where it takes longer', () => {
    const { job } = jobOf({ id: 'a', total: 100 }, { id: 'b', total: 100, overlaps: true });
    work(job, 'a', 0, 50, 10);
    work(job, 'b', 0, 50, 100);
    expect(job.snapshot().secondsLeft).toBeCloseTo(5, 0);
  });

  it('expects of a stage what the others let expect, until it was measured', () => {
    const { job } = jobOf({ id: 'a', total: 100, cost: 1 }, { id: 'b', total: 100, cost: 3 });
    expect(job.snapshot().secondsLeft).toBeUndefined();
    work(job, 'a', 0, 50, 10);
    expect(job.snapshot().secondsLeft).toBeCloseTo(50 / 10 + 100 * (3 / 10), 0);
    work(job, 'b', 0, 50, 1);
    expect(job.snapshot().secondsLeft).toBeCloseTo(50 / 10 + 50, 0);
  });

  it('does not count what a stage needs to get ready', () => {
    const { job } = jobOf({ id: 'a', total: 100 });
    job.advance('a', 0);
    vi.advanceTimersByTime(3000);
    work(job, 'a', 1, 40, 10);
    expect(job.snapshot().secondsLeft).toBeCloseTo(6, 0);
  });

  it('names the stage at work and the share of all work done, which never jumps back and forth', () => {
    const { job } = jobOf(
      { id: 'a', total: 100, cost: 1 },
      { id: 'b', total: 100, cost: 3 },
      { id: 'c', total: 100, cost: 1, overlaps: true },
    );
    expect(job.snapshot()).toMatchObject({ activeStage: 'a', fraction: 0 });
    work(job, 'a', 0, 50, 10);
    expect(job.snapshot()).toMatchObject({ activeStage: 'a', fraction: 0.1 });
    work(job, 'b', 0, 50, 10);
    work(job, 'c', 0, 10, 10);
    expect(job.snapshot()).toMatchObject({ activeStage: 'b', fraction: expect.closeTo(0.42, 6) });
    // Said again without anything done: it is not its turn.
    job.advance('a', 50);
    expect(job.snapshot().activeStage).toBe('b');
    work(job, 'a', 50, 51, 10);
    expect(job.snapshot().activeStage).toBe('a');
    for (const stage of ['a', 'b']) job.advance(stage, 100);
    expect(job.snapshot().activeStage).toBe('c');
    job.advance('c', 100);
    expect(job.snapshot().activeStage).toBeUndefined();
    expect(job.snapshot().fraction).toBe(1);
  });

  it('does not flood its listeners, but always tells the end', () => {
    const { job, heard } = jobOf({ id: 'a', total: 1000 });
    work(job, 'a', 0, 1000, 1000);
    expect(heard.length).toBeLessThan(12);
    job.finish();
    expect(heard[heard.length - 1]).toMatchObject({ state: 'done', stages: [{ done: 1000, total: 1000 }] });
  });

  it('is failed with a sentence, or cancelled without one', async () => {
    const failed = jobOf({ id: 'a', total: 1 });
    failed.job.finish(new AppError('DISK_FULL', 'The disk is full.', { hint: 'Free some space.' }));
    await failed.job.ended;
    const problem = { code: 'DISK_FULL', message: 'The disk is full.', hint: 'Free some space.' };
    expect(failed.heard[failed.heard.length - 1]).toMatchObject({ state: 'failed', problem });
    for (const error of [new AppError('CANCELLED', 'Cancelled'), new DOMException('x', 'AbortError')]) {
      const { job, heard } = jobOf({ id: 'a', total: 1 });
      job.finish(error);
      expect(heard[heard.length - 1]?.state).toBe('cancelled');
      expect(heard[heard.length - 1]?.problem).toBeUndefined();
    }
    const aborted = jobOf({ id: 'a', total: 1 });
    aborted.job.controller.abort();
    aborted.job.finish(new Error('the decoder was stopped'));
    expect(aborted.job.snapshot().state).toBe('cancelled');
  });

  it('ends once', () => {
    const { job, heard } = jobOf({ id: 'a', total: 1 });
    job.finish();
    job.finish(new Error('too late'));
    expect(heard.filter(({ state }) => state !== 'running').map(({ state }) => state)).toEqual(['done']);
  });
});

describe('a stream of events', () => {
  const never = () => false;

  it('holds what happens before it is read, and gives it in order', async () => {
    const source = new EventSource<number>();
    const stream = eventStream(source, undefined, never);
    source.emit(1);
    source.emit(2);
    expect((await stream.next()).value).toBe(1);
    expect((await stream.next()).value).toBe(2);
    const waiting = stream.next();
    source.emit(3);
    expect((await waiting).value).toBe(3);
    await stream.return();
  });

  it('lets newer events replace waiting ones of their kind', async () => {
    const source = new EventSource<string>();
    const stream = eventStream(source, undefined, (waiting, arriving) => waiting[0] === arriving[0]);
    for (const event of ['a1', 'b1', 'a2', 'a3', 'b2']) source.emit(event);
    expect([(await stream.next()).value, (await stream.next()).value]).toEqual(['a3', 'b2']);
    await stream.return();
  });

  it('ends when its signal aborts, while waiting, before being read, and from the start', async () => {
    const source = new EventSource<number>();
    const controller = new AbortController();
    const [waiting, unread] = [1, 2].map(() => eventStream(source, controller.signal, never));
    const next = waiting?.next();
    await turns();
    controller.abort();
    expect(await next).toEqual({ done: true, value: undefined });
    expect(await unread?.next()).toEqual({ done: true, value: undefined });
    expect(await eventStream(source, controller.signal, never).next()).toEqual({ done: true, value: undefined });
    expect(source.listenerCount).toBe(0);
  });

  it('stops listening when its reader goes', async () => {
    const source = new EventSource<number>();
    const stream = eventStream(source, undefined, never);
    source.emit(1);
    for await (const event of stream) {
      expect(event).toBe(1);
      break;
    }
    expect(source.listenerCount).toBe(0);
  });
});
