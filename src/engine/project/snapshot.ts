import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { restoreDocument, type RestoredDocument, writtenVersionOf } from '#core/document/migrations';
import { DOCUMENT_VERSION, type ProjectDocument } from '#core/document/schema';
import { AppError } from '#core/errors';
import { writeFileAtomically } from './atomicFile';
import { PROJECT_EXTENSION, type ProjectFolder } from './projectFolder';

/** A document as it stands on disk, with the number of the last change that is in it. */
export interface Snapshot {
  seq: number;
  document: ProjectDocument;
}

const snapshotSchema = z.object({ seq: z.int().min(0), document: z.unknown() });

/**
 * Reads a snapshot of any version, brought up to this build's. One of a newer version (see `writtenVersion`) may only be
 * looked at. @throws AppError PROJECT_NEWER when it cannot even be looked at, NOT_FOUND where no project is, or PROJECT_DAMAGED.
 */
export function readSnapshot(folder: ProjectFolder): Snapshot & RestoredDocument {
  let raw: unknown;
  try {
    raw = JSON.parse(readFileSync(folder.document, 'utf8'));
    const { seq, document } = snapshotSchema.parse(raw);
    return { seq, ...restoreDocument(document) };
  } catch (error) {
    const version = writtenVersionOf(snapshotSchema.safeParse(raw).data?.document);
    if (version !== undefined && version > DOCUMENT_VERSION) throw newerProject();
    if (raw === undefined && !folder.root.endsWith(PROJECT_EXTENSION)) {
      throw new AppError('NOT_FOUND', `${folder.root} is not a project: a folder that ends in .retake is needed.`, {
        hint: 'Check the path.',
        cause: error,
      });
    }
    throw new AppError(
      'PROJECT_DAMAGED',
      `The file project.json in ${folder.root} cannot be read as a Retake project.`,
      {
        hint: 'Restore the folder from a backup, or move it away and open the video again to start a new project.',
        cause: error,
      },
    );
  }
}

/** What is said of a project that a newer version wrote and this one must not change. */
export function newerProject(): AppError {
  return new AppError('PROJECT_NEWER', 'This project was saved by a newer version of Retake.', {
    hint: 'Install the newer version to open it; nothing was changed.',
  });
}

/** Replaces the snapshot on disk. @throws AppError DISK_FULL, READ_ONLY. */
export function writeSnapshot(folder: ProjectFolder, { seq, document }: Snapshot): void {
  writeFileAtomically(folder.document, JSON.stringify({ seq, document }, null, 1), 'the project');
}
