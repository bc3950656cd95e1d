import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingForTerminal, sampleFile, Terminal, temporaryFolder, unfinishedFiles } from '../cli/terminal';
import { fromSample } from './footage';

const missing = missingForTerminal(sampleFile);
if (missing) console.warn(missing);

/** A small file system at `place`; false where this user may not mount one. */
function mount(place: string, options: string): boolean {
  mkdirSync(place, { recursive: true });
  return spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', place]).status === 0;
}

describe.skipIf(missing !== undefined)('places that cannot be written', () => {
  const folder = temporaryFolder();
  const terminal = new Terminal(folder);
  const mounted: string[] = [];
  let clip = '';

  const small = (name: string, options: string): string | undefined => {
    const place = join(folder, name);
    if (!mount(place, options)) {
      console.warn('skipped: this user may not mount a small file system');
      return undefined;
    }
    mounted.push(place);
    return place;
  };

  beforeAll(() => {
    clip = fromSample(folder, 'clip.mp4', 'scale=640:360', 48);
  });

  afterAll(async () => {
    for (const place of mounted) spawnSync('umount', [place]);
    expect(await terminal.orphans()).toEqual([]);
    expect(terminal.leftovers()).toEqual([]);
  });

  const run = (out: string, ...more: string[]) =>
    terminal.run(['run', clip, '--out', out, '--quality', 'fast', ...more]);

  it('a read-only folder: one sentence, nothing computed', async () => {
    const place = small('read-only', 'size=2m,ro');
    if (place === undefined) return;
    for (const out of [place, join(place, 'deeper', 'still')]) {
      const { code, stdout, stderr } = await run(out, '--export', 'joints');
      expect(stderr).toMatch(/retake: The folder does not allow writing.*\n\s+Choose another folder/);
      expect(stderr).not.toMatch(/People/);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    }
  });

  it('a disk that is full when the export comes: says so, leaves no part of it, keeps the project', async () => {
    const place = small('small', 'size=2m');
    if (place === undefined) return;
    const { code, stderr } = await run(place, '--export', 'obj');
    expect(stderr).toMatch(/retake: The disk is full, so the export could not be written\.\n\s+Free some space/);
    expect(code).toBe(1);
    expect(unfinishedFiles(place)).toEqual([]);
    expect(readdirSync(place).filter((name) => !name.endsWith('.retake'))).toEqual([]);
    const fits = await run(place, '--export', 'joints', '--frames', '0-9');
    expect(fits.code).toBe(0);
  });

  it('a disk that is full from the start, or fills up on the way: says so and goes on when there is room', async () => {
    for (const size of ['8k', '60k', '120k']) {
      const place = small(`tiny-${size}`, `size=${size}`);
      if (place === undefined) return;
      const { code, stderr } = await run(place, '--export', 'joints');
      expect(stderr, size).toMatch(/retake: The disk is full.*\n\s+\S/);
      expect(stderr).not.toMatch(/\n\s+at /);
      expect(code).toBe(1);
      expect(unfinishedFiles(place)).toEqual([]);
      expect(spawnSync('mount', ['-o', 'remount,size=8m', place]).status).toBe(0);
      const again = await run(place, '--export', 'joints');
      expect(again.stderr).not.toMatch(/retake:/);
      expect(again.code).toBe(0);
    }
  });

  it('the folder is taken away in the middle of a run', async () => {
    const out = join(folder, 'gone');
    const call = terminal.start(['run', clip, '--out', out, '--quality', 'fast', '--export', 'joints']);
    await call.until(/Poses [1-9]/);
    rmSync(out, { recursive: true });
    const { code, stderr } = await call.ended;
    expect(stderr).not.toMatch(/\n\s+at /);
    // What is open stays writable on this system; what is made anew afterwards is made again with its folder.
    expect([0, 1]).toContain(code);
  });
});
