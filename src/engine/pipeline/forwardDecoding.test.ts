import { describe, expect, test } from 'vitest';
import type { Span } from '#core/frames/span';
import { BRIDGE_FRAMES, ForwardDecoding } from './forwardDecoding';
import type { BorrowedFrame } from './runContext';

/** A clip of 200 frames that tells which decoders were opened and ended, and which frames are on loan. */
class FakeClip {
  readonly frameCount = 200;
  readonly opened: Span[] = [];
  readonly onLoan = new Set<number>();
  ended = 0;
  /** A decoder that reaches this frame fails. */
  brokenAt = Infinity;

  async *decode(span: Span): AsyncGenerator<BorrowedFrame> {
    this.opened.push(span);
    try {
      for (let frameIndex = span.from; frameIndex < span.to; frameIndex++) {
        if (frameIndex === this.brokenAt) throw new Error('damaged');
        this.onLoan.add(frameIndex);
        const frame = { frameIndex, width: 2, height: 2, data: new Uint8Array(12), scale: 1 };
        yield { frame, release: () => this.onLoan.delete(frameIndex) };
      }
    } finally {
      this.ended++;
    }
  }
}

function decodingOf(clip: FakeClip): ForwardDecoding {
  return new ForwardDecoding(clip, 1920, new AbortController().signal);
}

async function framesOf(decoding: ForwardDecoding, span: Span): Promise<number[]> {
  const frames: number[] = [];
  for await (const { frame, release } of decoding.frames(span)) {
    frames.push(frame.frameIndex);
    release();
  }
  return frames;
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, k) => from + k);

describe('spans one after the other', () => {
  test('come from one decoder, with what lies between left out', async () => {
    const clip = new FakeClip();
    const decoding = decodingOf(clip);
    expect(await framesOf(decoding, { from: 10, to: 20 })).toEqual(range(10, 20));
    expect(await framesOf(decoding, { from: 20, to: 25 })).toEqual(range(20, 25));
    expect(await framesOf(decoding, { from: 25 + BRIDGE_FRAMES, to: 60 })).toEqual(range(25 + BRIDGE_FRAMES, 60));
    expect(clip.opened).toEqual([{ from: 10, to: 200 }]);
    await decoding.close();
    expect(clip).toMatchObject({ ended: 1, onLoan: new Set() });
  });

  test('are opened anew before the last frame and far behind it', async () => {
    const clip = new FakeClip();
    const decoding = decodingOf(clip);
    await framesOf(decoding, { from: 100, to: 110 });
    expect(await framesOf(decoding, { from: 0, to: 5 })).toEqual(range(0, 5));
    expect(await framesOf(decoding, { from: 6 + BRIDGE_FRAMES, to: 40 })).toEqual(range(6 + BRIDGE_FRAMES, 40));
    expect(clip.opened.map(({ from }) => from)).toEqual([100, 0, 6 + BRIDGE_FRAMES]);
    await decoding.close();
    expect(clip).toMatchObject({ ended: 3, onLoan: new Set() });
  });

  test('go on where somebody stopped reading', async () => {
    const clip = new FakeClip();
    const decoding = decodingOf(clip);
    for await (const { frame, release } of decoding.frames({ from: 0, to: 50 })) {
      release();
      if (frame.frameIndex === 7) break;
    }
    expect(await framesOf(decoding, { from: 8, to: 12 })).toEqual(range(8, 12));
    expect(clip.opened).toHaveLength(1);
  });
});

describe('a decoder that was prepared', () => {
  test('gives its first frame to whoever wants it', async () => {
    const clip = new FakeClip();
    const decoding = decodingOf(clip);
    await decoding.prepare(0);
    await decoding.prepare(0);
    expect(clip.opened).toHaveLength(1);
    expect(await framesOf(decoding, { from: 2, to: 4 })).toEqual([2, 3]);
    expect(clip.onLoan.size).toBe(0);
  });

  test('takes it back when nobody does', async () => {
    const clip = new FakeClip();
    const decoding = decodingOf(clip);
    await decoding.prepare(0);
    await decoding.close();
    expect(clip).toMatchObject({ ended: 1, onLoan: new Set() });
  });

  test('fails for whoever wants its frames, and is opened anew after that', async () => {
    const clip = new FakeClip();
    clip.brokenAt = 0;
    const decoding = decodingOf(clip);
    await decoding.prepare(0);
    await expect(framesOf(decoding, { from: 0, to: 3 })).rejects.toThrow('damaged');
    clip.brokenAt = Infinity;
    expect(await framesOf(decoding, { from: 0, to: 3 })).toEqual([0, 1, 2]);
    await decoding.close();
  });
});
