import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { takeLock } from '#engine/project/projectLock';
import { scratchFolder } from './projects';

const HOST = hostname();

function lockFile(content?: object | string, age = 0): string {
  const path = join(scratchFolder(), 'lock');
  if (content === undefined) return path;
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  const then = new Date(Date.now() - age);
  utimesSync(path, then, then);
  return path;
}

function isTaken(path: string): boolean {
  const lock = takeLock(path);
  if (!('release' in lock)) return false;
  lock.release();
  return true;
}

const deadPid = spawnSync(process.execPath, ['-e', '']).pid;
const bornAt = Date.now() - process.uptime() * 1000;

describe('the lock of a project', () => {
  it('is held once, and free again after its release', () => {
    const path = lockFile();
    const lock = takeLock(path);
    expect('release' in lock).toBe(true);
    expect(takeLock(path)).toMatchObject({ pid: process.pid, host: HOST });
    if ('release' in lock) lock.release();
    expect(existsSync(path)).toBe(false);
    expect(isTaken(path)).toBe(true);
  });

  it.each([
    ['a process that is gone', { pid: deadPid, host: HOST }, 0],
    [
      'a process that had the same pid in an earlier life',
      { pid: process.pid, host: HOST, bornAt: bornAt - 60_000 },
      0,
    ],
    ['a living process without a heartbeat for 31 s', { pid: process.ppid, host: HOST, bornAt: 0 }, 31_000],
    ['another computer without a heartbeat for 31 s', { pid: 1, host: 'elsewhere' }, 31_000],
    ['nobody, 3 s ago', '', 3_000],
    ['a damaged file of 3 s ago', '{"pid":', 3_000],
  ])('is taken over from %s, leaving nothing behind', (_, content, age) => {
    const path = lockFile(content, age);
    expect(isTaken(path)).toBe(true);
    expect(readdirSync(dirname(path))).toEqual([]);
  });

  it.each([
    ['a living process', { pid: process.ppid, host: HOST }, 0],
    ['a living process that was busy for 20 s', { pid: process.ppid, host: HOST }, 20_000],
    ['another computer', { pid: deadPid, host: 'elsewhere' }, 0],
    ['somebody who writes it just now', '', 0],
  ])('stays with %s', (_, content, age) => {
    const path = lockFile(content, age);
    const before = readFileSync(path, 'utf8');
    expect(isTaken(path)).toBe(false);
    expect(readFileSync(path, 'utf8')).toBe(before);
  });

  it('does not remove the lock of who took it over', () => {
    const path = lockFile();
    const lock = takeLock(path);
    const other = JSON.stringify({ pid: process.ppid, host: HOST, token: 'other' });
    writeFileSync(path, other);
    if ('release' in lock) lock.release();
    expect(readFileSync(path, 'utf8')).toBe(other);
  });

  it('says that a folder is not there in words', () => {
    expect(() => takeLock(join(scratchFolder(), 'gone', 'lock'))).toThrow(/could not be written|failed/);
  });
});
