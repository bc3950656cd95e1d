import { afterEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '#core/errors';
import { FrameSource, type Picture } from './frameSource';
import { createPlayhead } from './playhead';
import { MOST_HELD_MS, Presentation } from './presentation';
import { deferred } from './testing/deferred';

interface NumberedPicture extends Picture {
  frame: number;
}

function setUp() {
  const asked = new Map<number, { answer(): Promise<void>; fail(): Promise<void> }>();
  const settle = async (act: () => void) => {
    act();
    for (let k = 0; k < 4; k++) await Promise.resolve();
  };
  let time = 0;
  let tick: (() => void) | undefined;
  const source = new FrameSource<NumberedPicture>({
    load: (url, signal) => {
      const frame = Number(/frames\/(\d+)/.exec(url)?.[1]);
      const { promise, resolve, reject } = deferred<NumberedPicture>();
      signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
      asked.set(frame, {
        answer: () => settle(() => resolve({ frame, width: 640, height: 360, close: () => {} })),
        fail: () => settle(() => reject(new AppError('VIDEO_DAMAGED', 'The frame cannot be read.'))),
      });
      return promise;
    },
    now: () => time,
    setTimeout: () => 0,
    clearTimeout: () => {},
  });
  const head = createPlayhead({
    now: () => time,
    request: (callback) => {
      tick = callback;
      return 1;
    },
    cancel: () => {
      tick = undefined;
    },
  });
  const presentation = new Presentation(head, source);
  const times = {
    timeBase: { numerator: 1, denominator: 30000 },
    pts: Array.from({ length: 100 }, (_, k) => k * 1000),
  };
  source.setMedia({ projectId: 'p', width: 640, height: 360, frameCount: 100 });
  presentation.reset(times);
  head.setMedia(times);
  const refresh = (milliseconds: number) => {
    time += milliseconds;
    tick?.();
  };
  return { asked, head, presentation, refresh };
}

describe('Presentation', () => {
  it('keeps the picture before until the next one is there, and boxes with it', async () => {
    const { asked, head, presentation } = setUp();
    await asked.get(0)?.answer();
    expect([presentation.frame(), presentation.picture()?.frame]).toEqual([0, 0]);
    head.seek(40);
    expect([presentation.frame(), presentation.picture()?.frame]).toEqual([0, 0]);
    await asked.get(40)?.answer();
    expect([presentation.frame(), presentation.picture()?.frame]).toEqual([40, 40]);
    expect(presentation.isExact()).toBe(true);
  });

  it('shows late pictures while playing rather than none, and never one from the future', async () => {
    const { asked, head, presentation, refresh } = setUp();
    await asked.get(0)?.answer();
    head.play();
    refresh(34);
    expect(head.frame()).toBe(1);
    await asked.get(2)?.answer();
    expect(presentation.frame()).toBe(0);
    refresh(170);
    expect([head.frame() > 4, presentation.frame()]).toEqual([true, 2]);
    // Of those passed in the meantime the oldest request may finish; all others were aborted.
    const late = [...asked.keys()].filter((frame) => frame > 2 && frame < head.frame());
    for (const frame of late) await asked.get(frame)?.answer();
    expect(late).toContain(presentation.frame());
    const shown = presentation.frame();
    await asked.get(1)?.answer();
    expect(presentation.frame()).toBe(shown);
  });

  it('moves on without a picture where there is none to be had', async () => {
    const { asked, head, presentation } = setUp();
    await asked.get(0)?.answer();
    head.seek(50);
    await asked.get(50)?.fail();
    expect([presentation.frame(), presentation.picture()]).toEqual([50, undefined]);
  });
});

describe('a jump', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  async function setUpAtRest() {
    vi.useFakeTimers();
    const parts = setUp();
    const bodies = new Set<number>();
    parts.presentation.accompany((frame) => bodies.has(frame));
    await parts.asked.get(0)?.answer();
    vi.advanceTimersByTime(1000);
    const changes: number[] = [];
    parts.presentation.subscribe(() => changes.push(parts.presentation.frame()));
    return { ...parts, bodies, changes };
  }

  it('is held until its picture and its bodies are there, and then changes everything once', async () => {
    const { asked, head, presentation, bodies, changes } = await setUpAtRest();
    head.seek(50);
    expect(presentation.isHolding()).toBe(true);
    await asked.get(50)?.answer();
    presentation.complete();
    expect([presentation.frame(), presentation.isHolding()]).toEqual([0, true]);
    bodies.add(50);
    presentation.complete();
    expect([presentation.frame(), presentation.isHolding()]).toEqual([50, false]);
    vi.advanceTimersByTime(1000);
    expect(changes).toEqual([50]);
  });

  it('is held for a moment only: then its marks move, and its picture does not wait for bodies', async () => {
    const { asked, head, presentation, changes } = await setUpAtRest();
    head.seek(50);
    vi.advanceTimersByTime(MOST_HELD_MS + 1);
    expect([presentation.frame(), presentation.isHolding()]).toEqual([0, false]);
    expect(changes).toEqual([0]);
    await asked.get(50)?.answer();
    expect(presentation.frame()).toBe(50);
    vi.advanceTimersByTime(1000);
    head.seek(80);
    await asked.get(80)?.answer();
    expect(presentation.frame()).toBe(50);
    vi.advanceTimersByTime(MOST_HELD_MS + 1);
    expect(presentation.frame()).toBe(80);
  });

  it('is not held while it goes on, as in a drag, nor where everything is there', async () => {
    const { asked, head, presentation, bodies } = await setUpAtRest();
    head.seek(50);
    head.seek(60);
    expect(presentation.isHolding()).toBe(false);
    await asked.get(60)?.answer();
    expect(presentation.frame()).toBe(60);
    vi.advanceTimersByTime(1000);
    bodies.add(0);
    head.seek(0);
    expect([presentation.frame(), presentation.isHolding()]).toEqual([0, false]);
  });

  it('shows that there is no picture at once', async () => {
    const { asked, head, presentation, bodies } = await setUpAtRest();
    bodies.add(50);
    head.seek(50);
    await asked.get(50)?.fail();
    expect([presentation.frame(), presentation.picture(), presentation.isHolding()]).toEqual([50, undefined, false]);
  });
});
