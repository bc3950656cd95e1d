import { readdirSync, rmSync, statSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { type ProjectFolder, projectFolder } from './projectFolder';
import { takeLock } from './projectLock';

/** What a write that was broken off leaves. */
const UNFINISHED = /^\..+\.tmp$/;

/**
 * Removes a project that its maker wants to take back: in which nothing was computed, taken in or exported, and that nobody
 * has open. Anything else stays as it is, also files that Retake knows nothing of. True when it is gone.
 */
export function removeEmptyProject(root: string): boolean {
  const folder = projectFolder(root);
  try {
    if (!holdsNothing(folder)) return false;
    const lock = takeLock(folder.lock);
    if (!('release' in lock)) return false;
    try {
      // Somebody may have had it open in between.
      if (!holdsNothing(folder)) return false;
      rmSync(root, { recursive: true });
      return true;
    } finally {
      lock.release();
    }
  } catch {
    // What cannot be looked at or removed stays.
    return false;
  }
}

/** True when there is only what every project has from its making, and boxes that were given with the call. */
function holdsNothing(folder: ProjectFolder): boolean {
  const files = [folder.document, folder.journal, folder.media, folder.lock];
  const within = (place: string, path: string) =>
    relative(folder.root, path).startsWith(relative(folder.root, place) + sep);
  const previews = join(folder.cache, 'previews');
  const entries = readdirSync(folder.root, { recursive: true, withFileTypes: true });
  return entries.every((entry) => {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory() || files.includes(path) || UNFINISHED.test(basename(path))) return true;
    if (within(folder.tracks, path) || within(previews, path)) return true;
    // A cache is opened before its first record is there.
    return within(folder.cache, path) && statSync(path).size === 0;
  });
}
