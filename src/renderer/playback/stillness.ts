import { playhead } from './playhead';

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

playhead.subscribe(() => {
  change(false);
  clearTimeout(timer);
  if (!playhead.isPlaying()) timer = setTimeout(() => change(true), REST_MS);
});

/** Whether time stands: what is drawn may then cost more and look better. Still again 200 ms after the last move. */
export const stillness = {
  isStill: (): boolean => isStillNow,
  /** Called after a change. Returns its own end. */
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
