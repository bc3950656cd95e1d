import { type FrameTimes, frameAtSeconds, meanFrameRate, secondsOfFrame } from '#core/frames/frameTimes';
import type { Span } from '#core/frames/span';

/** Where wall time and screen refreshes come from; replaced in tests. */
export interface PlayheadClock {
  /** Milliseconds, never going back. */
  now(): number;
  /** Calls back before the next refresh; returns what {@link cancel} takes. */
  request(callback: () => void): number;
  cancel(handle: number): void;
}

/**
 * The one position in time of the page. The frame index is the clock: seconds only exist while playing, to find the
 * frame that wall time asks for, so frames are dropped when the machine is slow and time never stretches.
 */
export interface Playhead {
  /** Index of the current frame, 0 and up. */
  frame(): number;
  /** Number of frames of the open video; 0 without one. */
  frameCount(): number;
  /** Called after the frame, the playing state, the rate or the loop changed. Returns its own end. */
  subscribe(listener: () => void): () => void;
  /** Goes to a frame (rounded, clamped to the video). Playing goes on from there. */
  seek(frameIndex: number): void;
  /** Moves by whole frames and pauses. */
  step(frames: number): void;
  /** Plays at the current rate; from the start when it stands at the end. */
  play(): void;
  pause(): void;
  isPlaying(): boolean;
  /** Speed as a factor of real time, negative for backwards, never 0. */
  setRate(rate: number): void;
  rate(): number;
  /** Plays only these frames, over and over; undefined plays to the end once. */
  setLoop(range: Span | undefined): void;
  loop(): Span | undefined;
  /** +1 or -1: the way the last change of frame went; what to load next. */
  direction(): 1 | -1;
  /** The pts table of the video that was opened, or undefined when it was closed. Goes back to frame 0 and pauses. */
  setMedia(times: FrameTimes | undefined): void;
}

const browserClock: PlayheadClock = {
  now: () => performance.now(),
  request: (callback) => requestAnimationFrame(callback),
  cancel: (handle) => cancelAnimationFrame(handle),
};

interface Anchor {
  /** Wall time in ms at which `seconds` was shown. */
  at: number;
  /** Seconds from the first frame. */
  seconds: number;
}

class ClockedPlayhead implements Playhead {
  private times: FrameTimes | undefined;
  private frameIndex = 0;
  private speed = 1;
  private range: Span | undefined;
  private lastDirection: 1 | -1 = 1;
  private anchor: Anchor | undefined;
  private handle = 0;
  private readonly listeners = new Set<() => void>();

  constructor(private readonly clock: PlayheadClock) {}

  frame = (): number => this.frameIndex;
  frameCount = (): number => this.times?.pts.length ?? 0;
  isPlaying = (): boolean => this.anchor !== undefined;
  rate = (): number => this.speed;
  loop = (): Span | undefined => this.range;
  direction = (): 1 | -1 => this.lastDirection;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  seek = (frameIndex: number): void => {
    const target = this.clamp(frameIndex);
    if (this.anchor) this.anchor = { at: this.clock.now(), seconds: this.secondsAt(target) };
    if (this.show(target)) this.notify();
  };

  step = (frames: number): void => {
    this.stop();
    this.show(this.clamp(this.frameIndex + frames));
    this.notify();
  };

  play = (): void => {
    if (this.anchor || this.frameCount() < 2) return;
    const { from, to } = this.bounds();
    const atEnd = this.speed > 0 ? this.frameIndex >= to - 1 : this.frameIndex <= from;
    const outside = this.frameIndex < from || this.frameIndex >= to;
    if (atEnd || outside) this.show(this.speed > 0 ? from : to - 1);
    this.anchor = { at: this.clock.now(), seconds: this.secondsAt(this.frameIndex) };
    this.handle = this.clock.request(this.tick);
    this.notify();
  };

  pause = (): void => {
    if (!this.anchor) return;
    this.stop();
    this.notify();
  };

  setRate = (rate: number): void => {
    if (rate === 0 || !Number.isFinite(rate) || rate === this.speed) return;
    if (this.anchor) this.anchor = { at: this.clock.now(), seconds: this.secondsAt(this.frameIndex) };
    this.speed = rate;
    this.notify();
  };

  setLoop = (range: Span | undefined): void => {
    const from = Math.max(0, Math.round(range?.from ?? 0));
    const to = Math.min(this.frameCount(), Math.round(range?.to ?? 0));
    this.range = to > from ? { from, to } : undefined;
    this.notify();
  };

  setMedia = (times: FrameTimes | undefined): void => {
    this.stop();
    this.times = times;
    this.range = undefined;
    this.frameIndex = 0;
    this.lastDirection = 1;
    this.notify();
  };

  private readonly tick = (): void => {
    if (!this.anchor) return;
    const elapsed = (this.clock.now() - this.anchor.at) / 1000;
    const seconds = this.wrap(this.anchor.seconds + elapsed * this.speed);
    if (seconds === undefined) {
      const { from, to } = this.bounds();
      this.stop();
      this.show(this.speed > 0 ? to - 1 : from);
      this.notify();
      return;
    }
    this.handle = this.clock.request(this.tick);
    const { from, to } = this.bounds();
    const frameIndex = this.times ? frameAtSeconds(this.times, seconds) : 0;
    if (this.show(Math.min(to - 1, Math.max(from, frameIndex)))) this.notify();
  };

  /** Seconds brought back into the played range; undefined when playing is over. Wrapping moves the anchor. */
  private wrap(seconds: number): number | undefined {
    const { from, to } = this.bounds();
    const start = this.secondsAt(from);
    const end = this.endOf(to - 1);
    if (seconds >= start && seconds < end) return seconds;
    if (!this.range) return undefined;
    const length = end - start;
    const wrapped = start + ((((seconds - start) % length) + length) % length);
    this.anchor = { at: this.clock.now(), seconds: wrapped };
    return wrapped;
  }

  private bounds(): Span {
    return this.range ?? { from: 0, to: this.frameCount() };
  }

  private secondsAt(frameIndex: number): number {
    return this.times ? secondsOfFrame(this.times, frameIndex) : 0;
  }

  /** When a frame stops being shown; the last one lasts a mean frame. */
  private endOf(frameIndex: number): number {
    if (!this.times) return 0;
    if (frameIndex + 1 < this.frameCount()) return secondsOfFrame(this.times, frameIndex + 1);
    return secondsOfFrame(this.times, frameIndex) + 1 / meanFrameRate(this.times);
  }

  private clamp(frameIndex: number): number {
    return Math.max(0, Math.min(this.frameCount() - 1, Math.round(frameIndex) || 0));
  }

  private show(frameIndex: number): boolean {
    if (frameIndex === this.frameIndex) return false;
    this.lastDirection = frameIndex > this.frameIndex ? 1 : -1;
    this.frameIndex = frameIndex;
    return true;
  }

  private stop(): void {
    if (!this.anchor) return;
    this.clock.cancel(this.handle);
    this.anchor = undefined;
  }

  private notify(): void {
    for (const listener of [...this.listeners]) listener();
  }
}

/** A playhead of its own, on any clock. */
export function createPlayhead(clock: PlayheadClock = browserClock): Playhead {
  return new ClockedPlayhead(clock);
}

/** The playhead of the page: there is one open video, so there is one position in time. Not React state. */
export const playhead: Playhead = createPlayhead();
