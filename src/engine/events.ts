/** A list of listeners for one kind of event. */
export class EventSource<Event> {
  private readonly listeners = new Set<(event: Event) => void>();

  /** How many listen now. */
  get listenerCount(): number {
    return this.listeners.size;
  }

  /** Calls `listener` for every event until the returned function is called. */
  subscribe(listener: (event: Event) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  emit(event: Event): void {
    for (const listener of [...this.listeners]) listener(event);
  }
}

/**
 * Events from now on as an async iterator that ends when `signal` aborts. What arrives before it is read, and while the
 * reader is busy, waits in order; `replaces` says when a waiting event makes way for a newer one of its kind, so that a
 * slow reader holds little.
 */
export function eventStream<Event>(
  source: EventSource<Event>,
  signal: AbortSignal | undefined,
  replaces: (waiting: Event, arriving: Event) => boolean,
): AsyncGenerator<Event, void, void> {
  const queue: Event[] = [];
  let wake: (() => void) | undefined;
  const unsubscribe = source.subscribe((event) => {
    const at = queue.findIndex((waiting) => replaces(waiting, event));
    if (at >= 0) queue.splice(at, 1);
    queue.push(event);
    wake?.();
  });
  const stop = () => {
    unsubscribe();
    signal?.removeEventListener('abort', stop);
    wake?.();
  };
  signal?.addEventListener('abort', stop);
  if (signal?.aborted) stop();

  async function* drain(): AsyncGenerator<Event, void, void> {
    try {
      while (!signal?.aborted) {
        const event = queue.shift();
        if (event !== undefined) {
          yield event;
          continue;
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        wake = undefined;
      }
    } finally {
      stop();
    }
  }
  return drain();
}
