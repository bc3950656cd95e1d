import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const tracked = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: ROOT, encoding: 'utf8' })
  .split('\n')
  .filter((path) => path !== '' && existsSync(join(ROOT, path)));

/** Rooms deeper than two steps below src or test are described by the room they are in. */
function rooms(): string[] {
  const folders = new Set(tracked.map((path) => dirname(path)));
  return [...folders]
    .filter((folder) => folder !== '.' && !folder.startsWith('.') && folder.split('/').length <= 3)
    .filter((folder) => (folder.startsWith('src/') ? true : folder.split('/').length <= 2));
}

describe('docs/architecture.md', () => {
  const map = read('docs/architecture.md');
  const named = [...map.matchAll(/^\| `([^`]+)`\s*\| .+\|$/gm)].map((match) => match[1] ?? '');

  it('names every folder of the repository', () => {
    const missing = rooms().filter((folder) => !named.includes(folder) && !['src', 'test'].includes(folder));
    expect(missing).toEqual([]);
  });

  it('names no folder that is not there', () => {
    expect(named.filter((folder) => !existsSync(join(ROOT, folder)))).toEqual([]);
  });
});

describe('decisions', () => {
  it('are numbered in a row and state context, choice and consequences', () => {
    const files = readdirSync(join(ROOT, 'docs/decisions')).sort();
    files.forEach((file, index) => {
      expect(file).toMatch(new RegExp(`^${String(index + 1).padStart(4, '0')}-[a-z0-9-]+\\.md$`));
      const text = read(`docs/decisions/${file}`);
      for (const heading of ['## Context', '## Choice', '## Consequences']) expect(text).toContain(heading);
    });
    expect(files.length).toBeGreaterThan(0);
  });
});

describe('links in the documentation', () => {
  it('lead to files that exist', () => {
    const broken = tracked
      .filter((path) => path.endsWith('.md'))
      .flatMap((path) =>
        [...read(path).matchAll(/\]\((?!https?:|#|mailto:)([^)#]+)(?:#[^)]*)?\)/g)]
          .map((match) => join(dirname(path), match[1] ?? ''))
          .filter((target) => !existsSync(join(ROOT, target)))
          .map((target) => `${path} -> ${target}`),
      );
    expect(broken).toEqual([]);
  });
});

describe('names', () => {
  it('has no drawers without a label', () => {
    const drawers = tracked.filter((path) => /(^|\/)(utils?|helpers?|common|misc|manager)(\/|\.)/i.test(path));
    expect(drawers).toEqual([]);
  });
});

describe('file names', () => {
  it('differ by more than capitals and extension, so that imports mean the same on every file system', () => {
    const modules = tracked.filter((path) => /\.tsx?$/.test(path)).map((path) => path.replace(/\.tsx?$/, ''));
    const known = new Set<string>();
    const twice = modules.filter((path) => known.size === known.add(path.toLowerCase()).size);
    expect(twice).toEqual([]);
  });
});
