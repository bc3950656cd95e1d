import type { Span } from '#core/frames/span';
import { spansWhere } from '#core/frames/span';
import { AppError } from '#core/errors';
import type { ExportClip, ExportPerson } from './exportClip';

/** Who goes into one file. */
export interface PeopleFile {
  /** Below the target folder. */
  name: string;
  people: readonly ExportPerson[];
}

/** People of the clip with a body somewhere in its span; others have nothing to write. */
export function peopleWithMotion(clip: ExportClip): ExportPerson[] {
  return clip.people.filter((person) => presentSpans(clip, person).length > 0);
}

/** Frames of the clip's span on which the person has a body. */
export function presentSpans(clip: ExportClip, person: ExportPerson): Span[] {
  const { from, to } = clip.span;
  return spansWhere(to - from, (k) => person.isPresent(from + k)).map((span) => ({
    from: span.from + from,
    to: span.to + from,
  }));
}

/** Files of an export that holds all people together, or one file for each. */
export function peopleFiles(clip: ExportClip, baseName: string, extension: string, perPerson: boolean): PeopleFile[] {
  const people = peopleWithMotion(clip);
  if (people.length === 0) return [];
  if (!perPerson || people.length === 1) return [{ name: `${baseName}.${extension}`, people }];
  return people.map((person) => ({
    name: `${baseName}_${person.number}-${person.name.toLowerCase()}.${extension}`,
    people: [person],
  }));
}

/** @throws AppError INVALID_ARGUMENT when the clip has nothing to write */
export function requirePeople<Entry>(entries: readonly Entry[]): readonly Entry[] {
  if (entries.length > 0) return entries;
  throw new AppError('INVALID_ARGUMENT', 'Nobody has a body in these frames, so there is nothing to export.', {
    hint: 'Choose people and frames that have results, or run first.',
  });
}
