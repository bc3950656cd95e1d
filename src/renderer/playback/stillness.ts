import { playhead } from './playhead';
import { presentation } from './presentation';

/** Rest after which the picture counts as still, ms. */
const REST_MS = 200;

let isStillNow = true;
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

function change(isStill: boolean): void {
  if (isStill === isStillNow) return;
  isStillNow = isStill;
  for (const listener of [...listeners]) listener();
}

function rest(): void {
  clearTimeout(timer);
  if (playhead.isPlaying()) return;
  // A picture that is on its way must not wait for a finer one of the frame before: the rest begins when it is there.
  timer = setTimeout(() => change(presentation.frame() === playhead.frame()), REST_MS);
}

playhead.subscribe(() => {
  change(false);
  rest();
});
presentation.subscribe(() => {
  if (!isStillNow) rest();
});

/**
 * Whether time stands: what is drawn may then cost more and look better. Still again 200 ms after the last move, and as long
 * after its picture came.
 */
export const stillness = {
  isStill: (): boolean => isStillNow,
  /** Called after a change. Returns its own end. */
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
