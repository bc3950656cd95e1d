/** What is being looked at. */
export interface FrameFocus {
  frame: number;
  isPlaying: boolean;
  direction: 1 | -1;
  /** Frames that pass in a second of playing, positive. */
  framesPerSecond: number;
}

/** How far around the focus pictures are wanted, frames. */
export interface FrameReach {
  /** First frame ahead that can still come in time. */
  first: number;
  /** Frames wanted from there on. */
  ahead: number;
  /** Frames wanted on the other side. */
  behind: number;
}

const AHEAD_PLAYING = 24;
const AHEAD_PAUSED = 6;
const BEHIND_PAUSED = 2;

/**
 * How far to read. While playing, a picture asked for now comes too late for now, so reading begins where it will be in
 * time; what is read ahead must never push itself out of the budget.
 * @param latencyMs from asking for a picture to having it
 * @param room pictures that the budget lets be read ahead
 */
export function reachOf(isPlaying: boolean, framesPerSecond: number, latencyMs: number, room: number): FrameReach {
  if (!isPlaying) return { first: 1, ahead: Math.min(AHEAD_PAUSED, room), behind: BEHIND_PAUSED };
  const first = Math.max(1, Math.ceil((latencyMs / 1000) * framesPerSecond));
  return { first, ahead: Math.min(AHEAD_PLAYING, room), behind: 0 };
}

/** Frames in the order in which they are wanted, the one in focus first. */
export function wantedFrames(focus: FrameFocus, reach: FrameReach, frameCount: number): number[] {
  const { frame, direction } = focus;
  const frames = [frame];
  for (let k = 0; k < reach.ahead; k++) frames.push(frame + direction * (reach.first + k));
  for (let k = 1; k <= reach.behind; k++) frames.push(frame - direction * k);
  return frames.filter((index) => index >= 0 && index < frameCount);
}

/** True for frames whose request is still of use: those wanted, and those between the focus and them. */
export function isInReach({ frame, direction }: FrameFocus, reach: FrameReach, index: number): boolean {
  const distance = (index - frame) * direction;
  return distance >= -reach.behind && distance <= reach.first + reach.ahead;
}
