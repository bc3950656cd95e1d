import { AppError, isCancelled } from '#core/errors';
import { mergeSpans, type Span } from '#core/frames/span';
import { bulkRoutes } from '#core/protocol/bulkRoutes';
import { bulkProblem } from '../session/bulk';
import { ByteBudget } from './byteBudget';
import { type FrameFocus, type FrameReach, isInReach, reachOf, wantedFrames } from './frameReach';

/** A decoded picture; an ImageBitmap in the browser. */
export interface Picture {
  /** px as decoded, at most the long side asked for. */
  width: number;
  height: number;
  close(): void;
}

/** The video that pictures come from. */
export interface FrameMedia {
  projectId: string;
  /** px, upright. */
  width: number;
  height: number;
  frameCount: number;
}

/** Where pictures and time come from; replaced in tests. */
export interface FrameSourceParts<P extends Picture> {
  /** Gets and decodes one picture. Rejects with AbortError when the signal says so. */
  load(url: string, signal: AbortSignal): Promise<P>;
  /** Milliseconds. */
  now(): number;
  setTimeout(callback: () => void, milliseconds: number): number;
  clearTimeout(handle: number): void;
}

/** Long side of pictures while moving, px. */
export const PREVIEW_LONG_SIDE = 1280;
/** Largest long side that is ever asked for, px. */
export const FULL_LONG_SIDE = 3840;
/** Rest after which the full picture is asked for, ms. */
export const REST_MS = 150;

const BUDGET_BYTES = 320 * 2 ** 20;
const IN_FLIGHT = 3;
const RETRY_MS = 2000;
/** Frames that are looked through for one that is there. */
const MOST_SEARCHED = 200;

interface Request {
  frame: number;
  longSide: number;
  controller: AbortController;
  startedAt: number;
}

const keyOf = (frame: number, longSide: number) => `${frame}/${longSide}`;

const browserParts: FrameSourceParts<ImageBitmap> = {
  load: async (url, signal) => {
    const answer = await fetch(url, { signal });
    if (!answer.ok) throw await bulkProblem(answer, 'The engine could not show this frame');
    return createImageBitmap(await answer.blob());
  },
  now: () => performance.now(),
  setTimeout: (callback, milliseconds) => window.setTimeout(callback, milliseconds),
  clearTimeout: (handle) => window.clearTimeout(handle),
};

/**
 * Pictures of the open video by frame index, from the engine. The frame in focus comes first, then those that playing or
 * stepping will want; what is no longer wanted is aborted. While moving the pictures are previews, after a rest full size.
 */
export class FrameSource<P extends Picture = ImageBitmap> {
  private media: FrameMedia | undefined;
  private focus: FrameFocus = { frame: 0, isPlaying: false, direction: 1, framesPerSecond: 30 };
  private readonly pictures: ByteBudget<P>;
  private readonly requests = new Map<string, Request>();
  private readonly failures = new Map<string, { at: number; error: AppError }>();
  private readonly listeners = new Set<(frame: number) => void>();
  private readonly timers = new Set<number>();
  private heldFrame = -1;
  private restTimer: number | undefined;
  private isResting = false;
  /** Gone to a frame far off: until it rests there, nothing else is asked for, so that nothing delays it. */
  private isAfterJump = false;
  private latencyMs = 60;
  private ranges: Span[] | undefined;

  constructor(
    private readonly parts: FrameSourceParts<P>,
    private readonly budgetBytes = BUDGET_BYTES,
  ) {
    this.pictures = new ByteBudget<P>(budgetBytes, (picture) => picture.close());
  }

  /** Another video, or none: everything held is dropped. */
  setMedia(media: FrameMedia | undefined): void {
    for (const request of this.requests.values()) request.controller.abort();
    for (const timer of this.timers) this.parts.clearTimeout(timer);
    this.timers.clear();
    this.requests.clear();
    this.failures.clear();
    this.pictures.clear();
    this.heldFrame = -1;
    this.ranges = undefined;
    this.media = media;
    this.focus = { ...this.focus, frame: 0, isPlaying: false };
    if (media) this.show(this.focus);
  }

