import { z } from 'zod';

const KEY = 'retake.layout.1';

const sizesByName = z.record(z.string(), z.number());
const layoutSchema = z.object({
  grid: z.object({ columns: sizesByName, rows: sizesByName }).optional(),
  right: sizesByName.optional(),
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

/** Sizes kept from the last visit; none when they are not readable. */
export function loadLayout(): Layout {
  try {
    const parsed = layoutSchema.safeParse(JSON.parse(localStorage.getItem(KEY) ?? '{}'));
    return parsed.success ? parsed.data : {};
  } catch {
    return {};
  }
}

/** Keeps sizes for the next visit; a browser that forbids storage just forgets them. */
export function saveLayout(part: Layout): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...loadLayout(), ...part }));
  } catch {
    return;
  }
}
