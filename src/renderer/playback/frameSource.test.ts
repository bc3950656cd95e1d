import { describe, expect, it } from 'vitest';
import { deferred } from './testing/deferred';
import { AppError } from '#core/errors';
import type { FrameFocus } from './frameReach';
import { FrameSource, type Picture, PREVIEW_LONG_SIDE, REST_MS } from './frameSource';

interface Asked {
  frame: number;
  longSide: number;
  signal: AbortSignal;
  answer(): Promise<void>;
  fail(): Promise<void>;
}

class FakePicture implements Picture {
  isClosed = false;
  constructor(
    readonly width: number,
    readonly height: number,
  ) {}
  close(): void {
    this.isClosed = true;
  }
}

function setUp(options: { width?: number; height?: number; frameCount?: number; budget?: number } = {}) {
  const asked: Asked[] = [];
  const pictures: FakePicture[] = [];
  const timers: { at: number; callback: () => void }[] = [];
  let now = 0;
  const width = options.width ?? 1920;
  const height = options.height ?? 1080;
  const source = new FrameSource<FakePicture>(
    {
      load: (url, signal) => {
        const match = /frames\/(\d+)\.jpg\?longSide=(\d+)/.exec(url);
        const frame = Number(match?.[1]);
        const longSide = Number(match?.[2]);
        const { promise, resolve, reject } = deferred<FakePicture>();
        signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
        const settle = async (act: () => void) => {
          act();
          for (let k = 0; k < 4; k++) await Promise.resolve();
        };
        asked.push({
          frame,
          longSide,
          signal,
          answer: () =>
            settle(() => {
              const picture = new FakePicture(longSide, Math.round((longSide * height) / width));
              pictures.push(picture);
              resolve(picture);
            }),
          fail: () => settle(() => reject(new AppError('VIDEO_DAMAGED', 'The frame cannot be read.'))),
        });
        return promise;
      },
      now: () => now,
      setTimeout: (callback, milliseconds) => timers.push({ at: now + milliseconds, callback }),
      clearTimeout: (handle) => {
        const timer = timers[handle - 1];
        if (timer) timer.callback = () => {};
      },
    },
    options.budget ?? 1e9,
  );
  const pass = (milliseconds: number) => {
    now += milliseconds;
    for (const timer of timers) {
      if (timer.at > now) continue;
      timer.at = Infinity;
      timer.callback();
    }
  };
  source.setMedia({ projectId: 'p', width, height, frameCount: options.frameCount ?? 100 });
  return { source, asked, pictures, pass };
}

const paused = (frame: number): FrameFocus => ({ frame, isPlaying: false, direction: 1, framesPerSecond: 30 });
const playing = (frame: number): FrameFocus => ({ ...paused(frame), isPlaying: true });
const open = (asked: Asked[]) => asked.filter((request) => !request.signal.aborted).map((request) => request.frame);

