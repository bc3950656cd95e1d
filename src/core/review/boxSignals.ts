import { hasFrame } from '../frames/span';
import { type Box, intersectionOverUnion } from '../tracks/box';
import { type BoxRows, rowBox } from '../tracks/boxRows';
import { BOX_ORIGIN } from '../tracks/track';
import { type Report, type ReviewClip, type Suspect, ramp } from './signal';

/** Usual time between two frames, s: jumps are judged as if frames were so far apart. */
const USUAL_STEP = 1 / 30;

/** Change of a box's speed, as a share of its diagonal a usual step, from which it is suspect, and where it is the worst. */
const JUMP = { from: 0.12, to: 0.45 };
/** Change of size a usual step (logarithm of the ratio of heights). */
const GROWTH = { from: 0.15, to: 0.5 };
/** Intersection over union with another person. */
const OVERLAP = { from: 0.35, to: 0.8 };
/** People come and go at the borders of the picture: nearer to one than this share of the box, it is no surprise. */
const AT_BORDER = 0.08;
/** Score of a track that begins or ends inside the picture. */
const INSIDE = 0.6;
/** Before the frame where a search was broken off, s: it looks ten times a second, so whoever is there was seen by then. */
const UNSEARCHED_SECONDS = 0.2;
/** Seconds without a box, or with an interpolated one, from which on a human should look. */
const LONG_SECONDS = 0.5;
/** Score of a stretch just that long; it reaches 1 at ten times as long. */
const LONG_SCORE = 0.4;

/** A run of frames with a box, `[from, to)`. */
interface Run {
  from: number;
  to: number;
}

function runsOf(origins: Uint8Array, isIn: (origin: number) => boolean): Run[] {
  const runs: Run[] = [];
  let from = -1;
  for (let frame = 0; frame <= origins.length; frame++) {
    const inside = frame < origins.length && isIn(origins[frame] ?? BOX_ORIGIN.absent);
    if (inside && from < 0) from = frame;
    if (!inside && from >= 0) {
      runs.push({ from, to: frame });
      from = -1;
    }
  }
  return runs;
}

function isAtBorder({ x, y, width, height }: Box, picture: { width: number; height: number }): boolean {
  const margin = AT_BORDER * Math.max(width, height);
  const isSide = x < margin || x + width > picture.width - margin;
  return isSide || y < margin || y + height > picture.height - margin;
}

function jumps({ rows }: Suspect, run: Run, { seconds }: ReviewClip, report: Report): void {
  const center = (box: Box) => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
  let [speedX, speedY] = [Number.NaN, Number.NaN];
  for (let frame = run.from + 1; frame < run.to; frame++) {
    const [before, here] = [rowBox(rows, frame - 1), rowBox(rows, frame)];
    if (!before || !here) continue;
    const steps = Math.max(1, ((seconds[frame] ?? 0) - (seconds[frame - 1] ?? 0)) / USUAL_STEP);
    const [a, b] = [center(before), center(here)];
    const size = Math.hypot(before.width, before.height);
    const [nextX, nextY] = [(b.x - a.x) / size / steps, (b.y - a.y) / size / steps];
    const turn = Number.isNaN(speedX) ? 0 : Math.hypot(nextX - speedX, nextY - speedY);
    const growth = Math.abs(Math.log(here.height / before.height)) / steps;
    report(frame, 'boxJump', Math.max(ramp(turn, JUMP.from, JUMP.to), ramp(growth, GROWTH.from, GROWTH.to)));
    [speedX, speedY] = [nextX, nextY];
  }
}

/** Whether a run of frames ends only because nothing after it was searched yet. */
function isUnsearched({ to }: Run, { seconds, searchedTo }: ReviewClip): boolean {
  if (searchedTo === undefined || searchedTo <= 0 || searchedTo >= seconds.length) return false;
  return to <= searchedTo && (seconds[searchedTo] ?? 0) - (seconds[to] ?? 0) <= UNSEARCHED_SECONDS;
}

function ends({ person, rows }: Suspect, run: Run, clip: ReviewClip, report: Report): void {
  const surprising = (frame: number) => {
    const box = rowBox(rows, frame);
    return box !== undefined && rows.origins[frame] !== BOX_ORIGIN.manual && !isAtBorder(box, clip);
  };
  // Where a human said that the person is not there, the end is no surprise.
  const isSaid = (frame: number) => hasFrame(person.outside, frame);
  const isCut = (frame: number) => clip.cuts?.includes(frame) ?? false;
  if (run.from > 0 && !isCut(run.from) && !isSaid(run.from - 1) && surprising(run.from))
    report(run.from, 'spawn', INSIDE);
  if (
    run.to < clip.seconds.length &&
    !isCut(run.to) &&
    !isSaid(run.to) &&
    !isUnsearched(run, clip) &&
    surprising(run.to - 1)
  )
    report(run.to - 1, 'loss', INSIDE);
}

/** Score of a stretch by its length; 0 for a short one. */
function lengthScore({ from, to }: Run, { seconds }: ReviewClip): number {
  const last = Math.min(to, seconds.length - 1);
  const length = (seconds[last] ?? 0) - (seconds[from] ?? 0);
  if (length < LONG_SECONDS) return 0;
  return LONG_SCORE + (1 - LONG_SCORE) * ramp(length, LONG_SECONDS, 10 * LONG_SECONDS);
}

function fill(run: Run, score: number, tell: (frame: number, score: number) => void): void {
  if (score > 0) for (let frame = run.from; frame < run.to; frame++) tell(frame, score);
}

/** What the boxes of a person say against them. `others` are the boxes of everybody else. */
export function boxSignals(suspect: Suspect, others: readonly BoxRows[], clip: ReviewClip, report: Report): void {
  const { rows, person } = suspect;
  const runs = runsOf(rows.origins, (origin) => origin !== BOX_ORIGIN.absent);
  for (const run of runs) {
    jumps(suspect, run, clip, report);
    ends(suspect, run, clip, report);
    for (let frame = run.from; frame < run.to; frame++) {
      const box = rowBox(rows, frame);
      for (const other of others) {
        const theirs = rowBox(other, frame);
        if (!box || !theirs) continue;
        report(frame, 'overlap', ramp(intersectionOverUnion(box, theirs), OVERLAP.from, OVERLAP.to));
      }
    }
  }
  runs.forEach(({ to }, index) => {
    const next = runs[index + 1];
    if (!next) return;
    const gap = { from: to, to: next.from };
    fill(gap, lengthScore(gap, clip), (frame, score) => {
      if (!hasFrame(person.outside, frame)) report(frame, 'gap', score);
    });
  });
  for (const run of runsOf(rows.origins, (origin) => origin === BOX_ORIGIN.interpolated)) {
    fill(run, lengthScore(run, clip), (frame, score) => report(frame, 'longInterpolation', score));
  }
}
