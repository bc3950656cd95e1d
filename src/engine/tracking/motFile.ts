import { AppError } from '#core/errors';
import { BOX_ORIGIN, type TrackerTrack } from '#core/tracks/track';
import { fillGaps } from './fillGaps';

/** Gaps of given boxes up to this length are bridged, s. */
const LONGEST_BRIDGE = 1;

/** Frames per second assumed when the video's rate is not given. */
const DEFAULT_RATE = 30;

/** No video that Retake opens has more frames: a larger number in a file is a mistake, not a request for memory. */
const MOST_FRAMES = 2_000_000;

/** A file has at most so many boxes: 30 people on 100,000 frames, a hundred times what one clip needs. */
const MOST_BOXES = 3_000_000;

/** All people together have at most so many frames between their first and last box. */
const MOST_ROWS = 20_000_000;

/** Farthest a box may lie or reach, px. */
const MOST_PX = 1_000_000;

/** What is known of the video that the boxes belong to. */
export interface MotTiming {
  /** Frames per second; decides which gaps are short enough to be bridged. */
  rate?: number;
  /** Boxes on later frames are refused. */
  frameCount?: number;
  /** False: frames without a box stay without, however short the gap. Default true. */
  bridge?: boolean;
}

interface MotRow {
  frame: number;
  id: number;
  box: [number, number, number, number];
  score: number;
}

/**
 * Reads boxes in the MOTChallenge format: a line `frame,id,x,y,width,height,score,...` for each box, frames from 1, px
 * of the upright video, top-left corner. Every given box counts as detected; frames missing between two boxes of one id
 * are interpolated when the gap is at most a second (and `bridge` allows it), else absent. A score outside 0 to 1 (or none) counts as 1; a score
 * of 0 in a ground-truth file (9 columns) means that the box is to be ignored. Tracks are in order of their id.
 * @throws AppError INVALID_ARGUMENT with the number of the first line that is wrong
 */
export function readMotFile(text: string, timing: MotTiming = {}): TrackerTrack[] {
  const people = new Map<number, MotRow[]>();
  let boxes = 0;
  let number = 0;
  for (const line of lines(text)) {
    number += 1;
    if (line.trim() === '') continue;
    const row = readLine(line, number, timing.frameCount);
    if (!row) continue;
    boxes += 1;
    if (boxes > MOST_BOXES) throw wrong(number, `there are more than ${MOST_BOXES} boxes in the file`);
    const rows = people.get(row.id);
    if (rows) rows.push(row);
    else people.set(row.id, [row]);
  }
  if (boxes === 0) {
    throw new AppError('INVALID_ARGUMENT', 'The MOT file has no box in it; expected a line for each box.', {
      hint: 'A line looks like 1,1,100,50,80,200,1,-1,-1,-1: frame, id, x, y, width, height, score.',
    });
  }
  const known = timing.rate !== undefined && timing.rate > 0 ? timing.rate : DEFAULT_RATE;
  const rate = timing.bridge === false ? undefined : known;
  const ids = [...people.keys()].sort((a, b) => a - b);
  checkSpans([...people.values()]);
  return ids.map((id) => toTrack(id, people.get(id) ?? [], rate));
}

/** Lines without making a copy of the whole text first. */
function* lines(text: string): Generator<string> {
  let start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (start < text.length) {
    const end = text.indexOf('\n', start);
    const stop = end < 0 ? text.length : end;
    yield text.slice(start, stop);
    start = stop + 1;
  }
}

function readLine(line: string, number: number, frameCount: number | undefined): MotRow | undefined {
  const fields = line.trim().split(',');
  if (fields.length < 6) {
    throw wrong(number, `it has ${fields.length === 1 ? 'one value' : `${fields.length} values`}, expected at least 6`);
  }
  const values = fields.slice(0, 7).map((field, column) => readNumber(field, number, column));
  const [frame = 0, id = 0, x = 0, y = 0, width = 0, height = 0, score = 1] = values;
  const last = frameCount ?? MOST_FRAMES;
  if (!Number.isInteger(frame) || frame < 1) throw wrong(number, `the frame is ${frame}, expected 1 or more`);
  if (frame > last) throw wrong(number, `the frame is ${frame}, but the last one is ${last}`);
  if (id === -1) throw wrong(number, 'the id is -1 (a detection of nobody in particular), expected a person id');
  if (!Number.isInteger(id) || id < 0 || id > Number.MAX_SAFE_INTEGER) {
    throw wrong(number, `the id is ${id}, expected a whole number from 0 on`);
  }
  if (!(width > 0 && height > 0)) throw wrong(number, `the box is ${width} x ${height} px, expected a positive size`);
  if ([x, y, width, height].some((value) => Math.abs(value) > MOST_PX)) {
    throw wrong(number, `the box is more than ${MOST_PX} px away or large`);
  }
  const isIgnored = fields.length === 9 && score === 0;
  if (isIgnored) return undefined;
  return { frame, id, box: [x, y, width, height], score: score >= 0 && score <= 1 ? score : 1 };
}

