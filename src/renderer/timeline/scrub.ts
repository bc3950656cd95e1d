import { playhead } from '../playback/playhead';
import { viewStore } from '../session/viewStore';
import { frameAtX } from './geometry';
import { timelineStore } from './timelineStore';
import { trackDrag } from './trackDrag';

/** The frame under a place of the window, CSS px, on the body of a lane; `inside` is that body or something in it. */
export function frameUnder(inside: Element, clientX: number): number {
  const { view, width } = timelineStore.getState();
  const body = inside.closest('[data-lane-body]') ?? inside;
  return frameAtX(view, clientX - body.getBoundingClientRect().left, playhead.frameCount(), width);
}

/** Takes the playhead to the pressed frame, and along while the press is dragged. */
export function scrub(event: React.PointerEvent<HTMLElement>): void {
  if (event.button !== 0) return;
  const body = event.currentTarget;
  playhead.pause();
  playhead.seek(frameUnder(body, event.clientX));
  trackDrag(event, (clientX) => playhead.seek(frameUnder(body, clientX)));
}

/** The same; with Shift the dragged frames become in and out instead. */
export function scrubOrSelect(event: React.PointerEvent<HTMLElement>): void {
  if (event.button !== 0) return;
  if (!event.shiftKey) {
    scrub(event);
    return;
  }
  const body = event.currentTarget;
  const first = frameUnder(body, event.clientX);
  playhead.pause();
  trackDrag(event, (clientX) => {
    const frame = frameUnder(body, clientX);
    viewStore.setState({ range: { from: Math.min(first, frame), to: Math.max(first, frame) + 1 } });
  });
}
