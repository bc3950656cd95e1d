import type { Detection } from '#core/tracks/track';
import type { SessionPool } from '../inference/session';
import type { RgbFrame } from '../video/rgbFrame';

/** A detector with its networks loaded. */
export interface LoadedDetector {
  /**
   * People on one frame, best first, in px of the upright video. `effort` says how hard to look: `quick` is for frames
   * between two `full` ones (a smaller input) and may miss small people. One call at a time: networks are given the same
   * memory again and again.
   */
  detect(frame: RgbFrame, effort: 'quick' | 'full'): Promise<Detection[]>;
}

/** A person detector; runs in a compute thread. One folder under `detectors/` and one line in `registry.ts`. */
export interface Detector {
  /** kebab-case, stored in projects, never changes. */
  id: string;
  /** Raised when results change: part of the key of every stored detection. */
  version: number;
  title: string;
  /** Model ids it opens. */
  models: readonly string[];
  load(sessions: SessionPool): Promise<LoadedDetector>;
  /**
   * Which frames to look at and how hard: the effort for a frame, or undefined to skip it (the tracker bridges it).
   * Pure; `rate` in frames per second.
   */
  effortAt(frameIndex: number, rate: number): 'quick' | 'full' | undefined;
}
