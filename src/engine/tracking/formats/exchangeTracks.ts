import type { Person, ProjectDocument } from '#core/document/schema';
import { interpolateBox } from '#core/tracks/box';
import { boxRows, rowBox, type BoxRows } from '#core/tracks/boxRows';
import type { TrackTable } from '#core/tracks/effectiveBoxes';
import { BOX_ORIGIN, type TrackerTrack } from '#core/tracks/track';
import type { ExchangeTrack, FormatHolds } from './trackFormat';

/** A box is on the straight line when no side is farther from it than this, px: what formats round to. */
const ON_THE_LINE = 0.005;

/** People as they are handed over: those that are not folded away and have a box, in the order of their numbers. */
export function exchangeTracks(document: ProjectDocument, tracks: TrackTable): ExchangeTrack[] {
  return document.people
    .filter((person) => person.foldedBecause === undefined)
    .sort((a, b) => a.number - b.number)
    .flatMap((person) => trackOf(person, tracks, document.media.frameCount) ?? []);
}

function trackOf(person: Person, tracks: TrackTable, frameCount: number): ExchangeTrack | undefined {
  const rows = boxRows(person, tracks, frameCount);
  const start = rows.origins.findIndex((origin) => origin !== BOX_ORIGIN.absent);
  if (start < 0) return undefined;
  const end = rows.origins.findLastIndex((origin) => origin !== BOX_ORIGIN.absent) + 1;
  const track: TrackerTrack = {
    id: String(person.number),
    start,
    length: end - start,
    boxes: rows.boxes.slice(start * 4, end * 4),
    scores: rows.scores.slice(start, end),
    origins: statedOrigins(rows).slice(start, end),
  };
  return { name: person.name, track };
}

/** Origins as an exchange means them: what is interpolated but not on a straight line between stated boxes is stated. */
function statedOrigins(rows: BoxRows): Uint8Array {
  const origins = rows.origins.map((origin) => (origin === BOX_ORIGIN.manual ? BOX_ORIGIN.detected : origin));
  for (let frame = 0; frame < origins.length; frame++) {
    if (origins[frame] !== BOX_ORIGIN.interpolated) continue;
    let to = frame;
    while (origins[to] === BOX_ORIGIN.interpolated) to += 1;
    if (!isStraight(rows, frame - 1, to)) origins.fill(BOX_ORIGIN.detected, frame, to);
    frame = to;
  }
  return origins;
}

function isStraight(rows: BoxRows, before: number, after: number): boolean {
  const [from, to] = [rowBox(rows, before), rowBox(rows, after)];
  if (!from || !to) return false;
  for (let frame = before + 1; frame < after; frame++) {
    const [line, box] = [interpolateBox(from, to, (frame - before) / (after - before)), rowBox(rows, frame)];
    if (!box) return false;
    const sides = ['x', 'y', 'width', 'height'] as const;
    if (sides.some((side) => Math.abs(line[side] - box[side]) > ON_THE_LINE)) return false;
  }
  return true;
}

/** What a format cannot hold of these tracks, in sentences; empty when nothing is lost but decimals that nobody sees. */
export function lossesOf(tracks: readonly ExchangeTrack[], holds: FormatHolds, title: string): string[] {
  const losses: string[] = [];
  const isNamed = tracks.some(({ name, track }) => name !== `Person ${track.id}`);
  const has = (origin: number) => tracks.some(({ track }) => track.origins.includes(origin));
  if (!holds.names && isNamed) losses.push(`${title} has no place for names: people keep their numbers only.`);
  if (!holds.interpolation && has(BOX_ORIGIN.interpolated)) {
    losses.push(`${title} does not tell interpolated boxes from others: they are written as plain boxes.`);
  }
  const isScored = tracks.some(({ track }) =>
    track.scores.some((score, row) => track.origins[row] === BOX_ORIGIN.detected && score < 1),
  );
  if (!holds.scores && isScored) losses.push(`${title} has no place for scores: they are left out.`);
  return losses;
}
