import { useSyncExternalStore } from 'react';
import { markedFrame } from '../playback/markedFrame';
import { playhead } from '../playback/playhead';

/** The current frame in a component, as it is marked. It renders again on every frame: only for small ones. */
export function usePlayheadFrame(): number {
  return useSyncExternalStore(markedFrame.subscribe, markedFrame.frame);
}

/** A part of the current frame in a component: renders again only when what `select` gives changes. */
export function useFromPlayhead<T extends string | number | boolean | undefined>(select: (frame: number) => T): T {
  return useSyncExternalStore(markedFrame.subscribe, () => select(markedFrame.frame()));
}

/** Whether it plays, in a component. */
export function useIsPlaying(): boolean {
  return useSyncExternalStore(playhead.subscribe, playhead.isPlaying);
}

/** Speed as a factor of real time, in a component. */
export function usePlaybackRate(): number {
  return useSyncExternalStore(playhead.subscribe, playhead.rate);
}
