import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { playhead } from '../playback/playhead';
import { clampView, panBy, revealFrame, type TimelineView, WHOLE_CLIP, zoomAround } from './geometry';

/** What part of the clip the lanes show, and their width. */
export interface TimelineState {
  view: TimelineView;
  /** px of the lane bodies. */
  width: number;
  /** The frame field is open for typing. */
  isEnteringFrame: boolean;
}

/** The one store of the timeline's view. */
export const timelineStore = createStore<TimelineState>(() => ({
  view: WHOLE_CLIP,
  width: 800,
  isEnteringFrame: false,
}));

/** Reads a part of it in a component. */
export function useTimeline<T>(selector: (state: TimelineState) => T): T {
  return useStore(timelineStore, selector);
}

function change(next: (view: TimelineView, width: number) => TimelineView): void {
  timelineStore.setState(({ view, width }) => ({ view: clampView(next(view, width), playhead.frameCount(), width) }));
}

/** Zooms by a factor around a point of the lanes, px; without one around the playhead. */
export function zoomTimeline(factor: number, x?: number): void {
  change((view, width) => {
    const frameCount = playhead.frameCount();
    return zoomAround(view, factor, x ?? { frame: playhead.frame() + 0.5 }, frameCount, width);
  });
}

/** Moves the view by px; positive shows later frames. */
export function panTimeline(pixels: number): void {
  change((view, width) => panBy(view, pixels, playhead.frameCount(), width));
}

/** Moves the view by a fraction of what it shows. */
export function panTimelinePage(fraction: number): void {
  panTimeline(timelineStore.getState().width * fraction);
}

/** Shows the whole clip. */
export function fitTimeline(): void {
  timelineStore.setState({ view: WHOLE_CLIP });
}

/** Moves the view just so far that a frame is in it. */
export function revealInTimeline(frameIndex: number): void {
  change((view, width) => revealFrame(view, frameIndex, playhead.frameCount(), width));
}

/** Sets the first frame and the scale at once: for the navigator. */
export function setTimelineView(view: TimelineView): void {
  change(() => view);
}
