import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Box } from '#core/tracks/box';

/** A box that a human moves or resizes and that is not kept yet. It stands in the place of the one that counts on its frame. */
export interface BoxInHand {
  person: string;
  frame: number;
  /** px of the upright video, as it would be stored. */
  box: Box;
}

/** The one box in hand. Kept out of the document, so that a drag touches what shows this box and nothing else. */
export const boxInHandStore = createStore<{ inHand: BoxInHand | undefined }>(() => ({ inHand: undefined }));

/** The box in hand in a component. */
export function useBoxInHand(): BoxInHand | undefined {
  return useStore(boxInHandStore, (state) => state.inHand);
}
