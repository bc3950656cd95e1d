import { type Stats, statSync } from 'node:fs';

/** What stands at a path; undefined for nothing, broken links, links in a circle, and what may not be looked at. */
export function factsAt(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
