import { freemem } from 'node:os';

/** Messages of ONNX Runtime and of drivers when memory ran out. */
const OUT_OF_MEMORY =
  /out of memory|OOM|bad_alloc|failed to allocate|allocation failed|E_OUTOFMEMORY|CUDA_ERROR_OUT_OF_MEMORY|device (was )?lost|DXGI_ERROR_DEVICE_(REMOVED|HUNG)/iu;

/** Share of the memory that is free now which one batch may take. */
const SHARE_OF_FREE = 0.25;

/** True for an error that a smaller batch may avoid. */
export function isOutOfMemory(error: unknown): boolean {
  return OUT_OF_MEMORY.test(error instanceof Error ? error.message : String(error));
}

/**
 * How many items a network is given at once: as many as a quarter of the free memory holds, and half as many each time
 * that memory ran out all the same. Keep one for each session; it remembers.
 */
export class AdaptiveBatches {
  private most: number;

  /**
   * @param itemBytes memory that one item takes while the network runs (activations, not weights)
   * @param most no more than this is of use
   * @param freeBytes free memory, for tests
   */
  constructor(itemBytes: number, most: number, freeBytes: number = freemem()) {
    this.most = Math.max(1, Math.min(most, Math.floor((SHARE_OF_FREE * freeBytes) / itemBytes)));
  }

  /** Items that the next batch may have. */
  get size(): number {
    return this.most;
  }

  /**
   * Calls `run` for `[from, to)` after `[from, to)` until `count` items are through; a batch that ran out of memory is
   * made again in halves. @throws what `run` rejects with, also a lack of memory for a single item
   */
  async run(count: number, run: (from: number, to: number) => Promise<void>): Promise<void> {
    for (let from = 0; from < count; ) {
      const to = Math.min(count, from + this.most);
      try {
        await run(from, to);
        from = to;
      } catch (error) {
        if (to - from === 1 || !isOutOfMemory(error)) throw error;
        this.most = Math.max(1, Math.floor((to - from) / 2));
      }
    }
  }
}
