import { slerpQuaternions } from '#core/body/rotations';
import type { ExportClip, ExportPerson } from './exportClip';
import type { ExportProgress } from './exporter';
import type { GapPolicy, RootPolicy } from './motionOptions';
import type { SampleGrid } from './sampleGrid';

/** Motion of one person on a grid, small enough to keep: 816 bytes a sample for 24 joints. */
export interface MotionTrack {
  count: number;
  jointCount: number;
  /** count * jointCount * 4 unit quaternions (x, y, z, w); neighbours in time lie in one hemisphere. */
  rotations: Float64Array;
  /** count * 3: pelvis joint, m, scene space. */
  translations: Float64Array;
}

/** How {@link gatherMotion} treats what it reads. */
export interface GatherSettings {
  gaps: GapPolicy;
  root: RootPolicy;
  /**
   * x and z in m that `start-at-origin` takes away: one place for everybody in a file, so that people keep their
   * distance. Without it the person's own first place is used.
   */
  origin?: readonly [number, number];
}

interface SourceMotion extends MotionTrack {
  present: Uint8Array;
}

/** Keys of frames that were read, before gaps, hemisphere, root and rate are settled. */
async function* readSource(
  clip: ExportClip,
  person: ExportPerson,
  progress: { before: number; total: number },
  signal: AbortSignal,
): AsyncGenerator<ExportProgress, SourceMotion> {
  const count = clip.span.to - clip.span.from;
  const jointCount = person.parents.length;
  const rotations = new Float64Array(count * jointCount * 4);
  const translations = new Float64Array(count * 3);
  const present = new Uint8Array(count);
  for await (const frame of person.frames({ span: clip.span, vertices: false }, signal)) {
    const row = frame.frameIndex - clip.span.from;
    // A number that is not finite would spoil the whole curve in every reader, so such a frame counts as a gap.
    if (frame.present && [...frame.rotations, ...frame.rootTranslation].every(Number.isFinite)) {
      present[row] = 1;
      rotations.set(frame.rotations, row * jointCount * 4);
      translations.set(frame.rootTranslation, row * 3);
    }
    if (row % 32 === 31) {
      signal.throwIfAborted();
      yield { done: progress.before + row + 1, total: progress.total, unit: 'frames' };
    }
  }
  return { count, jointCount, rotations, translations, present };
}

/** Makes quaternions of each joint continuous in time, from w >= 0 on: q and -q are one rotation, but not to an interpolator. */
function alignHemispheres(motion: MotionTrack): void {
  const { rotations, jointCount } = motion;
  const width = jointCount * 4;
  for (let at = 0; at < width; at += 4) {
    if (rotations[at + 3]! < 0) for (let k = 0; k < 4; k++) rotations[at + k] = -rotations[at + k]!;
  }
  for (let at = width; at < motion.count * width; at += 4) {
    let cosine = 0;
    for (let k = 0; k < 4; k++) cosine += rotations[at + k]! * rotations[at - width + k]!;
    if (cosine < 0) for (let k = 0; k < 4; k++) rotations[at + k] = -rotations[at + k]!;
  }
}

/** Writes the sample between rows `before` and `after` of `source` into `row` of `target`. */
function blendRows(
  source: MotionTrack,
  before: number,
  after: number,
  share: number,
  target: MotionTrack,
  row: number,
): void {
  const width = source.jointCount * 4;
  const blended = [0, 0, 0, 1];
  for (let joint = 0; joint < source.jointCount; joint++) {
    const from = before * width + joint * 4;
    const to = after * width + joint * 4;
    slerpQuaternions(source.rotations.subarray(from, from + 4), source.rotations.subarray(to, to + 4), share, blended);
    target.rotations.set(blended, row * width + joint * 4);
  }
  for (let c = 0; c < 3; c++) {
    const from = source.translations[before * 3 + c]!;
    target.translations[row * 3 + c] = from + (source.translations[after * 3 + c]! - from) * share;
  }
}

function fillGaps(motion: SourceMotion, policy: GapPolicy): void {
  const { present, count } = motion;
  let before = -1;
  for (let row = 0; row < count; row++) {
    if (present[row] === 1) {
      before = row;
      continue;
    }
    let after = row;
    while (after < count && present[after] !== 1) after++;
    for (let gap = row; gap < after; gap++) {
      const inside = before >= 0 && after < count;
      const nearest = before >= 0 ? before : after;
      if (inside && policy === 'interpolate') {
        blendRows(motion, before, after, (gap - before) / (after - before), motion, gap);
      } else if (nearest < count) blendRows(motion, nearest, nearest, 0, motion, gap);
    }
    row = after - 1;
  }
}

function resample(source: MotionTrack, grid: SampleGrid): MotionTrack {
  const { jointCount } = source;
  const result: MotionTrack = {
    count: grid.count,
    jointCount,
    rotations: new Float64Array(grid.count * jointCount * 4),
    translations: new Float64Array(grid.count * 3),
  };
  for (let sample = 0; sample < grid.count; sample++) {
    const position = grid.positions[sample]!;
    const before = Math.min(Math.floor(position), source.count - 1);
    blendRows(source, before, Math.min(before + 1, source.count - 1), position - before, result, sample);
  }
  return result;
}

function placeRoot(motion: MotionTrack, settings: GatherSettings): void {
  const { translations, count } = motion;
  if (settings.root === 'ground') return;
  const [originX, originZ] = settings.origin ?? [translations[0]!, translations[2]!];
  for (let row = 0; row < count; row++) {
    const inPlace = settings.root === 'in-place';
    translations[row * 3] = inPlace ? 0 : translations[row * 3]! - originX;
    translations[row * 3 + 2] = inPlace ? 0 : translations[row * 3 + 2]! - originZ;
  }
}

/**
 * Reads a person's motion onto a grid: gaps filled, quaternions continuous, resampled by slerp where the grid is not the
 * video's own, root placed. Yields progress in frames of the span, returns the track.
 * @param progress frames done before this person, and frames in all
 */
export async function* gatherMotion(
  clip: ExportClip,
  person: ExportPerson,
  grid: SampleGrid,
  settings: GatherSettings,
  progress: { before: number; total: number },
  signal: AbortSignal,
): AsyncGenerator<ExportProgress, MotionTrack> {
  const source = yield* readSource(clip, person, progress, signal);
  fillGaps(source, settings.gaps);
  alignHemispheres(source);
  const motion: MotionTrack = grid.isSource ? source : resample(source, grid);
  if (!grid.isSource) alignHemispheres(motion);
  placeRoot(motion, settings);
  return motion;
}

/** x and z (m) of the first place where any of the people stands: the shared origin of `start-at-origin`. */
export async function firstPlace(
  clip: ExportClip,
  people: readonly ExportPerson[],
  signal: AbortSignal,
): Promise<[number, number]> {
  for (let frame = clip.span.from; frame < clip.span.to; frame++) {
    const person = people.find((candidate) => candidate.isPresent(frame));
    if (!person) continue;
    const request = { span: { from: frame, to: frame + 1 }, vertices: false as const };
    for await (const { present, rootTranslation } of person.frames(request, signal)) {
      if (present) return [rootTranslation[0] ?? 0, rootTranslation[2] ?? 0];
    }
  }
  return [0, 0];
}
