import { useSyncExternalStore } from 'react';
import { type MotionRow, shownBodies } from '../playback/shownBodies';
import { useShownFrame } from '../playback/useShownFrame';

let lastKey = '';
let lastRow: MotionRow | undefined;

function rowOf(person: string, frame: number): MotionRow | undefined {
  const row = shownBodies.motion(person, frame);
  const key = row ? `${person} ${frame} ${row.row}` : '';
  if (key === lastKey && row?.piece === lastRow?.piece) return lastRow;
  lastKey = key;
  lastRow = row;
  return row;
}

/** The motion of a person on the current frame; undefined where there is no body or it has not come yet. */
export function useMotion(person: string | undefined): MotionRow | undefined {
  const frame = useShownFrame();
  return useSyncExternalStore(
    (listener) => shownBodies.subscribe(listener),
    () => (person === undefined ? undefined : rowOf(person, frame)),
  );
}
