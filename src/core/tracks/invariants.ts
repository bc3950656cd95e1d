import type { Person, ProjectDocument } from '../document/schema';
import { hasFrame, mergeSpans, type Span, subtractSpans } from '../frames/span';

function isOrdered(numbers: readonly number[]): boolean {
  return numbers.every((value, index) => index === 0 || (numbers[index - 1] ?? 0) < value);
}

function isNormal(spans: readonly Span[]): boolean {
  const normal = mergeSpans(spans);
  return normal.length === spans.length && normal.every((span, index) => span.from === spans[index]?.from);
}

function areApart(pieces: readonly Span[]): boolean {
  return pieces.every((piece, index) => piece.to > piece.from && piece.from >= (pieces[index - 1]?.to ?? 0));
}

function brokenLists(person: Person): string[] {
  const broken: string[] = [];
  for (const name of ['interpolated', 'smooth', 'off', 'outside', 'reviewed'] as const) {
    if (!isNormal(person[name] ?? [])) broken.push(`${name} spans are not in order or touch`);
  }
  if (!areApart(person.segments)) broken.push('pieces of tracks overlap');
  if (!areApart(person.choices ?? [])) broken.push('choices overlap');
  const poses = (person.poseEdits ?? []).map(({ frame, joint }) => frame * 24 + joint);
  if (!isOrdered(poses)) broken.push('pose edits are not in order');
  return broken;
}

function brokenKeyframes(person: Person): string[] {
  const broken: string[] = [];
  const frames = person.keyframes.map(({ frame }) => frame);
  if (!isOrdered(frames)) broken.push('keyframes are not in order');
  const numbers = person.keyframes.flatMap(({ box }) => [box.x, box.y, box.width, box.height]);
  if (!numbers.every(Number.isFinite)) broken.push('a box is not finite');
  if (frames.some((frame) => hasFrame(person.interpolated, frame))) broken.push('a keyframe is interpolated');
  const [first, last] = [frames[0] ?? Number.MAX_SAFE_INTEGER, frames.at(-1) ?? 0];
  if (person.interpolated.some(({ from, to }) => from <= first || to > last)) {
    broken.push('interpolation lacks a keyframe');
  }
  if (subtractSpans(person.smooth ?? [], person.interpolated).length > 0)
    broken.push('a smooth frame is not interpolated');
  return broken;
}

/** Frames that two people take from the same track. */
function sharedFrames(people: readonly Person[]): string[] {
  const byTrack = new Map<string, Span[]>();
  for (const { segments } of people) {
    for (const { track, from, to } of segments) {
      const known = byTrack.get(track);
      if (known) known.push({ from, to });
      else byTrack.set(track, [{ from, to }]);
    }
  }
  return [...byTrack].flatMap(([track, spans]) => {
    const sorted = spans.sort((a, b) => a.from - b.from);
    return areApart(sorted) ? [] : [`two people have track ${track} on the same frame`];
  });
}

/**
 * What of the rules of a document does not hold, in words; empty for a good one. The rules: keyframes in order, one a
 * frame, with finite boxes; spans in normal form; interpolation between keyframes and on none; pieces of tracks, choices
 * and pose edits in order and apart; numbers of people unique and below the next one; no piece of a track on two people.
 */
export function brokenInvariants(document: ProjectDocument): string[] {
  const { people, nextNumber } = document;
  const broken = people.flatMap((person) =>
    [...brokenLists(person), ...brokenKeyframes(person)].map((what) => `${person.id}: ${what}`),
  );
  const numbers = people.map(({ number }) => number);
  if (new Set(numbers).size < numbers.length) broken.push('two people have the same number');
  if (numbers.some((number) => number >= nextNumber)) broken.push('the next number is taken');
  return [...broken, ...sharedFrames(people)];
}
