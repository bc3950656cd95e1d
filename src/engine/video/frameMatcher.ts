import type { Span } from '#core/frames/span';

/** Where a decoded picture belongs. */
export interface Placement {
  /** The frame it is; null when it is none of the table's in the span and must be dropped. */
  frameIndex: number | null;
  /** Frames before it that the decoder did not deliver; they are shown as the nearest earlier picture. */
  missing: Span | null;
}

/**
 * Gives decoded pictures their frame index. By pts when `pts` is there (a picture between two entries of the table is
 * dropped, a skipped entry is reported as missing), else by counting from `span.from`, or along `only` when just those
 * frames of the span are decoded.
 */
export class FrameMatcher {
  private next: number;
  private counted = 0;

  constructor(
    private readonly span: Span,
    private readonly pts: readonly number[] | null,
    private readonly only: readonly number[] | null = null,
  ) {
    this.next = span.from;
  }

  /** Places one picture; pictures must come in the order of presentation. */
  place(pts: number | null): Placement {
    if (this.next >= this.span.to) return { frameIndex: null, missing: null };
    if (this.pts === null) return { frameIndex: this.count(), missing: null };
    if (pts === null) return { frameIndex: null, missing: null };
    let frameIndex = this.next;
    while (frameIndex < this.span.to && (this.pts[frameIndex] ?? Infinity) < pts) frameIndex++;
    if (frameIndex >= this.span.to || this.pts[frameIndex] !== pts) return { frameIndex: null, missing: null };
    const missing = frameIndex > this.next ? { from: this.next, to: frameIndex } : null;
    this.next = frameIndex + 1;
    return { frameIndex, missing };
  }

  private count(): number | null {
    if (this.only === null) return this.next++;
    const frameIndex = this.only[this.counted++];
    if (frameIndex === undefined) return null;
    this.next = frameIndex + 1;
    return frameIndex;
  }

  /** Frames that never came, once the decoder has ended; null when all did. */
  rest(): Span | null {
    return this.next < this.span.to ? { from: this.next, to: this.span.to } : null;
  }

  /** True when every frame of the span has been placed. */
  get isComplete(): boolean {
    return this.next >= this.span.to;
  }
}
