/** Tasks of networks under way for each lane: one computes while the next waits, so that no lane waits for the engine. */
export const NETWORK_QUEUE = 2;

/**
 * Runs tasks with at most `size` at a time, so that decoding, networks and fits overlap without frames piling up. The
 * first failure stops further tasks and is thrown by `throwIfFailed`.
 */
export class TaskWindow {
  private readonly running = new Set<Promise<void>>();
  private failure: { error: unknown } | undefined;

  constructor(private readonly size: number) {}

  /**
   * Starts a task as soon as there is room; resolves when it has started, not when it is done. A task whose
   * predecessor failed is not started.
   * @throws what a task before it failed with.
   */
  async add(task: () => Promise<void>): Promise<void> {
    while (this.running.size >= this.size && !this.failure) await Promise.race(this.running);
    this.throwIfFailed();
    const promise = Promise.resolve()
      .then(task)
      .catch((error: unknown) => {
        this.failure ??= { error };
      })
      .finally(() => this.running.delete(promise));
    this.running.add(promise);
  }

  /** Resolves when nothing runs any more; never rejects. */
  async settled(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }

  throwIfFailed(): void {
    if (this.failure) throw this.failure.error;
  }
}
