import { countFrames, type Span } from '#core/frames/span';
import { formatNumber, spanText } from './numbers';

/** From the first to the last frame of spans that are in order; undefined for none. */
export function extentOf(spans: readonly Span[]): Span | undefined {
  const [first, last] = [spans[0], spans.at(-1)];
  return first && last && { from: first.from, to: last.to };
}

/** Where somebody is, by the frames with a box: `Frames 40–99`, or `Frames 40–99, 55 with a box` where some have none. */
export function presenceText(spans: readonly Span[]): string {
  const extent = extentOf(spans);
  if (!extent) return 'No boxes';
  const frames = countFrames(spans);
  const where = `${extent.to - extent.from > 1 ? 'Frames' : 'Frame'} ${spanText(extent)}`;
  return frames === extent.to - extent.from ? where : `${where}, ${formatNumber(frames)} with a box`;
}
