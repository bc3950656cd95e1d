import { setImmediate } from 'node:timers/promises';

/** Longest time that work holds the thread before others get a turn, ms. */
const TURN = 12;

/**
 * Lets timers, messages and cancellation through during long work: writers await promises that are ready at once, which
 * alone never gives the event loop a turn.
 */
export class Breather {
  private since = performance.now();

  /** Gives way when enough time has passed. @throws the signal's reason when it is aborted */
  async pause(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (performance.now() - this.since < TURN) return;
    await setImmediate();
    this.since = performance.now();
    signal.throwIfAborted();
  }
}
