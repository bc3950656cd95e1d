import { describe, expect, it } from 'vitest';
import type { Detection } from '#core/tracks/track';
import { followFrames } from '#engine/pipeline/followFrames';
import type { BorrowedFrame } from '#engine/pipeline/runContext';

type Context = Parameters<typeof followFrames>[0];

const detection = (x: number): Detection => ({ box: { x, y: 0, width: 10, height: 20 }, score: 0.9 });

/** A clip of 12 frames of which the first 4 were searched, every second of them; frames held are counted. */
function clip(detect: (frame: number) => Promise<Detection[]>) {
  const state = { held: 0, asked: [] as number[] };
  const context = {
    rate: 30,
    detector: { id: 'fake', effortAt: (frame: number) => (frame % 3 === 0 ? 'quick' : undefined) },
    detections: { detectedFrames: 4, detections: [[detection(0)], undefined, [], undefined] },
    async *decode({ from, to }: { from: number; to: number }): AsyncGenerator<BorrowedFrame> {
      for (let frameIndex = from; frameIndex < to; frameIndex++) {
        state.held += 1;
        const frame = { frameIndex, width: 2, height: 2, scale: 1, data: new Uint8Array(12) };
        const release = () => {
          state.held -= 1;
        };
        yield { frame, release };
      }
    },
    lanes: {
      run: async (_task: string, { frame }: { frame: { frameIndex: number } }) => {
        state.asked.push(frame.frameIndex);
        return detect(frame.frameIndex);
      },
    },
  } as unknown as Context;
  return { context, state };
}

async function seen(context: Context, from: number, to: number, direction: 'forward' | 'backward' = 'forward') {
  const frames: (number | undefined)[][] = [];
  for await (const { gray, people } of followFrames(context, { from, to }, direction, new AbortController().signal)) {
    frames.push([gray.frameIndex, people?.[0]?.box.x ?? people?.length]);
  }
  return frames;
}

describe('the frames of somebody who is followed', () => {
  it('have the people that a run found, and those seen now where it did not search', async () => {
    const { context, state } = clip(async (frame) => [detection(frame)]);
    const people = [0, undefined, 0, undefined, undefined, undefined, 6, undefined];
    expect(await seen(context, 0, 8)).toEqual(people.map((x, frame) => [frame, x]));
    expect(state).toEqual({ held: 0, asked: [6] });
  });

  it('are looked at where following starts, also backwards', async () => {
    const { context, state } = clip(async (frame) => [detection(frame)]);
    expect((await seen(context, 2, 9, 'backward')).map(([frame]) => frame)).toEqual([8, 7, 6, 5, 4, 3, 2]);
    expect(state).toEqual({ held: 0, asked: [6, 8] });
  });

  it('are taken without people when the detector cannot run, which is not tried again', async () => {
    const { context, state } = clip(() => Promise.reject(new Error('no network')));
    expect((await seen(context, 4, 12)).every(([, people]) => people === undefined)).toBe(true);
    expect(state).toEqual({ held: 0, asked: [4] });
  });
});
