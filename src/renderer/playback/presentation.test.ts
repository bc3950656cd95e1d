import { describe, expect, it } from 'vitest';
import { AppError } from '#core/errors';
import { FrameSource, type Picture } from './frameSource';
import { createPlayhead } from './playhead';
import { Presentation } from './presentation';
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
