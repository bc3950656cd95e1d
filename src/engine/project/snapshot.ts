import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { DOCUMENT_VERSION, documentSchema, type ProjectDocument } from '#core/document/schema';
import { AppError } from '#core/errors';
import { writeFileAtomically } from './atomicFile';
import type { ProjectFolder } from './projectFolder';

/** A document as it stands on disk, with the number of the last change that is in it. */
export interface Snapshot {
  seq: number;
  document: ProjectDocument;
}

const versionSchema = z.object({ document: z.object({ schemaVersion: z.number() }) });
const snapshotSchema = z.object({ seq: z.int().min(0), document: documentSchema });

/** Reads and validates a snapshot. @throws AppError PROJECT_NEWER or PROJECT_DAMAGED. */
export function readSnapshot(folder: ProjectFolder): Snapshot {
  try {
    const raw: unknown = JSON.parse(readFileSync(folder.document, 'utf8'));
    const { document } = versionSchema.parse(raw);
    if (document.schemaVersion > DOCUMENT_VERSION) {
      throw new AppError('PROJECT_NEWER', 'This project was saved by a newer version of Retake.', {
        hint: 'Install the newer version to open it; nothing was changed.',
      });
    }
    return snapshotSchema.parse(raw);
  } catch (error) {
    if (error instanceof AppError) throw error;
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

/** Replaces the snapshot on disk. @throws AppError DISK_FULL, READ_ONLY. */
export function writeSnapshot(folder: ProjectFolder, snapshot: Snapshot): void {
  writeFileAtomically(folder.document, JSON.stringify(snapshot, null, 1), 'the project');
}
