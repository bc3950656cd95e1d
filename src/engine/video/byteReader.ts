import type { Readable } from 'node:stream';
import { freeBuffers } from '../memory/freeBuffers';

/** Chunks are freed this many at a time: a socket's are 64 kB, and each call costs the same. */
const FREED_AT_ONCE = 16;
/** Shorter chunks may share their memory with others (Node's pool). */
const LEAST_OWN_BYTES = 16_384;

/**
 * Reads a stream into buffers of the caller: bytes go straight from each chunk to their place, and the stream is
 * paused whenever nobody waits for them. Nobody else may hold its chunks: their memory is given back when they are read.
 */
export class ByteReader {
  private target: Uint8Array | null = null;
  private filled = 0;
  private rest: Uint8Array | null = null;
  private ended = false;
  private settle: ((isFull: boolean) => void) | null = null;
  private readonly read: ArrayBuffer[] = [];

  constructor(private readonly stream: Readable) {
    stream.on('data', (chunk: Uint8Array) => this.accept(chunk));
    stream.pause();
    const end = (): void => {
      this.ended = true;
      this.finish(false);
    };
    stream.once('end', end);
    stream.once('close', end);
  }

  /** Fills `target` completely: true; false when the stream ended before. One call at a time. */
  async readInto(target: Uint8Array): Promise<boolean> {
    this.target = target;
    this.filled = 0;
    const rest = this.rest;
    this.rest = null;
    return new Promise((resolve) => {
      this.settle = resolve;
      if (rest) this.accept(rest);
      if (this.settle === null) return;
      if (this.ended) this.finish(false);
      else this.stream.resume();
    });
  }

  private accept(chunk: Uint8Array): void {
    const target = this.target;
    if (target === null) {
      this.rest = this.rest ? Buffer.concat([this.rest, chunk]) : chunk;
      return;
    }
    const count = Math.min(chunk.length, target.length - this.filled);
    target.set(count === chunk.length ? chunk : chunk.subarray(0, count), this.filled);
    this.filled += count;
    if (count < chunk.length) this.rest = chunk.subarray(count);
    else this.free(chunk);
    if (this.filled === target.length) this.finish(true);
  }

  private free({ buffer }: Uint8Array): void {
    if (!(buffer instanceof ArrayBuffer) || buffer.byteLength < LEAST_OWN_BYTES) return;
    if (this.read.push(buffer) >= FREED_AT_ONCE) freeBuffers(this.read.splice(0));
  }

  private finish(isFull: boolean): void {
    const settle = this.settle;
    if (settle === null) return;
    this.settle = null;
    this.target = null;
    this.stream.pause();
    settle(isFull);
  }
}
