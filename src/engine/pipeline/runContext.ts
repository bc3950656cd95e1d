import type { ProjectDocument } from '#core/document/schema';
import type { Span } from '#core/frames/span';
import type { RecordCache } from '../cache/recordCache';
import type { ComputeLanes } from '../compute/lanes';
import type { Detector } from '../detection/detector';
import type { ClipCamera, Estimator, EstimatorOptions, WeightFacts } from '../estimation/estimator';
import type { DetectionStore } from '../project/detectionStore';
import type { EarlierResults } from '../project/earlierResults';
import type { MotionStore } from '../project/motionStore';
import type { RgbFrame } from '../video/rgbFrame';
import type { FrameKeys } from './frameKeys';

/** A decoded frame on loan: `release` gives its memory back; nothing may read it after that. */
export interface BorrowedFrame {
  frame: RgbFrame;
  release(): void;
}

/** What a run needs of the project it works on. */
export interface RunContext {
  frameCount: number;
  /** Mean frames per second. */
  rate: number;
  /** Seconds of every frame from the first. */
  seconds: Float64Array;
  camera: ClipCamera;
  quality: string;
  detector: Detector;
  estimator: Estimator;
  options: EstimatorOptions;
  weights: WeightFacts;
  /** Id of the body model that the motion is made for. */
  bodyModel: string;
  /** Undefined when boxes were given and no detector is to run. */
  detections: DetectionStore | undefined;
  motion: MotionStore;
  /** Where rows go that are overwritten. */
  earlier: EarlierResults;
  observations: RecordCache;
  lanes: ComputeLanes;
  /** The document as it is at this moment. */
  document(): ProjectDocument;
  /** Keys under the settings of this run and the tracks of this moment. */
  keys(): FrameKeys;
  /**
   * Runs the tracker on all detections so far and brings the document up to them. False while the tracks that people
   * refer to come from another detector, whose place the new ones take only when the whole clip was searched.
   */
  retrack(): boolean;
  /** Tells the pages that results changed. */
  resultsChanged(): void;
  /** Upright frames of a span in order, at most `maxLongSide` px on the longer side (Infinity: as they are). */
  decode(span: Span, maxLongSide: number, signal: AbortSignal): AsyncIterable<BorrowedFrame>;
}
