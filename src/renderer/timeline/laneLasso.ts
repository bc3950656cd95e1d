import { createStore } from 'zustand/vanilla';
import { playhead } from '../playback/playhead';
import { proposeBulk } from '../proposals/boxProposals';
import { selectPerson, viewStore } from '../session/viewStore';
import { frameAtX } from './geometry';
import { timelineStore } from './timelineStore';
import { trackDrag } from './trackDrag';

/** The rectangle in hand, CSS px of the window; undefined when there is none. */
export const lassoStore = createStore<{ area: { x: number; y: number; width: number; height: number } | undefined }>(
  () => ({ area: undefined }),
);

/** px the pointer must travel before a press with Shift is a lasso and not a click. */
const THRESHOLD = 4;

function peopleBetween(grid: Element, top: number, bottom: number): string[] {
  return [...grid.querySelectorAll<HTMLElement>('[data-lane]')].flatMap((row) => {
    const bounds = row.getBoundingClientRect();
    const id = row.dataset['lane'];
    return id !== undefined && bounds.top < bottom && bounds.bottom > top ? [id] : [];
  });
}

/**
 * Shift and a drag over lanes: selects everybody it crosses and the frames it spans, then asks what to do with them. A click
 * adds the lane's person to the selection or takes them out.
 */
export function startLasso(event: React.PointerEvent<HTMLElement>, personId: string): void {
  const body = event.currentTarget;
  const grid = body.closest('[role="grid"]');
  const [startX, startY] = [event.clientX, event.clientY];
  trackDrag(
    event,
    (x, y) => {
      const isFar = Math.hypot(x - startX, y - startY) >= THRESHOLD;
      if (!isFar && !lassoStore.getState().area) return;
      const corner = { x: Math.min(x, startX), y: Math.min(y, startY) };
      lassoStore.setState({ area: { ...corner, width: Math.abs(x - startX), height: Math.abs(y - startY) } });
    },
    (isKept) => {
      const { area } = lassoStore.getState();
      lassoStore.setState({ area: undefined });
      if (!isKept) return;
      if (!area || !grid) return selectPerson(personId, 'toggle');
      const { view, width } = timelineStore.getState();
      const left = body.getBoundingClientRect().left;
      const frame = (x: number) => frameAtX(view, x - left, playhead.frameCount(), width);
      viewStore.setState({
        selection: peopleBetween(grid, area.y, area.y + area.height),
        range: { from: frame(area.x), to: frame(area.x + area.width) + 1 },
      });
      proposeBulk();
    },
  );
}