const COLUMN_NAMES = ['frame', 'id', 'x', 'y', 'width', 'height', 'score'];

function readNumber(field: string, number: number, column: number): number {
  const text = field.trim();
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  if (Number.isFinite(value)) return value;
  const shown = text.length > 20 ? `${text.slice(0, 20)}…` : text;
  throw wrong(number, `the ${COLUMN_NAMES[column]} is "${shown.replaceAll(/\p{C}/gu, '?')}", expected a number`);
}

function wrong(number: number, reason: string): AppError {
  return new AppError('INVALID_ARGUMENT', `Line ${number} of the MOT file is wrong: ${reason}.`, {
    hint: 'A line looks like 1,1,100,50,80,200,1,-1,-1,-1: frame, id, x, y, width, height, score.',
  });
}

/** Refuses a small file that would ask for a lot of memory: a few boxes far apart in time, for many people. */
function checkSpans(people: readonly MotRow[][]): void {
  let rows = 0;
  for (const own of people) {
    const frames = own.map(({ frame }) => frame);
    rows += frames.reduce((last, frame) => Math.max(last, frame), 0) - frames.reduce((a, b) => Math.min(a, b)) + 1;
  }
  if (rows <= MOST_ROWS) return;
  throw new AppError(
    'INVALID_ARGUMENT',
    `The MOT file spans ${rows} frames over all people; at most ${MOST_ROWS} can be.`,
    {
      hint: 'Check the frame numbers: the first column counts the frames of the video from 1.',
    },
  );
}

function toTrack(id: number, rows: MotRow[], rate: number | undefined): TrackerTrack {
  let first = Number.POSITIVE_INFINITY;
  let last = 0;
  for (const { frame } of rows) {
    first = Math.min(first, frame);
    last = Math.max(last, frame);
  }
  const length = last - first + 1;
  const track: TrackerTrack = {
    id: `m${id}`,
    ...(id >= 1 ? { number: id } : {}),
    start: first - 1,
    length,
    boxes: new Float64Array(length * 4),
    scores: new Float32Array(length),
    origins: new Uint8Array(length),
  };
  for (const { frame, box, score } of rows) {
    const row = frame - first;
    if (track.origins[row] !== BOX_ORIGIN.absent) {
      throw new AppError(
        'INVALID_ARGUMENT',
        `The MOT file has two boxes of id ${id} on frame ${frame}; expected one.`,
        {
          hint: 'Give every person an id of their own.',
        },
      );
    }
    track.boxes.set(box, row * 4);
    track.scores[row] = score;
    track.origins[row] = BOX_ORIGIN.detected;
  }
  if (rate !== undefined) fillGaps(track, LONGEST_BRIDGE, (row) => row / rate);
  return track;
}

/**
 * Tracks in the MOTChallenge format, ordered by frame, then by person; ids count from 1 in the given order, interpolated
 * boxes included (their score is 0). Numbers to 0.01 px. Folded tracks are left to the caller.
 */
export function writeMotFile(tracks: readonly TrackerTrack[]): string {
  const rows: { frame: number; id: number; text: string }[] = [];
  tracks.forEach((track, index) => {
    for (let row = 0; row < track.length; row++) {
      if (track.origins[row] === BOX_ORIGIN.absent) continue;
      const numbers = [...track.boxes.subarray(row * 4, row * 4 + 4), track.scores[row] ?? 0].map(shortNumber);
      const frame = track.start + row + 1;
      rows.push({ frame, id: index + 1, text: `${frame},${index + 1},${numbers.join(',')},-1,-1,-1\n` });
    }
  });
  rows.sort((a, b) => a.frame - b.frame || a.id - b.id);
  return rows.map(({ text }) => text).join('');
}

function shortNumber(value: number): string {
  return String(Math.round(value * 100) / 100);
}