  /** Says what is being looked at; requests follow. */
  show(focus: FrameFocus): void {
    const reach = this.reach();
    if (focus.frame !== this.focus.frame)
      this.isAfterJump = !focus.isPlaying && !isInReach(this.focus, reach, focus.frame);
    this.focus = focus;
    this.isResting = false;
    if (this.restTimer !== undefined) this.parts.clearTimeout(this.restTimer);
    this.restTimer = focus.isPlaying ? undefined : this.parts.setTimeout(() => this.rest(), REST_MS);
    this.plan();
  }

  /** The largest picture there is of a frame. */
  picture(frame: number): P | undefined {
    return this.pictures.use(keyOf(frame, this.fullSide())) ?? this.pictures.use(keyOf(frame, this.previewSide()));
  }

  /** The frame nearest to `frame` that can be shown at once, on the way back from it to `limit`, which does not count. */
  newestOnTheWay(frame: number, limit: number): number | undefined {
    const step = frame > limit ? -1 : 1;
    const end = Math.abs(frame - limit) > MOST_SEARCHED ? frame + step * MOST_SEARCHED : limit;
    for (let at = frame; at !== end; at += step) {
      if (this.pictures.has(keyOf(at, this.previewSide())) || this.isFull(at)) return at;
    }
    return undefined;
  }

  /** True when the full-size picture of a frame is there. */
  isFull(frame: number): boolean {
    return this.pictures.has(keyOf(frame, this.fullSide()));
  }

  /** Why the preview of a frame could not be had, when that was the case just now. */
  failure(frame: number): AppError | undefined {
    return this.failures.get(keyOf(frame, this.previewSide()))?.error;
  }

  /** The frame on the screen: its pictures are never dropped. */
  hold(frame: number): void {
    this.heldFrame = frame;
  }

