import { type Box, intersectionOverUnion } from '#core/tracks/box';
import { BOX_ORIGIN, type Detection, type TrackerTrack, trackerBoxAt } from '#core/tracks/track';
import type { TrackerInput } from '#engine/tracking/tracker';

/** A made-up person: where the middle of the box is at a time, px; undefined while out of the picture or hidden. */
export interface Walker {
  /** px. */
  height: number;
  at(seconds: number): { x: number; y: number } | undefined;
  /** True while somebody or something hides the person from the detector. */
  isHidden?(seconds: number): boolean;
}

export interface SceneOptions {
  frameCount: number;
  rate: number;
  width?: number;
  height?: number;
  /** Standard deviation of box edges and keypoints, as a share of the person's height. */
  jitter?: number;
  /** Share of detections that are missing. */
  missed?: number;
  /** The detector looks at every n-th frame. */
  every?: number;
  /** False: detections have no keypoints. */
  hasKeypoints?: boolean;
  seed?: number;
}

/** Pseudo-random numbers 0 to 1 from a seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  };
}

function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Places of the 17 COCO keypoints in a standing person's box, shares of its width and height. */
const STANDING: readonly (readonly [number, number])[] = [
  [0.5, 0.07],
  [0.55, 0.05],
  [0.45, 0.05],
  [0.6, 0.06],
  [0.4, 0.06],
  [0.75, 0.2],
  [0.25, 0.2],
  [0.85, 0.35],
  [0.15, 0.35],
  [0.9, 0.5],
  [0.1, 0.5],
  [0.65, 0.52],
  [0.35, 0.52],
  [0.65, 0.75],
  [0.35, 0.75],
  [0.65, 0.96],
  [0.35, 0.96],
];

/** True box of a walker, px. */
export function trueBox(walker: Walker, seconds: number): Box | undefined {
  const at = walker.at(seconds);
  const width = walker.height * 0.4;
  return at && { x: at.x - width / 2, y: at.y - walker.height / 2, width, height: walker.height };
}

/** The score names the walker, so that tracks can be held to the truth: scores travel with detected rows. */
const scoreOf = (walker: number) => 0.6 + walker / 100;
const walkerOf = (score: number) => Math.round((score - 0.6) * 100);

/** Overlap from which on the nearer person (earlier in the list) hides the farther one. */
const HIDING_OVERLAP = 0.65;

/** What a detector would find, in random order within each frame; at most 40 walkers. */
export function filmScene(walkers: readonly Walker[], options: SceneOptions): TrackerInput {
  const { frameCount, rate, width = 1280, height = 720, jitter = 0.01, missed = 0, every = 1, seed = 1 } = options;
  const random = randomOf(seed);
  const seconds = Float64Array.from({ length: frameCount }, (_, frame) => frame / rate);
  const detections = Array.from(seconds, (time, frame) => {
    if (frame % every !== 0) return undefined;
    const found: Detection[] = [];
    const nearer: Box[] = [];
    walkers.forEach((walker, index) => {
      const box = trueBox(walker, time);
      if (!box || walker.isHidden?.(time) || random() < missed) return;
      if (nearer.some((other) => intersectionOverUnion(other, box) > HIDING_OVERLAP)) return;
      nearer.push(box);
      const detection = detectionOf(walker, box, time, jitter, random, options.hasKeypoints ?? true);
      found.push({ ...detection, score: scoreOf(index) });
    });
    return found.sort(() => random() - 0.5);
  });
  return { frameCount, rate, width, height, seconds, detections };
}

function detectionOf(
  walker: Walker,
  box: Box,
  time: number,
  jitter: number,
  random: () => number,
  hasKeypoints: boolean,
): Detection {
  const noise = () => gaussian(random) * jitter * walker.height;
  const noisy = { x: box.x + noise(), y: box.y + noise(), width: box.width + noise(), height: box.height + noise() };
  const score = 1;
  if (!hasKeypoints) return { box: noisy, score };
  const keypoints = new Float32Array(51);
  STANDING.forEach(([x, y], keypoint) => {
    const swing = y > 0.6 ? Math.sin(time * 6 + walker.height + (x > 0.5 ? Math.PI : 0)) * 0.25 : 0;
    keypoints.set([box.x + (x + swing) * box.width + noise(), box.y + y * box.height + noise(), 0.7], keypoint * 3);
  });
  return { box: noisy, score, keypoints };
}

export interface Judgement {
  /** Main tracks (not folded). */
  people: number;
  /** How often a track changes from one true person to another, over all main tracks. */
  switches: number;
  /** For each walker the number of main tracks that show them. */
  tracksOf: number[];
  /** For each walker the share of frames on which they are in the picture and have a box over them (IoU at least 0.5). */
  coverage: number[];
}

/** Holds tracks to the truth. */
export function judge(tracks: readonly TrackerTrack[], walkers: readonly Walker[], input: TrackerInput): Judgement {
  const main = tracks.filter((track) => track.foldedBecause === undefined);
  const shown = walkers.map(() => new Set<string>());
  const covered = walkers.map(() => new Set<number>());
  let switches = 0;
  for (const track of main) {
    let before: number | undefined;
    for (let frame = track.start; frame < track.start + track.length; frame++) {
      const box = trackerBoxAt(track, frame);
      if (!box) continue;
      const row = frame - track.start;
      const current = track.origins[row] === BOX_ORIGIN.detected ? walkerOf(track.scores[row] ?? 0) : before;
      if (current === undefined) continue;
      if (before !== undefined && before !== current) switches += 1;
      before = current;
      shown[current]?.add(track.id);
      const truth = trueBox(walkers[current]!, input.seconds[frame] ?? 0);
      if (truth && intersectionOverUnion(truth, box) >= 0.5) covered[current]?.add(frame);
    }
  }
  const coverage = walkers.map((walker, index) => {
    const frames = Array.from(input.seconds, (_, frame) => frame);
    const there = frames.filter((frame) => trueBox(walker, input.seconds[frame] ?? 0) !== undefined);
    return there.filter((frame) => covered[index]?.has(frame)).length / Math.max(1, there.length);
  });
  return { people: main.length, switches, tracksOf: shown.map((set) => set.size), coverage };
}
