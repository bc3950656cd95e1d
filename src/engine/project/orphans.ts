import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ProjectFolder } from './projectFolder';

const IMPORT = /^(\d+)\.bundle$/;
/** Ids of people that came from files; no other person's results are ever removed. */
const IMPORTED_PERSON = /^person-\d+-[0-9a-f]{8}$/;

/**
 * Removes what imports wrote for an edit that never came, because the process was killed in between: boxes and bodies that
 * neither the document nor any edit, also an undone or rejected one, names. For the holder of the project's lock.
 */
export function sweepOrphans(folder: ProjectFolder): void {
  const imports = namesIn(folder.imports).filter((name) => IMPORT.test(name));
  const bodies = namesIn(folder.results).flatMap((kind) =>
    namesIn(join(folder.results, kind))
      .filter((name) => IMPORTED_PERSON.test(name))
      .map((name) => ({ name, path: join(folder.results, kind, name) })),
  );
  if (imports.length + bodies.length === 0) return;
  const told = [folder.document, folder.journal, folder.rejected].map(textOf).join('\n');
  for (const name of imports) {
    if (!told.includes(`"import${IMPORT.exec(name)?.[1]}-`)) rmSync(join(folder.imports, name), { force: true });
  }
  for (const { name, path } of bodies) {
    if (!told.includes(`"${name}"`)) rmSync(path, { recursive: true, force: true });
  }
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

function textOf(path: string): string {
  return existsSync(path) ? readFileSync(path, 'latin1') : '';
}
