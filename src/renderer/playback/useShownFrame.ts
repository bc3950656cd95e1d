import { useSyncExternalStore } from 'react';
import { presentation } from './presentation';

/** The frame on the screen, in a component that shows it in words or boxes. */
export function useShownFrame(): number {
  return useSyncExternalStore(presentation.subscribe, presentation.frame);
}
