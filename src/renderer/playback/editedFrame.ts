import { playhead } from './playhead';
import { presentation } from './presentation';

/**
 * The frame that a command means (a key, a button, an entry of a menu): where the playhead stands, also while the picture of
 * it is still on its way; while playing, the frame on the screen. What is pressed in the picture, or typed over a number of
 * it, means `presentation.frame()` at that moment instead. Edits ask here and nowhere else.
 */
export function askedFrame(): number {
  return playhead.isPlaying() ? presentation.frame() : playhead.frame();
}

/** Stands still on a frame that is about to be edited, so that the edit is seen where it lands. Returns the frame. */
export function standOn(frame: number): number {
  playhead.pause();
  if (playhead.frame() !== frame) playhead.seek(frame);
  return frame;
}
