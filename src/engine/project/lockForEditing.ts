import { accessSync, constants, existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { DOCUMENT_VERSION } from '#core/document/schema';
import { AppError } from '#core/errors';
import type { Problem } from '#core/protocol/messages';
import type { ProjectFolder } from './projectFolder';
import { type ProjectLock, takeLock } from './projectLock';
import { readSnapshot } from './snapshot';

const WRITABLE = 'Change the permissions, or copy the project to another folder.';

/** Takes the lock of a project, or says why it can only be looked at. */
export function lockForEditing(folder: ProjectFolder): {
  lock: ProjectLock | undefined;
  readOnly: Problem | undefined;
} {
  if (readSnapshot(folder).writtenVersion > DOCUMENT_VERSION) {
    const message = 'This project was saved by a newer version of Retake; here it can be looked at but not changed.';
    const hint = 'Install the newer version to edit it.';
    return { lock: undefined, readOnly: { code: 'PROJECT_NEWER', message, hint } };
  }
  try {
    const taken = takeLock(folder.lock);
    if ('release' in taken) {
      if (mayBeWritten(folder.journal)) return { lock: taken, readOnly: undefined };
      taken.release();
      const message = 'The files of this project may not be written; it can be looked at but not changed.';
      return { lock: undefined, readOnly: { code: 'READ_ONLY', message, hint: WRITABLE } };
    }
    const where = taken.host === hostname() ? 'in another Retake' : `on ${taken.host}`;
    const message = `This project is open ${where}; here it can be looked at but not changed.`;
    const hint = 'Close it there and open it again here to edit.';
    return { lock: undefined, readOnly: { code: 'PROJECT_LOCKED', message, hint } };
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'READ_ONLY') throw error;
    const message = 'The folder of this project does not allow writing; it can be looked at but not changed.';
    return { lock: undefined, readOnly: { code: 'READ_ONLY', message, hint: WRITABLE } };
  }
}

/** The journal is the one file that is added to; all others are replaced, which only their folder must allow. */
function mayBeWritten(path: string): boolean {
  try {
    if (existsSync(path)) accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
