import { AppError } from '#core/errors';
import { type Box, interpolateBox } from '#core/tracks/box';
import { BOX_ORIGIN, type TrackerTrack, trackerBoxAt } from '#core/tracks/track';
import type { ExchangeClip, ExchangeTrack } from './trackFormat';

/** Farthest a box may lie or reach, px. */
const MOST_PX = 1_000_000;

/** All people together have at most so many frames between their first and last box. */
const MOST_ROWS = 20_000_000;

/** One box as a file states it. */
export interface StatedBox {
  /** Frame index from 0. */
  frame: number;
  box: Box;
  /** 0 to 1; 1 when the file says none. */
  score: number;
  isInterpolated: boolean;
}

/** Says what is wrong in a file of tracks. `where` begins the sentence, for example `Line 4 of the YOLO file`. */
export function wrongTracks(where: string, reason: string): AppError {
  return new AppError('INVALID_ARGUMENT', `${where} is wrong: ${reason}.`, {
    hint: 'Nothing was imported. Check that the file belongs to this video and is of the chosen format.',
  });
}

/** Builds tracks from boxes in any order, and refuses what cannot be right. */
export class TrackRows {
  private readonly people = new Map<string, { name: string; boxes: Map<number, StatedBox> }>();

  constructor(private readonly clip: ExchangeClip) {}

  /** Adds a box of the person with this key. @throws AppError INVALID_ARGUMENT beginning with `where` */
  add(key: string, name: string, { frame, box, score, isInterpolated }: StatedBox, where: string): void {
    const { frameCount } = this.clip;
    if (!Number.isInteger(frame) || frame < 0)
      throw wrongTracks(where, `the frame is ${frame}, expected a whole number from 0`);
    if (frame >= frameCount) {
      throw wrongTracks(
        where,
        `the frame is ${frame}, but the video has ${frameCount} frames, the last of them ${frameCount - 1}`,
      );
    }
    const sides = [box.x, box.y, box.width, box.height];
    if (!sides.every(Number.isFinite)) throw wrongTracks(where, 'a side of the box is no number');
    if (!(box.width > 0 && box.height > 0)) {
      throw wrongTracks(where, `the box is ${box.width} x ${box.height} px, expected a positive size`);
    }
    if (sides.some((side) => Math.abs(side) > MOST_PX))
      throw wrongTracks(where, `the box is more than ${MOST_PX} px away or large`);
    const person = this.people.get(key) ?? { name, boxes: new Map() };
    this.people.set(key, person);
    if (person.boxes.has(frame))
      throw wrongTracks(where, `person ${key} has two boxes on frame ${frame}, expected one`);
    person.boxes.set(frame, { frame, box, score: score >= 0 && score <= 1 ? score : 1, isInterpolated });
  }

  /** The tracks, in the order of their keys where all are whole numbers, else in which people were first named. @throws AppError when there is no box, or too many frames */
  tracks(format: string): ExchangeTrack[] {
    const entries = [...this.people];
    if (entries.every(([key]) => /^\d+$/.test(key))) entries.sort(([a], [b]) => Number(a) - Number(b));
    const people = entries.map(([, person]) => person);
    if (people.length === 0) throw wrongTracks(`The ${format} file`, 'it has no box of a person in it');
    let rows = 0;
    return people.map(({ name, boxes }, index) => {
      const frames = [...boxes.keys()].sort((a, b) => a - b);
      const start = frames[0] ?? 0;
      const length = (frames.at(-1) ?? start) - start + 1;
      rows += length;
      if (rows > MOST_ROWS)
        throw wrongTracks(`The ${format} file`, `it spans more than ${MOST_ROWS} frames over all people`);
      const track = emptyTrack(`${index + 1}`, start, length);
      for (const stated of boxes.values()) setRow(track, stated);
      return { name, track };
    });
  }
}

function emptyTrack(id: string, start: number, length: number): TrackerTrack {
  const boxes = new Float64Array(length * 4);
  return { id, start, length, boxes, scores: new Float32Array(length), origins: new Uint8Array(length) };
}

function setRow(track: TrackerTrack, { frame, box, score, isInterpolated }: StatedBox): void {
  const row = frame - track.start;
  track.boxes.set([box.x, box.y, box.width, box.height], row * 4);
  track.origins[row] = isInterpolated ? BOX_ORIGIN.interpolated : BOX_ORIGIN.detected;
  track.scores[row] = isInterpolated ? 0 : score;
}

/** Boxes of a track in order of frames. */
export function* statedBoxes(track: TrackerTrack): Generator<StatedBox> {
  for (let row = 0; row < track.length; row++) {
    const box = trackerBoxAt(track, track.start + row);
    if (!box) continue;
    const isInterpolated = track.origins[row] === BOX_ORIGIN.interpolated;
    yield { frame: track.start + row, box, score: track.scores[row] ?? 0, isInterpolated };
  }
}

/** A number to so many places, without what a float adds behind them. */
export function rounded(value: number, decimals: number): number {
  const scale = 10 ** decimals;
  // -0 would be written as it is not read again.
  return Math.round(value * scale) / scale + 0;
}

/** The boxes on the straight line between two stated ones, without the two; for formats that state only these. */
export function boxesBetween(from: StatedBox, to: StatedBox): StatedBox[] {
  return Array.from({ length: Math.max(0, to.frame - from.frame - 1) }, (_, index) => {
    const frame = from.frame + 1 + index;
    const box = interpolateBox(from.box, to.box, (frame - from.frame) / (to.frame - from.frame));
    return { frame, box, score: 0, isInterpolated: true };
  });
}
