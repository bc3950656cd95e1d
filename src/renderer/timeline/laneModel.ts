import type { Person } from '#core/document/schema';
import { mergeSpans, type Span } from '#core/frames/span';
import type { PersonResults } from '#core/protocol/messages';
import { originsOf } from '#core/tracks/boxRows';
import type { TrackTable } from '#core/tracks/effectiveBoxes';
import { BOX_ORIGIN } from '#core/tracks/track';
import { framesBetweenLooks } from '../session/shownBox';

/** How a stretch of a lane looks. */
export type LaneState = 'detected' | 'interpolated' | 'manual' | 'gap';

/** A stretch of frames with one look. */
export interface LanePiece extends Span {
  state: LaneState;
}

/** What a person's lane shows. */
export interface Lane {
  /** From the first to the last frame with a box, without holes; gaps inside are pieces too. Empty without boxes. */
  pieces: readonly LanePiece[];
  keyframes: readonly number[];
  /** Frames to compute again. */
  outOfDate: readonly Span[];
  /** Frames with a box that a human has looked at. */
  reviewed: readonly Span[];
}

/** Boxes by how they came to be. */
export interface BoxCounts {
  detected: number;
  interpolated: number;
  manual: number;
}

const STATES: readonly LaneState[] = ['gap', 'detected', 'interpolated', 'manual'];

function piecesOf(origins: Uint8Array): LanePiece[] {
  const first = origins.findIndex((origin) => origin !== BOX_ORIGIN.absent);
  if (first === -1) return [];
  const last = origins.findLastIndex((origin) => origin !== BOX_ORIGIN.absent);
  const pieces: LanePiece[] = [];
  let from = first;
  for (let frame = first + 1; frame <= last + 1; frame++) {
    if (frame <= last && origins[frame] === origins[from]) continue;
    pieces.push({ from, to: frame, state: STATES[origins[from] ?? 0] ?? 'gap' });
    from = frame;
  }
  return pieces;
}

const knownPieces = new WeakMap<Person, { tracks: TrackTable; frameCount: number; pieces: LanePiece[] }>();

/** The pieces of a person, found once for each state of them: documents are never changed in place. */
function piecesFor(person: Person, tracks: TrackTable, frameCount: number): LanePiece[] {
  const known = knownPieces.get(person);
  if (known?.tracks === tracks && known.frameCount === frameCount) return known.pieces;
  const pieces = piecesOf(originsOf(person, tracks, frameCount));
  knownPieces.set(person, { tracks, frameCount, pieces });
  return pieces;
}

function framesIn(pieces: readonly LanePiece[], state: LaneState): number {
  return pieces.reduce((sum, piece) => sum + (piece.state === state ? piece.to - piece.from : 0), 0);
}

/**
 * The lane of a person. `hasRun` says that bodies have been computed before: only then does a missing body count as out of
 * date, else the whole clip would be hatched before its first run.
 */
export function buildLane(
  person: Person,
  tracks: TrackTable,
  results: PersonResults | undefined,
  frameCount: number,
  hasRun: boolean,
): Lane {
  return {
    pieces: piecesFor(person, tracks, frameCount),
    keyframes: person.keyframes.map((entry) => entry.frame),
    outOfDate: hasRun ? mergeSpans(results?.outOfDate ?? []) : [],
    reviewed: person.reviewed ?? [],
  };
}

/**
 * Pieces with interpolated stretches of at most `frames` frames between detected ones counted as detected: detectors that
 * look at every other frame would else draw a comb where a frame is a few px wide.
 */
export function joinShortPieces(pieces: readonly LanePiece[], frames: number): LanePiece[] {
  const joined: LanePiece[] = [];
  pieces.forEach((piece, index) => {
    const isShort = piece.state === 'interpolated' && piece.to - piece.from <= frames;
    const isBetween = pieces[index - 1]?.state === 'detected' && pieces[index + 1]?.state === 'detected';
    const state = isShort && isBetween ? 'detected' : piece.state;
    const last = joined.at(-1);
    if (last && last.state === state) last.to = piece.to;
    else joined.push({ ...piece, state });
  });
  return joined;
}

/** Frames of each kind; boxes between two looks of the detector count as detected. */
export function countBoxes({ pieces }: Lane, framesPerSecond: number): BoxCounts {
  const joined = joinShortPieces(pieces, framesBetweenLooks(framesPerSecond));
  return {
    detected: framesIn(joined, 'detected'),
    interpolated: framesIn(joined, 'interpolated'),
    manual: framesIn(joined, 'manual'),
  };
}

/** A stretch for screen readers and the keyboard: pieces cut where being out of date changes. */
export interface LaneCell extends LanePiece {
  isOutOfDate: boolean;
}

const MOST_CELLS = 300;

/** The cells of a lane, in order; at most 300, the rest is reached by frames. */
export function cellsOf(lane: Lane, framesPerSecond: number): LaneCell[] {
  const cells: LaneCell[] = [];
  // Both lists are in order, so each is gone through once.
  let first = 0;
  for (const piece of joinShortPieces(lane.pieces, framesBetweenLooks(framesPerSecond))) {
    let at = piece.from;
    while ((lane.outOfDate[first]?.to ?? Number.POSITIVE_INFINITY) <= piece.from) first += 1;
    for (let index = first; index < lane.outOfDate.length; index++) {
      const span = lane.outOfDate[index];
      if (!span || span.from >= piece.to) break;
      const [from, to] = [Math.max(span.from, piece.from), Math.min(span.to, piece.to)];
      if (from > at) cells.push({ ...piece, from: at, to: from, isOutOfDate: false });
      cells.push({ ...piece, from, to, isOutOfDate: true });
      at = to;
    }
    if (at < piece.to) cells.push({ ...piece, from: at, isOutOfDate: false });
    if (cells.length >= MOST_CELLS) break;
  }
  return cells.slice(0, MOST_CELLS);
}
