import type { DecodedFrame, DecodeOptions } from '#engine/video/decodeStream';

/** What was asked of the fakes, and where they are to be stopped. */
export class Calls {
  decoded: number[] = [];
  detected: number[] = [];
  observed: number[] = [];
  solved: { from: number; to: number; held: boolean; isDraft: boolean }[] = [];
  /** Fits under way, and the most there were at a time. */
  fits = 0;
  mostFitsAtOnce = 0;
  /** Frames that the observer gives no answer for. */
  readonly unseen = new Set<number>();
  /** Frames that the decoder cannot give, in whose place the one before stands. */
  readonly undecodable = new Set<number>();
  /** Awaited by every fit before it answers. */
  fitting: Promise<void> = Promise.resolve();
  private count = 0;
  /** R, G, B bytes of a frame, 64 x 36; nothing can be told of one without any. */
  pictureOn: (frame: number) => Uint8Array = () => new Uint8Array(0);
  /** Called before every call with its number and what it is. */
  before: (count: number, what: 'decode' | 'detect' | 'observe' | 'solve', frame: number) => void = () => undefined;

  note(what: 'decode' | 'detect' | 'observe' | 'solve', frame: number): void {
    this.count += 1;
    this.before(this.count, what, frame);
  }

  get total(): number {
    return this.count;
  }
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

let decoding: Calls | undefined;

/** Says where frames that are decoded from now on are counted. */
export function decodeFor(calls: Calls): void {
  decoding = calls;
}

/** Stands in for the decoder: frames without pixels, each exactly once, in order. For `vi.mock`. */
export async function* fakeDecodeFrames(options: DecodeOptions, signal?: AbortSignal): AsyncGenerator<DecodedFrame> {
  const { span } = options;
  for (let frameIndex = span.from; frameIndex < span.to; frameIndex++) {
    await nextTurn();
    signal?.throwIfAborted();
    decoding?.note('decode', frameIndex);
    decoding?.decoded.push(frameIndex);
    const hold = () => () => undefined;
    const data = decoding?.pictureOn(frameIndex) ?? new Uint8Array(0);
    yield { frameIndex, width: 64, height: 36, data, isRepeated: decoding?.undecodable.has(frameIndex) === true, hold };
  }
}
