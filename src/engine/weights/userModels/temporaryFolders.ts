import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { factsAt } from '../../project/factsAt';
import { isProcessAlive } from '../../project/isProcessAlive';

/** Begin of the names of folders that an import is filling. */
const IMPORTING = '.importing-';
/** Begin of the names of removed parts, kept for undo. */
export const REMOVED = '.removed-';

/** A removed part can be brought back for so long, ms; the next start after that deletes it. */
const KEPT_REMOVED_MS = 60 * 60 * 1000;
/** Nothing is imported for so long, ms: an older folder is left over whoever holds its process number now. */
const LONGEST_IMPORT_MS = 24 * 60 * 60 * 1000;

/** Name of a new folder for an import of this process. */
export function importFolderName(): string {
  return `${IMPORTING}${process.pid}-${randomUUID()}`;
}

/** True for a folder in the store that nobody needs any more. */
export function isLeftOver(path: string, name: string): boolean {
  const age = Date.now() - (factsAt(path)?.mtimeMs ?? Date.now());
  if (name.startsWith(REMOVED)) return age > KEPT_REMOVED_MS;
  if (!name.startsWith(IMPORTING)) return false;
  const pid = Number(/^\.importing-(\d+)-/.exec(name)?.[1]);
  return age > LONGEST_IMPORT_MS || !isProcessAlive(pid);
}

/** Deletes a folder with everything in it; one that cannot be deleted is left to the next sweep. */
export function removeFolder(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // Held open by a virus scanner or by a thread that ends this moment.
  }
}
