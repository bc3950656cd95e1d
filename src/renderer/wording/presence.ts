import { countFrames, type Span } from '#core/frames/span';
import { countOf, formatNumber, spanText } from './numbers';

/** From the first to the last frame of spans that are in order; undefined for none. */
export function extentOf(spans: readonly Span[]): Span | undefined {
  const [first, last] = [spans[0], spans.at(-1)];
  return first && last && { from: first.from, to: last.to };
}

/** Where somebody is, by the frames with a box: `Frames 40–99`, or `Frames 40–99, 55 with a box` where some have none. */
export function presenceText(spans: readonly Span[]): string {
  const extent = extentOf(spans);
  if (!extent) return 'No boxes';
  const where = `${extent.to - extent.from > 1 ? 'Frames' : 'Frame'} ${spanText(extent)}`;
  return isWhole(spans, extent) ? where : `${where}, ${formatNumber(countFrames(spans))} with a box`;
}

/** The same for a narrow column: `40–99, 55 boxes` where some frames have none. */
export function shortPresence(spans: readonly Span[]): string {
  const extent = extentOf(spans);
  if (!extent || isWhole(spans, extent)) return presenceText(spans);
  return `${spanText(extent)}, ${countOf(countFrames(spans), 'box', 'boxes')}`;
}

function isWhole(spans: readonly Span[], extent: Span): boolean {
  return countFrames(spans) === extent.to - extent.from;
}