  /** Called with a frame when a picture of it came or failed. Returns its own end. */
  subscribe(listener: (frame: number) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Frames that can be shown at once, for the timeline. The same array until it changes. */
  loadedRanges(): readonly Span[] {
    this.ranges ??= mergeSpans(
      [...this.pictures.keys()].map((key) => {
        const frame = Number.parseInt(key, 10);
        return { from: frame, to: frame + 1 };
      }),
    );
    return this.ranges;
  }

  /** Bytes of decoded pictures held. */
  get bytes(): number {
    return this.pictures.bytes;
  }

  private longSide(): number {
    return this.media ? Math.max(this.media.width, this.media.height) : PREVIEW_LONG_SIDE;
  }

  private fullSide(): number {
    return Math.min(this.longSide(), FULL_LONG_SIDE);
  }

  private previewSide(): number {
    return Math.min(this.longSide(), PREVIEW_LONG_SIDE);
  }

  private rest(): void {
    this.restTimer = undefined;
    const { frame } = this.focus;
    // Nothing is read ahead while what is looked at is still on its way: its arrival begins the rest anew.
    if (this.media && !this.picture(frame) && !this.failure(frame)) return;
    this.isResting = true;
    this.plan();
  }

  private restAgain(frame: number): void {
    if (frame !== this.focus.frame || this.focus.isPlaying || this.isResting || this.restTimer !== undefined) return;
    this.restTimer = this.parts.setTimeout(() => this.rest(), REST_MS);
  }

  private reach(): FrameReach {
    const { isPlaying, framesPerSecond } = this.focus;
    const { width = 1, height = 1 } = this.media ?? {};
    const scale = this.previewSide() / Math.max(width, height);
    const room = Math.floor((0.6 * this.budgetBytes) / (width * scale * height * scale * 4));
    return reachOf(isPlaying, framesPerSecond, this.latencyMs, room);
  }

  private wanted(): { frame: number; longSide: number }[] {
    if (!this.media) return [];
    const [first, ...others] = wantedFrames(this.focus, this.reach(), this.media.frameCount);
    if (first === undefined) return [];
    const preview = this.previewSide();
    const list = [{ frame: first, longSide: preview }];
    if (this.isResting) list.push({ frame: first, longSide: this.fullSide() });
    if (this.isResting || !this.isAfterJump) for (const frame of others) list.push({ frame, longSide: preview });
    return list.filter(({ frame, longSide }) => {
      if (this.pictures.has(keyOf(frame, longSide))) return false;
      return !(longSide === preview && this.isFull(frame));
    });
  }

  private plan(): void {
    const wanted = this.wanted();
    this.abortSuperseded();
    for (const { frame, longSide } of wanted) {
      const isFocus = frame === this.focus.frame;
      // The frame in focus never waits behind others for a place.
      if (this.requests.size >= IN_FLIGHT + (isFocus && !this.focus.isPlaying ? 1 : 0)) return;
      const failure = this.failures.get(keyOf(frame, longSide));
      if (failure && this.parts.now() - failure.at < RETRY_MS) continue;
      if (!this.requests.has(keyOf(frame, longSide))) this.start(frame, longSide);
    }
  }

  /**
   * Aborts what nobody waits for. One exception keeps the picture alive under a moving playhead: the oldest request that
   * would still bring the picture nearer to the focus may finish.
   */
  private abortSuperseded(): void {
    const reach = this.reach();
    let isOneSpared = false;
    for (const [key, request] of this.requests) {
      const isFull = request.longSide !== this.previewSide();
      const isWanted = isFull
        ? this.isResting && request.frame === this.focus.frame
        : isInReach(this.focus, reach, request.frame);
      if (isWanted) continue;
      if (!isOneSpared && this.bringsNearer(request)) {
        isOneSpared = true;
        continue;
      }
      request.controller.abort();
      this.requests.delete(key);
    }
  }

  private bringsNearer(request: Request): boolean {
    const { frame } = this.focus;
    if (request.longSide !== this.previewSide() || this.pictures.has(keyOf(frame, request.longSide))) return false;
    if (this.heldFrame < 0) return true;
    const nearest = this.newestOnTheWay(frame, this.heldFrame) ?? this.heldFrame;
    return Math.abs(request.frame - frame) < Math.abs(nearest - frame);
  }

  private start(frame: number, longSide: number): void {
    const { media } = this;
    if (!media) return;
    const key = keyOf(frame, longSide);
    const request: Request = { frame, longSide, controller: new AbortController(), startedAt: this.parts.now() };
    this.requests.set(key, request);
    this.parts.load(bulkRoutes.frame(media.projectId, frame, longSide), request.controller.signal).then(
      (picture) => this.arrived(key, request, picture),
      (error: unknown) => this.failed(key, request, error),
    );
  }

  private arrived(key: string, request: Request, picture: P): void {
    if (this.requests.get(key) !== request) {
      picture.close();
      return;
    }
    this.requests.delete(key);
    this.failures.delete(key);
    this.latencyMs += 0.2 * (this.parts.now() - request.startedAt - this.latencyMs);
    const isKept = (other: string) => {
      const frame = Number.parseInt(other, 10);
      return frame === this.heldFrame || frame === this.focus.frame;
    };
    this.pictures.add(key, picture, picture.width * picture.height * 4, isKept);
    this.ranges = undefined;
    this.restAgain(request.frame);
    for (const listener of [...this.listeners]) listener(request.frame);
    this.plan();
  }

  private failed(key: string, request: Request, error: unknown): void {
    if (this.requests.get(key) !== request) return;
    this.requests.delete(key);
    if (isCancelled(error)) return;
    const known = error instanceof AppError ? error : new AppError('LINK_CLOSED', 'This frame could not be fetched.');
    this.failures.set(key, { at: this.parts.now(), error: known });
    const timer = this.parts.setTimeout(() => {
      this.timers.delete(timer);
      this.plan();
    }, RETRY_MS);
    this.timers.add(timer);
    this.restAgain(request.frame);
    for (const listener of [...this.listeners]) listener(request.frame);
    this.plan();
  }
}

/** Pictures of the open video. */
export const frameSource = new FrameSource(browserParts);
