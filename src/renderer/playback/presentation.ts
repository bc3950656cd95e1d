import { meanFrameRate } from '#core/frames/frameTimes';
import { type FrameSource, frameSource, type Picture } from './frameSource';
import { type Playhead, playhead } from './playhead';

/**
 * The frame on the screen. It trails the playhead while pictures load, so that picture, boxes and bodies always belong to
 * one and the same frame; the picture before stays until the next one is there.
 */
export class Presentation<P extends Picture = ImageBitmap> {
  private shown = 0;
  private current: P | undefined;
  private rate = 30;
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

  /** Called when the frame or its picture changed. Returns its own end. */
  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Forgets the picture of another video. Call after the source has the new one. */
  reset(times: Parameters<typeof meanFrameRate>[0] | undefined): void {
    this.rate = times ? meanFrameRate(times) : 30;
    this.current = undefined;
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
    if (frame === this.shown && this.current !== undefined) return;
    // Playing drops frames: one that was passed in between is still nearer than the one on the screen.
    const isOnTheWay = this.head.isPlaying() && (frame - this.shown) * this.head.direction() > 0;
    this.present((isOnTheWay ? this.source.newestOnTheWay(frame, this.shown) : undefined) ?? frame);
  }

  private loaded(frame: number): void {
    const wanted = this.head.frame();
    if (frame === wanted) this.present(frame);
    else if (this.head.isPlaying() && (frame - wanted) * this.head.direction() > 0) return;
    else if (Math.abs(frame - wanted) < Math.abs(this.shown - wanted)) this.present(frame);
  }

  private present(frame: number): void {
    const picture = this.source.picture(frame);
    const isMissing = picture === undefined && this.source.failure(frame) !== undefined && frame === this.head.frame();
    if (!picture && !isMissing) return;
    this.current = picture;
    this.shown = frame;
    this.source.hold(frame);
    this.notify();
  }

  private notify(): void {
    for (const listener of [...this.listeners]) listener();
  }
}

/** What the page shows now. */
export const presentation = new Presentation(playhead, frameSource);
