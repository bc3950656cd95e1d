import { describe, expect, it } from 'vitest';
import { BARS, layoutForWindow } from './layoutStorage';

const area = (width: number, height: number) => ({ width, height: height - BARS });

/** A layout of these px in a window. */
function layoutOf(window: { width: number; height: number }, left: number, right: number, timeline: number) {
  const share = (px: number, of: number) => (100 * px) / of;
  const columns = { left: share(left, window.width), stage: 0, right: share(right, window.width) };
  const rows = { main: 0, timeline: share(timeline, window.height) };
  columns.stage = 100 - columns.left - columns.right;
  rows.main = 100 - rows.timeline;
  return { grid: { columns, rows }, window, right: { view: 40, inspector: 60 } };
}

function pxOf(layout: ReturnType<typeof layoutForWindow>, window: { width: number; height: number }) {
  const { columns = {}, rows = {} } = layout.grid ?? {};
  const px = (share = 0, of: number) => Math.round((share / 100) * of);
  return [
    px(columns['left'], window.width),
    px(columns['right'], window.width),
    px(rows['timeline'], window.height),
    Math.round(Object.values(columns).reduce((sum, share) => sum + share, 0)),
  ];
}

describe('a layout in a window of another size', () => {
  it('keeps the px that somebody gave to its columns and the timeline', () => {
    const next = area(1900, 1000);
    const layout = layoutForWindow(layoutOf(area(1500, 900), 310, 420, 200), next);
    expect(pxOf(layout, next)).toEqual([310, 420, 200, 100]);
    expect(layout.right).toEqual({ view: 40, inspector: 60 });
  });

  it('takes the sizes of the design for that window where nobody changed them', () => {
    const next = area(1280, 720);
    expect(pxOf(layoutForWindow(layoutOf(area(1500, 900), 252, 388, 276), next), next)).toEqual([240, 340, 228, 100]);
  });

  it('begins anew where it would not fit, and where it does not say of which window it is', () => {
    const wide = layoutOf(area(2400, 900), 420, 720, 200);
    expect(layoutForWindow(wide, area(1000, 700)).grid).toBeUndefined();
    const { window: _, ...old } = wide;
    expect(layoutForWindow(old, area(2400, 900))).toEqual({ right: wide.right });
  });
});
