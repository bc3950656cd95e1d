import { readdirSync, rmSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { factsAt } from '../../project/factsAt';

const MOST_COUNTED = 20_000;

/** Bytes of files and of everything in folders, for progress: what cannot be read counts nothing. */
export function sourceBytes(paths: readonly string[]): number {
  const waiting = [...paths];
  let bytes = 0;
  for (let counted = 0; waiting.length > 0 && counted < MOST_COUNTED; counted++) {
    const path = waiting.pop() ?? '';
    const facts = factsAt(path);
    if (facts?.isFile()) bytes += facts.size;
    else if (facts?.isDirectory()) waiting.push(...namesIn(path).map((name) => join(path, name)));
  }
  return bytes;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Deletes those of `paths` that lie in the folder of uploads, each with the folder of its own; others stay. */
export function deleteUploads(paths: readonly string[], uploadsFolder: string): void {
  for (const path of paths) {
    const inside = relative(resolve(uploadsFolder), resolve(path));
    if (inside === '' || inside.startsWith('..') || inside.split(sep).length !== 2) continue;
    rmSync(dirname(resolve(path)), { recursive: true, force: true });
  }
}
