import { isDeepStrictEqual } from 'node:util';
import type { Edit, Patch } from '#core/document/patch';
import type { Person, ProjectDocument, Segment } from '#core/document/schema';
import { intersectionOverUnion } from '#core/tracks/box';
import { type TrackerTrack, trackerBoxAt } from '#core/tracks/track';

/** Mean overlap of two tracks on their common frames above which they are the same person seen again. */
const SAME_PERSON_IOU = 0.5;

/** How much two tracks agree: mean IoU over common frames times their number; 0 when they are not the same person. */
function agreement(a: TrackerTrack, b: TrackerTrack): number {
  const from = Math.max(a.start, b.start);
  const to = Math.min(a.start + a.length, b.start + b.length);
  let sum = 0;
  let frames = 0;
  for (let frame = from; frame < to; frame++) {
    const left = trackerBoxAt(a, frame);
    const right = trackerBoxAt(b, frame);
    if (!left || !right) continue;
    sum += intersectionOverUnion(left, right);
    frames += 1;
  }
  return frames > 0 && sum / frames >= SAME_PERSON_IOU ? sum : 0;
}

/** For every old track the new one that continues it; each new one at most once, best agreement first. */
function matchTracks(before: readonly TrackerTrack[], after: readonly TrackerTrack[]): Map<string, TrackerTrack> {
  const pairs = before.flatMap((old) => after.map((next) => ({ old, next, score: agreement(old, next) })));
  pairs.sort((a, b) => b.score - a.score);
  const matches = new Map<string, TrackerTrack>();
  const taken = new Set<string>();
  for (const { old, next, score } of pairs) {
    if (score === 0 || matches.has(old.id) || taken.has(next.id)) continue;
    matches.set(old.id, next);
    taken.add(next.id);
  }
  return matches;
}

/**
 * A piece after its track was made anew: an end that stood at the track's own end moves with it, an end that a human
 * cut stays where it is.
 */
function renewSegment(segment: Segment, old: TrackerTrack, next: TrackerTrack): Segment {
  return {
    track: next.id,
    from: segment.from <= old.start ? next.start : segment.from,
    to: segment.to >= old.start + old.length ? next.start + next.length : segment.to,
  };
}

function renewPerson(
  person: Person,
  before: ReadonlyMap<string, TrackerTrack>,
  matches: ReadonlyMap<string, TrackerTrack>,
): Person {
  let old: TrackerTrack | undefined;
  let next: TrackerTrack | undefined;
  const segments = person.segments.flatMap((segment) => {
    // A track that was not there before was adopted already when the engine was stopped in between.
    old = before.get(segment.track);
    if (!old) return [segment];
    next = matches.get(segment.track);
    if (!next) return [];
    const renewed = renewSegment(segment, old, next);
    return renewed.to > renewed.from ? [renewed] : [];
  });
  const { foldedBecause, ...rest } = person;
  const isUntouched = person.keyframes.length === 0 && foldedBecause === old?.foldedBecause;
  const reason = segments.length === 1 && next && isUntouched ? next.foldedBecause : foldedBecause;
  const renewed = { ...rest, segments, ...(reason === undefined ? {} : { foldedBecause: reason }) };
  return isDeepStrictEqual(renewed, person) ? person : renewed;
}

function newPerson(track: TrackerTrack, number: number): Person {
  return {
    id: `p${number}`,
    number,
    name: `Person ${number}`,
    visible: true,
    locked: false,
    ...(track.foldedBecause ? { foldedBecause: track.foldedBecause } : {}),
    segments: [{ track: track.id, from: track.start, to: track.start + track.length }],
    keyframes: [],
    interpolated: [],
    outside: [],
  };
}

function isEmptyPerson(person: Person): boolean {
  return person.segments.length === 0 && person.keyframes.length === 0;
}

function foldEmpty(person: Person): Person {
  if (!isEmptyPerson(person) || person.foldedBecause !== undefined) return person;
  return { ...person, foldedBecause: 'Not found again' };
}

/** Tracks that somebody has, by id. */
function tracksInUse(people: readonly Person[]): Set<string> {
  return new Set(people.flatMap((person) => person.segments.map((segment) => segment.track)));
}

/**
 * Plans the change that brings a document from the tracks it knows (`before`) to new ones (`after`): people keep their
 * identity, names and human boxes; tracks nobody has yet become new people, numbered from `firstNumber` on (or as their
 * file says); tracks of
 * people whom a human deleted stay nobody's. People without anything left go when `mayRemove`, else they are folded away:
 * patches name people by their place in the list, so while an undo list stands nobody may be taken out. Undefined when
 * nothing changes.
 */
export function planTrackAdoption(
  document: ProjectDocument,
  before: readonly TrackerTrack[],
  after: readonly TrackerTrack[],
  { mayRemove, firstNumber = document.nextNumber }: { mayRemove: boolean; firstNumber?: number },
): Edit | undefined {
  const matches = matchTracks(before, after);
  const beforeById = new Map(before.map((track) => [track.id, track]));
  const kept = document.people.map((person) => renewPerson(person, beforeById, matches));
  const adopted = tracksInUse(kept);
  for (const track of matches.values()) adopted.add(track.id);
  let nextNumber = Math.max(document.nextNumber, firstNumber);
  const added = after
    .filter((track) => !adopted.has(track.id))
    .map((track) => {
      // Numbers are never given again, so one of a file is taken only when it is beyond all that were.
      const number = track.number !== undefined && track.number >= nextNumber ? track.number : nextNumber;
      nextNumber = number + 1;
      return newPerson(track, number);
    });
  const remaining = mayRemove ? kept.filter((person) => !isEmptyPerson(person)) : kept.map(foldEmpty);
  const people = [...remaining, ...added];
  if (isDeepStrictEqual(people, document.people)) return undefined;
  const change = (value: Person[], number: number): Patch[] => [
    { op: 'replace', path: ['people'], value },
    { op: 'replace', path: ['nextNumber'], value: number },
  ];
  const main = people.filter((person) => person.foldedBecause === undefined).length;
  return {
    label: main === 1 ? 'Found 1 person' : `Found ${main} people`,
    patches: change(people, added.length > 0 ? nextNumber : document.nextNumber),
    inverse: change(document.people, document.nextNumber),
  };
}
