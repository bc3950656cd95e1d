import { randomUUID } from 'node:crypto';
import { basename, join } from 'node:path';
import type { Person, ProjectDocument } from '#core/document/schema';
import { editFromPlan } from '#core/document/planToEdit';
import { AppError } from '#core/errors';
import { meanFrameRate } from '#core/frames/frameTimes';
import { reviewReport } from '#core/review/reviewEdits';
import type { TrackerTrack } from '#core/tracks/track';
import { writeFileAtomically } from '../project/atomicFile';
import { readWholeFile } from '../project/wholeFile';
import type { ProjectSession } from '../project/projectSession';
import { exchangeTracks, lossesOf } from '../tracking/formats/exchangeTracks';
import { findTrackFormat } from '../tracking/formats/registry';
import type { ExchangeClip, ExchangeTrack } from '../tracking/formats/trackFormat';

/** The clip of a project as formats of tracks need it. */
function clipOf(session: ProjectSession): ExchangeClip {
  const { media } = session.parts;
  const { frameCount, width, height } = media;
  const rate = meanFrameRate(media.frameTimes);
  return { name: basename(media.path), frameCount, width, height, rate, seconds: session.seconds };
}

/** What writing tracks gave. */
export interface WrittenTracks {
  path: string;
  name: string;
  bytes: number;
  /** What the format could not hold, in sentences. */
  losses: string[];
}

/** A file among the project's exports, named by the project and what is in it. */
function ownFile(session: ProjectSession, ending: string): string {
  const stem = session.document.name.replace(/[^\p{L}\p{N} _-]/gu, '_');
  return join(session.parts.folder.exports, `${stem}_${ending}`);
}

/**
 * Writes which frames of whom were reviewed, as JSON; an older report is replaced. @throws AppError DISK_FULL, READ_ONLY
 */
export function exportReview(session: ProjectSession): Omit<WrittenTracks, 'losses'> {
  const report = reviewReport(session.document, session.tracks);
  const bytes = Buffer.from(`${JSON.stringify(report, undefined, 2)}\n`);
  const path = ownFile(session, 'review.json');
  writeFileAtomically(path, bytes, 'the review report');
  return { path, name: basename(path), bytes: bytes.length };
}

/**
 * Writes the boxes of a project's people to a file; an older one of that name is replaced.
 * @throws AppError NOT_FOUND for an unknown format, UNSUPPORTED for one that is only read, NO_PEOPLE, DISK_FULL, READ_ONLY
 */
export function exportTracks(session: ProjectSession, formatId: string, path?: string): WrittenTracks {
  const format = findTrackFormat(formatId);
  if (!format.write) throw new AppError('UNSUPPORTED', `${format.title} files can be read but not written.`);
  const tracks = exchangeTracks(session.document, session.tracks);
  if (tracks.length === 0) {
    throw new AppError('NO_PEOPLE', 'There is nobody with a box to export.', {
      hint: 'Run the clip or draw a box first.',
    });
  }
  const bytes = format.write(tracks, clipOf(session));
  const target = path ?? ownFile(session, `tracks_${format.id}.${format.extension}`);
  writeFileAtomically(target, bytes, 'the tracks');
  return {
    path: target,
    name: basename(target),
    bytes: bytes.length,
    losses: lossesOf(tracks, format.holds, format.title),
  };
}

/** People with imported tracks, each under its own number of the file where that was never given, else the next free one. */
function planImport(
  document: ProjectDocument,
  entries: readonly ExchangeTrack[],
  tracks: readonly TrackerTrack[],
  first: number,
) {
  let next = first;
  const people = tracks.map((track, index): Person => {
    const number = Math.max(next, track.number ?? next);
    next = number + 1;
    const name = entries[index]?.name ?? '';
    return {
      ...{
        id: `person-${number}-${randomUUID().slice(0, 8)}`,
        number,
        name: name.slice(0, 80),
        visible: true,
        locked: false,
      },
      segments: [{ track: track.id, from: track.start, to: track.start + track.length }],
      ...{ keyframes: [], interpolated: [], outside: [] },
    };
  });
  return {
    people,
    label: people.length === 1 ? 'Import 1 person' : `Import ${people.length} people`,
    frame: Math.min(...tracks.map(({ start }) => start)),
    person: people[0]?.id ?? '',
    recipe: (draft: ProjectDocument) => {
      draft.people.push(...people);
      draft.nextNumber = Math.max(draft.nextNumber, next);
    },
  };
}

/**
 * Keeps the boxes of a file and plans the edit that refers to them: until it is made, nobody knows of them.
 * @throws AppError NOT_FOUND for an unknown format or file, INVALID_ARGUMENT with what is wrong in it, DISK_FULL, READ_ONLY
 */
export function prepareImport(session: ProjectSession, formatId: string, path: string): ReturnType<typeof planImport> {
  const format = findTrackFormat(formatId);
  if (!format.read) throw new AppError('UNSUPPORTED', `${format.title} files can be written but not read.`);
  const { readOnly } = session.parts;
  if (readOnly) throw new AppError('READ_ONLY', readOnly.message);
  const entries = format.read(readWholeFile(path), clipOf(session));
  const tracks = session.addImportedTracks(
    entries.map(({ track }) => track),
    `${format.id} ${basename(path)}`,
  );
  return planImport(session.document, entries, tracks, session.store.freeNumber);
}

/**
 * Adds the people of a file to a project as one undoable edit; those that are there stay as they are. Returns how many came.
 * @throws AppError as {@link prepareImport}
 */
export function importTracks(session: ProjectSession, formatId: string, path: string): number {
  const plan = prepareImport(session, formatId, path);
  const edit = editFromPlan(session.document, plan);
  if (edit) session.applyEdit(session.store.seq, edit);
  return plan.people.length;
}
