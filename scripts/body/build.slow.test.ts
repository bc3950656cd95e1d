import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { measureBody } from '../../src/core/body/bodyMeasures';
import { createJointTemplate } from '../../src/core/body/kinematics';
import { parseBodyFile } from '../../src/engine/bodymodel/defaultBody';
import { SOURCE_PACKAGE } from './source';

const folder = mkdtempSync(join(tmpdir(), 'retake-body-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const root = join(import.meta.dirname, '..', '..');
const python = process.platform === 'win32' ? 'python' : 'python3';
const download = [
  '-m',
  'pip',
  'download',
  '--no-deps',
  '-q',
  '--disable-pip-version-check',
  '-d',
  folder,
  SOURCE_PACKAGE,
];
const fetched = spawnSync(python, download, { encoding: 'utf8' }).status === 0;
const wheel = fetched ? readdirSync(folder).find((name) => name.endsWith('.whl')) : undefined;
if (!wheel) console.log(`skipped: ${SOURCE_PACKAGE} cannot be had by pip here, so the body is not made again`);

/** A body of few people and poses. */
function build(name: string): Buffer {
  const out = join(folder, name);
  const tsx = join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs');
  const settings = ['--samples', '60', '--poses', '40', '--wheel', join(folder, wheel ?? ''), '--out', out];
  const run = spawnSync(process.execPath, [tsx, join(import.meta.dirname, 'build.ts'), ...settings], {
    encoding: 'utf8',
  });
  expect(run.status, run.stderr).toBe(0);
  expect(existsSync(join(out, 'contact-sheet.png'))).toBe(true);
  return readFileSync(join(out, 'default-body.bin'));
}

describe.skipIf(!wheel)('the body made again from few people', () => {
  it('is the same twice, and close to the one that is shipped', () => {
    const first = build('first');
    expect(build('second').equals(first)).toBe(true);
    const few = parseBodyFile(first);
    const shipped = parseBodyFile(readFileSync(join(root, 'resources', 'body', 'default-body.bin')));
    expect(few.vertexCount).toBe(shipped.vertexCount);
    expect(few.faces).toEqual(shipped.faces);
    let sum = 0;
    for (let vertex = 0; vertex < few.vertexCount; vertex++) {
      const at = vertex * 3;
      sum += Math.hypot(...[0, 1, 2].map((c) => few.template[at + c]! - shipped.template[at + c]!));
    }
    // Means of 60 and of 500 people: their statures alone differ by millimetres.
    expect(sum / few.vertexCount).toBeLessThan(0.02);
    const [joints, expected] = [createJointTemplate(few).joints, createJointTemplate(shipped).joints];
    joints.forEach((value, k) => expect(Math.abs(value - expected[k]!)).toBeLessThan(0.02));
    const [own, theirs] = [measureBody(few, []), measureBody(shipped, [])];
    expect(Math.abs(own.stature / theirs.stature - 1)).toBeLessThan(0.03);
    expect(Math.abs(own.volume / theirs.volume - 1)).toBeLessThan(0.08);
  }, 900_000);
});
