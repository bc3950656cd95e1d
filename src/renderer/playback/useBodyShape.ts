import { useSyncExternalStore } from 'react';
import type { ShownBody } from './filledBodies';
import type { BodyShape } from './meshSource';
import { shownBodies } from './shownBodies';

/** Faces and skin of the body model that is shown; undefined until they came. */
export function useBodyShape(): BodyShape | undefined {
  return useSyncExternalStore(shownBodies.subscribe, () => shownBodies.shape());
}

/** The body of a person on the shown frame, anew whenever it changed; undefined while it is of another frame. */
export function useShownBody(person: string | undefined): ShownBody | undefined {
  const isThere = () => person !== undefined && shownBodies.isOnFrame(person);
  useSyncExternalStore(shownBodies.subscribe, () => (isThere() ? shownBodies.body(person ?? '')?.revision : -1));
  return isThere() ? shownBodies.body(person ?? '') : undefined;
}
