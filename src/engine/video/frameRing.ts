import { AppError } from '#core/errors';

/** A borrowed piece of a {@link FrameRing}. */
export interface FrameSlot {
  /** Position in the ring, `0 <= index < slots`. */
  index: number;
  /** The slot's bytes, on a SharedArrayBuffer: sent to a worker it is shared, not copied. */
  data: Uint8Array;
  /** Gives the slot back; only the first call counts. */
  release: () => void;
}

/**
 * A fixed set of frame buffers in shared memory. Whoever fills frames borrows a slot and waits while all are lent out:
 * that is what keeps memory flat and slows the decoder down to its consumer.
 */
export class FrameRing {
  readonly bytesPerSlot: number;
  readonly slots: number;
  private readonly views: Uint8Array[];
  private readonly free: number[];
  private readonly waiting: ((index: number) => void)[] = [];

  /** `slots` >= 3 buffers of `bytesPerSlot` bytes. */
  constructor(slots: number, bytesPerSlot: number) {
    if (!(slots >= 3) || !(bytesPerSlot > 0)) {
      throw new AppError(
        'INVALID_ARGUMENT',
        `A frame ring needs 3 or more slots of 1 or more bytes, not ${slots} of ${bytesPerSlot}`,
      );
    }
    this.slots = slots;
    this.bytesPerSlot = bytesPerSlot;
    this.views = Array.from({ length: slots }, () => new Uint8Array(new SharedArrayBuffer(bytesPerSlot)));
    this.free = Array.from({ length: slots }, (_, index) => slots - 1 - index);
  }

  /** Slots that are lent out now. */
  get inUse(): number {
    return this.slots - this.free.length;
  }

  /** Borrows a slot, waiting for one to come back if need be. Cancelled by `signal`. */
  async borrow(signal?: AbortSignal): Promise<FrameSlot> {
    signal?.throwIfAborted();
    const index = this.free.pop();
    if (index !== undefined) return this.lend(index);
    return new Promise((resolve, reject) => {
      const take = (freed: number): void => {
        signal?.removeEventListener('abort', cancel);
        resolve(this.lend(freed));
      };
      const cancel = (): void => {
        this.waiting.splice(this.waiting.indexOf(take), 1);
        reject(signal?.reason);
      };
      this.waiting.push(take);
      signal?.addEventListener('abort', cancel, { once: true });
    });
  }

  private lend(index: number): FrameSlot {
    const data = this.views[index];
    if (data === undefined) throw new AppError('INTERNAL', `The frame ring has no slot ${index}`);
    let isLent = true;
    const release = (): void => {
      if (!isLent) return;
      isLent = false;
      const next = this.waiting.shift();
      if (next) next(index);
      else this.free.push(index);
    };
    return { index, data, release };
  }
}