describe('FrameSource', () => {
  it('asks for the shown frame first, then ahead', async () => {
    const { source, asked } = setUp();
    expect(asked.map((request) => request.frame)).toEqual([0, 1, 2]);
    expect(asked[0]?.longSide).toBe(PREVIEW_LONG_SIDE);
    await asked[0]?.answer();
    expect(source.picture(0)?.width).toBe(PREVIEW_LONG_SIDE);
    expect(source.loadedRanges()).toEqual([{ from: 0, to: 1 }]);
  });

  it('asks for nothing but the frame after a jump, and loads ahead in the direction of motion once it rests', async () => {
    const { source, asked, pass } = setUp();
    source.show({ ...paused(50), direction: -1 });
    expect(open(asked).filter((frame) => frame > 2)).toEqual([50]);
    await asked.find((request) => request.frame === 50)?.answer();
    expect(open(asked)).not.toContain(49);
    pass(REST_MS + 1);
    expect(open(asked)).toContain(49);
    expect(open(asked)).not.toContain(51);
  });

  it('reads nothing ahead while the picture that was jumped to is still on its way', async () => {
    const { source, asked, pass } = setUp();
    source.show(paused(50));
    pass(REST_MS + 1);
    pass(REST_MS + 1);
    expect(open(asked).filter((frame) => frame > 2)).toEqual([50]);
    await asked.find((request) => request.frame === 50)?.answer();
    expect(open(asked).filter((frame) => frame > 2)).toEqual([50]);
    pass(REST_MS + 1);
    expect(open(asked)).toContain(51);
  });

  it('loads ahead at once while stepping', async () => {
    const { source, asked } = setUp();
    source.show(paused(50));
    await asked.find((request) => request.frame === 50)?.answer();
    source.show({ ...paused(49), direction: -1 });
    expect(open(asked)).toContain(48);
    expect(open(asked)).not.toContain(51);
  });

  it('aborts what a jump left behind, sparing one picture while none is there', async () => {
    const { source, asked } = setUp();
    source.show(paused(60));
    expect(open(asked)).toEqual([0, 60]);
    await asked.find((request) => request.frame === 60)?.answer();
    source.show(paused(61));
    expect(open(asked)).not.toContain(0);
  });

  it('keeps at most one superseded request through a long scrub', () => {
    const { source, asked } = setUp();
    for (let frame = 5; frame < 90; frame += 9) source.show(paused(frame));
    const settledFocus = 86;
    const superseded = open(asked).filter((frame) => Math.abs(frame - settledFocus) > 6);
    expect(superseded.length).toBeLessThanOrEqual(1);
    expect(open(asked)).toContain(settledFocus);
  });

  it('gets the full size after a rest, and not while moving', async () => {
    const { source, asked, pass } = setUp();
    await asked[0]?.answer();
    expect(asked.some((request) => request.longSide === 1920)).toBe(false);
    pass(REST_MS + 1);
    const full = asked.find((request) => request.longSide === 1920);
    expect(full?.frame).toBe(0);
    await full?.answer();
    expect(source.isFull(0)).toBe(true);
    expect(source.picture(0)?.width).toBe(1920);
  });

  it('never asks twice when the preview is the full size', async () => {
    const { source, asked, pass } = setUp({ width: 640, height: 360 });
    await asked[0]?.answer();
    pass(REST_MS + 1);
    expect(asked.filter((request) => request.frame === 0)).toHaveLength(1);
    expect(source.isFull(0)).toBe(true);
  });

  it('lets requests finish while playing, beginning where they come in time', async () => {
    const { source, asked } = setUp();
    await asked[0]?.answer();
    source.show(playing(1));
    const before = open(asked);
    source.show(playing(2));
    source.show(playing(3));
    expect(open(asked)).toEqual(expect.arrayContaining(before.filter((frame) => frame >= 3)));
  });

  it('holds its budget, closes what it drops and keeps the frame on the screen', async () => {
    const bytes = 1280 * 720 * 4;
    const { source, asked, pictures } = setUp({ budget: bytes * 5 });
    source.hold(0);
    for (let frame = 0; frame < 40; frame++) {
      source.show(paused(frame));
      for (const request of asked.splice(0).filter((one) => !one.signal.aborted)) await request.answer();
    }
    expect(source.bytes).toBeLessThanOrEqual(bytes * 5);
    expect(source.picture(0)?.isClosed).toBe(false);
    expect(pictures.filter((picture) => !picture.isClosed).length).toBeLessThanOrEqual(5);
  });

  it('says when a frame cannot be had and tries again later', async () => {
    const { source, asked, pass } = setUp();
    const heard: number[] = [];
    source.subscribe((frame) => heard.push(frame));
    await asked[0]?.fail();
    expect(source.failure(0)?.code).toBe('VIDEO_DAMAGED');
    expect(heard).toEqual([0]);
    const count = asked.filter((request) => request.frame === 0).length;
    pass(2001);
    expect(asked.filter((request) => request.frame === 0).length).toBe(count + 1);
  });

  it('drops everything with the video', async () => {
    const { source, asked, pictures } = setUp();
    await asked[0]?.answer();
    source.setMedia(undefined);
    expect(open(asked).filter((frame) => frame !== 0)).toEqual([]);
    expect(pictures.every((picture) => picture.isClosed)).toBe(true);
    expect(source.picture(0)).toBeUndefined();
  });
});
