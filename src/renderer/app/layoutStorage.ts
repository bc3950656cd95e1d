import { z } from 'zod';

const KEY = 'retake.layout.1';

const sizesByName = z.record(z.string(), z.number());
const layoutSchema = z.object({
  grid: z.object({ columns: sizesByName, rows: sizesByName }).optional(),
  right: sizesByName.optional(),
  /** px that the shares of `grid` are of: the window without its bars; absent in layouts of earlier versions. */
  window: z.object({ width: z.number().positive(), height: z.number().positive() }).optional(),
});

/** Sizes of the workspace's parts as the panels library keeps them: percentages by name. */
export type Layout = z.infer<typeof layoutSchema>;

/** px a workspace starts with. */
export interface Sizes {
  left: number;
  right: number;
  timeline: number;
}

/** The design's sizes for a window, px. */
export function defaultSizes(width: number, height: number): Sizes {
  if (width >= 1680) return { left: 284, right: 500, timeline: 300 };
  const timeline = height <= 780 ? 228 : 276;
  return width <= 1360 ? { left: 240, right: 340, timeline } : { left: 252, right: 388, timeline };
}

/** Height of top bar and status bar, px: the workspace has the rest of a window. */
export const BARS = 44 + 24;

/** px that a size may be off its default and still be it: shares are rounded. */
const ROUNDING = 2;

type Window = NonNullable<Layout['window']>;

/**
 * Shares of a window as those of another one: columns and timeline keep their px, stage and views take the rest; what had
 * the design's size gets the design's size of the new window.
 */
export function layoutForWindow({ grid, right, window: was }: Layout, now: Window): Layout {
  const own = right ? { right } : {};
  if (!grid || !was) return own;
  const [before, after] = [was, now].map(({ width, height }) => defaultSizes(width, height + BARS)) as [Sizes, Sizes];
  const rescaled = (shares: Record<string, number>, length: number, next: number, rest: string) => {
    const moved: Record<string, number> = {};
    for (const [name, share] of Object.entries(shares)) {
      if (name === rest) continue;
      const px = (share / 100) * length;
      const isDefault = Math.abs(px - before[name as keyof Sizes]) <= ROUNDING;
      moved[name] = (100 * (isDefault ? after[name as keyof Sizes] : px)) / next;
    }
    const taken = Object.values(moved).reduce((sum, share) => sum + share, 0);
    return { ...moved, [rest]: 100 - taken };
  };
  const columns = rescaled(grid.columns, was.width, now.width, 'stage');
  const rows = rescaled(grid.rows, was.height, now.height, 'main');
  const fits = [...Object.values(columns), ...Object.values(rows)].every((share) => share > 0);
  return fits ? { ...own, grid: { columns, rows }, window: now } : own;
}

function readLayout(): Layout {
  try {
    const parsed = layoutSchema.safeParse(JSON.parse(localStorage.getItem(KEY) ?? '{}'));
    return parsed.success ? parsed.data : {};
  } catch {
    return {};
  }
}

/** Sizes kept from the last visit, for the window as it is now; none when they are not readable. */
export function loadLayout(now: Window): Layout {
  return layoutForWindow(readLayout(), now);
}

/** Keeps sizes for the next visit; a browser that forbids storage just forgets them. */
export function saveLayout(part: Layout): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...readLayout(), ...part }));
  } catch {
    return;
  }
}
