import { mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GrantedFiles } from '#engine/project/grantedFiles';
import { scratchFolder } from './projects';

const notFound = expect.objectContaining({ code: 'NOT_FOUND' });
const forbidden = expect.objectContaining({ code: 'FORBIDDEN' });

/** `root` that may be browsed, with `outside` beside it. */
function place(): { root: string; outside: string; beside: string } {
  const base = realpathSync(scratchFolder());
  const [root, outside, beside] = [join(base, 'root'), join(base, 'outside'), join(base, 'root-2')];
  for (const folder of [root, outside, beside]) mkdirSync(folder);
  for (const folder of [root, outside, beside]) writeFileSync(join(folder, 'clip.mp4'), 'x');
  return { root, outside, beside };
}

function tokenOf(files: GrantedFiles, name: string): string {
  const entry = files.browse().entries.find((candidate) => candidate.name === name);
  if (!entry) throw new Error(`${name} is not listed`);
  return entry.token;
}

describe('files that the page may name', () => {
  it('lists videos, folders, projects and picture series, in the order people count', () => {
    const { root } = place();
    for (const name of ['clip 10.MOV', 'clip 2.mkv', 'notes.txt', '.hidden.mp4']) writeFileSync(join(root, name), 'x');
    mkdirSync(join(root, 'done.retake'));
    mkdirSync(join(root, 'frames'));
    for (const k of [1, 2, 3]) writeFileSync(join(root, 'frames', `f${k}.png`), 'x');
    mkdirSync(join(root, 'more'));
    const listed = new GrantedFiles([root]).browse();
    expect(listed.parent).toBeUndefined();
    expect(listed.entries.map(({ name, kind }) => [name, kind])).toEqual([
      ['clip 2.mkv', 'video'],
      ['clip 10.MOV', 'video'],
      ['clip.mp4', 'video'],
      ['done.retake', 'project'],
      ['frames', 'images'],
      ['more', 'folder'],
    ]);
  });

  it('gives a path for its own tokens only', () => {
    const { root } = place();
    const files = new GrantedFiles([root]);
    expect(files.resolve(tokenOf(files, 'clip.mp4'))).toBe(join(root, 'clip.mp4'));
    for (const token of ['', 'roots', '../outside', join(root, 'clip.mp4'), '__proto__']) {
      expect(() => files.resolve(token)).toThrow(notFound);
    }
    expect(() => files.browse('../..')).toThrow(notFound);
    expect(() => files.browse(root)).toThrow(notFound);
  });

  it('does not list links that lead out of the roots, nor broken ones, nor circles', () => {
    const { root, outside } = place();
    symlinkSync(outside, join(root, 'out'));
    symlinkSync(join(outside, 'clip.mp4'), join(root, 'out.mp4'));
    symlinkSync(join(root, 'gone.mp4'), join(root, 'broken.mp4'));
    symlinkSync(join(root, 'circle.mp4'), join(root, 'circle.mp4'));
    mkdirSync(join(root, 'in'));
    symlinkSync(join(root, 'in'), join(root, 'inside'));
    const names = new GrantedFiles([root]).browse().entries.map(({ name }) => name);
    expect(names).toEqual(['clip.mp4', 'in', 'inside']);
  });

  it('does not follow a listed path that was turned into a link out of the roots', () => {
    const { root, outside } = place();
    mkdirSync(join(root, 'sub'));
    const files = new GrantedFiles([root]);
    const [video, folder] = [tokenOf(files, 'clip.mp4'), tokenOf(files, 'sub')];
    rmSync(join(root, 'clip.mp4'));
    symlinkSync(join(outside, 'clip.mp4'), join(root, 'clip.mp4'));
    rmSync(join(root, 'sub'), { recursive: true });
    symlinkSync(outside, join(root, 'sub'));
    expect(() => files.resolve(video)).toThrow(notFound);
    expect(() => files.browse(folder)).toThrow(notFound);
  });

  it('opens what a person chose anywhere, but does not list its folder', () => {
    const { root, outside } = place();
    const files = new GrantedFiles([root]);
    const token = files.grant(join(outside, 'clip.mp4'));
    expect(files.resolve(token)).toBe(join(outside, 'clip.mp4'));
    expect(files.grant(join(outside, 'clip.mp4'))).toBe(token);
    expect(() => files.browse(files.grant(outside))).toThrow(forbidden);
  });

  it('does not take a folder whose name begins like a root for a part of it', () => {
    const { root, beside } = place();
    const files = new GrantedFiles([root]);
    expect(() => files.browse(files.grant(beside))).toThrow(forbidden);
  });

  it('goes up to the list of roots where there are several, and leaves missing ones out', () => {
    const { root, outside } = place();
    const files = new GrantedFiles([root, outside, join(root, 'gone')]);
    const top = files.browse();
    expect(top.entries.map(({ name }) => name)).toEqual([root, outside]);
    const inside = files.browse(top.entries[0]?.token);
    expect(inside.parent).toBe(top.token);
    expect(files.browse(inside.parent).entries).toEqual(top.entries);
    expect(new GrantedFiles([]).browse().entries).toEqual([]);
  });
});
