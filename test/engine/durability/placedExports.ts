import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

interface Listed {
  name: string;
  bytes: number;
  files?: number;
}

function sizeOf(path: string): { bytes: number; files: number } {
  const facts = statSync(path);
  if (!facts.isDirectory()) return { bytes: facts.size, files: 1 };
  const files = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const bytes = files.reduce((sum, file) => sum + statSync(join(file.parentPath, file.name)).size, 0);
  return { bytes, files: files.length };
}

/**
 * What is half there of the exports in a folder: every file belongs to a sidecar that lists it, with its size, but for those
 * that are `foreign`.
 */
export function brokenExports(folder: string, foreign = (name: string) => /_tracks_/.test(name)): string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => !foreign(name));
  const sidecars = names.filter((name) => name.endsWith('_retake.json'));
  const broken: string[] = [];
  const listed = new Set(sidecars);
  for (const sidecar of sidecars) {
    const told = JSON.parse(readFileSync(join(folder, sidecar), 'utf8')) as { export: { files: Listed[] } };
    for (const { name, bytes, files: count = 1 } of told.export.files) {
      listed.add(name.split('/')[0] ?? name);
      const found = existsSync(join(folder, name)) ? sizeOf(join(folder, name)) : { bytes: 0, files: 0 };
      if (found.bytes !== bytes || found.files !== count)
        broken.push(`${name} is not as ${sidecar} tells: ${JSON.stringify(found)}, ${count} files of ${bytes} bytes`);
    }
  }
  for (const name of names) if (!listed.has(name)) broken.push(`${name} was exported without its sidecar`);
  return broken;
}
