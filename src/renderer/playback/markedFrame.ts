import { playhead } from './playhead';
import { presentation } from './presentation';

let marked = playhead.frame();
const listeners = new Set<() => void>();

function follow(): void {
  const frame = playhead.frame();
  if (frame === marked || presentation.isHolding()) return;
  marked = frame;
  for (const listener of [...listeners]) listener();
}

playhead.subscribe(follow);
presentation.subscribe(follow);

/**
 * The frame that the marks of the position are on: the playhead's, in the first moments of a jump still the one before. They
 * then move together with the picture.
 */
export const markedFrame = {
  frame: (): number => marked,
  /** Called after it changed. Returns its own end. */
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
