import { meanFrameRate } from '#core/frames/frameTimes';
import { type FrameSource, frameSource, type Picture } from './frameSource';
import { type Playhead, playhead } from './playhead';

/** Longest that a jump waits to change everything at once, ms: a picture from the engine and its bodies mostly take less. */
export const MOST_HELD_MS = 45;
/** A move after so long without one is a jump, not a part of a drag, ms. */
const REST_MS = 200;

/**
 * The frame on the screen. It trails the playhead while pictures load, so that picture, boxes and bodies always belong to
 * one and the same frame; the picture before stays until the next one is there. A jump is held for a moment until its picture
 * and bodies are there: the page is then put together once, not for the marks, for the picture and for the bodies each.
 */
export class Presentation<P extends Picture = ImageBitmap> {
  private shown = 0;
  private current: P | undefined;
  private rate = 30;
  private movedAt = Number.NEGATIVE_INFINITY;
  private holding: ReturnType<typeof setTimeout> | undefined;
  private areBodiesThere: (frame: number) => boolean = () => true;
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly head: Playhead,
    private readonly source: FrameSource<P>,
  ) {
    head.subscribe(() => this.follow());
    source.subscribe((frame) => this.loaded(frame));
  }

  /** Frame that is shown: picture, boxes and bodies. */
  frame = (): number => this.shown;

  /** Its picture; the last one there was while none has come yet, undefined when it cannot be had. */
  picture = (): P | undefined => this.current;

  /** True when the frame shown is the one asked for, in full size. */
  isExact = (): boolean => this.shown === this.head.frame() && this.source.isFull(this.shown);

  /** True in the first moments of a jump, while its picture and bodies are on their way: marks of the position wait too. */
  isHolding = (): boolean => this.holding !== undefined;

  /** Says how to know whether the bodies of a frame are there. Call {@link complete} when some came. */
  accompany(areBodiesThere: (frame: number) => boolean): void {
    this.areBodiesThere = areBodiesThere;
  }

  /** Shows what was held, if nothing is missing any more. */
  complete(): void {
    if (this.isHolding()) this.present(this.head.frame());
  }

  /** Called when the frame or its picture changed, or a jump is held no longer. Returns its own end. */
  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Forgets the picture of another video. Call after the source has the new one. */
  reset(times: Parameters<typeof meanFrameRate>[0] | undefined): void {
    this.rate = times ? meanFrameRate(times) : 30;
    this.current = undefined;
    this.endHold();
    this.shown = this.head.frame();
    this.source.hold(-1);
    this.notify();
  }

  private follow(): void {
    const frame = this.head.frame();
    this.source.show({
      frame,
      isPlaying: this.head.isPlaying(),
      direction: this.head.direction(),
      framesPerSecond: this.rate * Math.abs(this.head.rate()),
    });
    this.holdJump(frame);
    if (frame === this.shown && this.current !== undefined) return;
    // Playing drops frames: one that was passed in between is still nearer than the one on the screen.
    const isOnTheWay = this.head.isPlaying() && (frame - this.shown) * this.head.direction() > 0;
    this.present((isOnTheWay ? this.source.newestOnTheWay(frame, this.shown) : undefined) ?? frame);
  }

  /** Begins to hold what was at rest and goes to a frame that is not there; whatever goes on moving is not held. */
  private holdJump(frame: number): void {
    const now = performance.now();
    const isJump = !this.head.isPlaying() && now - this.movedAt > REST_MS && this.current !== undefined;
    this.movedAt = now;
    this.endHold();
    if (!isJump || frame === this.shown) return;
    this.holding = setTimeout(() => {
      this.endHold();
      if (!this.present(this.head.frame())) this.notify();
    }, MOST_HELD_MS);
  }

  private endHold(): void {
    clearTimeout(this.holding);
    this.holding = undefined;
  }

  private loaded(frame: number): void {
    const wanted = this.head.frame();
    if (frame === wanted) this.present(frame);
    else if (this.isHolding()) return;
    else if (this.head.isPlaying() && (frame - wanted) * this.head.direction() > 0) return;
    else if (Math.abs(frame - wanted) < Math.abs(this.shown - wanted)) this.present(frame);
  }

  /** Returns false where there is nothing to show yet. */
  private present(frame: number): boolean {
    const picture = this.source.picture(frame);
    const isMissing = picture === undefined && this.source.failure(frame) !== undefined && frame === this.head.frame();
    if (!picture && !isMissing) return false;
    if (this.isHolding() && !this.areBodiesThere(frame)) return false;
    this.endHold();
    this.current = picture;
    this.shown = frame;
    this.source.hold(frame);
    this.notify();
    return true;
  }

  private notify(): void {
    for (const listener of [...this.listeners]) listener();
  }
}

/** What the page shows now. */
export const presentation = new Presentation(playhead, frameSource);
