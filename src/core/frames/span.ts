/** A run of frames `[from, to)`: `from` is the first frame, `to` the one after the last. `0 <= from < to`. */
export interface Span {
  from: number;
  to: number;
}

/** Number of frames of a list of spans. */
export function countFrames(spans: readonly Span[]): number {
  return spans.reduce((total, span) => total + span.to - span.from, 0);
}

/** Sorts, drops empty spans and joins those that touch or overlap: the normal form every other function returns. */
export function mergeSpans(spans: readonly Span[]): Span[] {
  const sorted = spans.filter((span) => span.to > span.from).sort((a, b) => a.from - b.from);
  const merged: Span[] = [];
  for (const span of sorted) {
    const last = merged[merged.length - 1];
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else merged.push({ from: span.from, to: span.to });
  }
  return merged;
}

/** Frames of `spans` that are not in `removed`. */
export function subtractSpans(spans: readonly Span[], removed: readonly Span[]): Span[] {
  let rest = mergeSpans(spans);
  for (const cut of mergeSpans(removed)) {
    rest = rest.flatMap((span) => {
      if (cut.to <= span.from || cut.from >= span.to) return [span];
      const pieces: Span[] = [];
      if (cut.from > span.from) pieces.push({ from: span.from, to: cut.from });
      if (cut.to < span.to) pieces.push({ from: cut.to, to: span.to });
      return pieces;
    });
  }
  return rest;
}

/** Frames that are in both lists. */
export function intersectSpans(a: readonly Span[], b: readonly Span[]): Span[] {
  const [ours, theirs] = [mergeSpans(a), mergeSpans(b)];
  const result: Span[] = [];
  let [left, right] = [0, 0];
  for (;;) {
    const [one, other] = [ours[left], theirs[right]];
    if (!one || !other) return result;
    const from = Math.max(one.from, other.from);
    const to = Math.min(one.to, other.to);
    if (from < to) result.push({ from, to });
    if (one.to <= other.to) left += 1;
    else right += 1;
  }
}

/** Each span widened by `margin` frames on both sides, kept inside `[0, frameCount)`. */
export function growSpans(spans: readonly Span[], margin: number, frameCount: number): Span[] {
  return mergeSpans(
    spans.map((span) => ({ from: Math.max(0, span.from - margin), to: Math.min(frameCount, span.to + margin) })),
  );
}

/** Runs of `true` in a per-frame predicate over `[0, frameCount)`. */
export function spansWhere(frameCount: number, predicate: (frameIndex: number) => boolean): Span[] {
  const spans: Span[] = [];
  let from = -1;
  for (let frameIndex = 0; frameIndex <= frameCount; frameIndex++) {
    const inside = frameIndex < frameCount && predicate(frameIndex);
    if (inside && from < 0) from = frameIndex;
    if (!inside && from >= 0) {
      spans.push({ from, to: frameIndex });
      from = -1;
    }
  }
  return spans;
}

/** True when two spans share a frame. */
export function overlaps(a: Span, b: Span): boolean {
  return a.from < b.to && b.from < a.to;
}

/** True when a frame lies in one of the spans. */
export function hasFrame(spans: readonly Span[], frameIndex: number): boolean {
  return spans.some((span) => frameIndex >= span.from && frameIndex < span.to);
}
