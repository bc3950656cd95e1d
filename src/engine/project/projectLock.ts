import { closeSync, openSync, readFileSync, rmSync, statSync, utimesSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';

const HEARTBEAT_MS = 5_000;
const STALE_AFTER_MS = 30_000;

const lockSchema = z.object({ pid: z.int(), host: z.string() });

/** Who holds a project, as far as its lock file tells. */
export interface LockHolder {
  pid: number;
  host: string;
}

/** A held lock; `release` removes it. */
export interface ProjectLock {
  release(): void;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function readHolder(path: string): LockHolder | undefined {
  try {
    const parsed = lockSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

function isStale(path: string, holder: LockHolder | undefined): boolean {
  if (holder && holder.host === hostname() && !isAlive(holder.pid)) return true;
  try {
    return Date.now() - statSync(path).mtimeMs > STALE_AFTER_MS;
  } catch {
    return true;
  }
}

/**
 * Takes the lock of a project, or says who holds it. A lock whose process is gone, or whose heartbeat is 30 s old,
 * is taken over.
 */
export function takeLock(path: string): ProjectLock | LockHolder {
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      const file = openSync(path, 'wx');
      writeSync(file, JSON.stringify({ pid: process.pid, host: hostname() }));
      closeSync(file);
      return holdLock(path);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      const holder = readHolder(path);
      if (!isStale(path, holder)) return holder ?? { pid: 0, host: 'another computer' };
      rmSync(path, { force: true });
    }
  }
  return readHolder(path) ?? { pid: 0, host: 'another computer' };
}

function holdLock(path: string): ProjectLock {
  const beat = setInterval(() => {
    const now = new Date();
    try {
      utimesSync(path, now, now);
    } catch {
      // The folder was moved away: the next write will say so in its own words.
    }
  }, HEARTBEAT_MS);
  beat.unref();
  return {
    release() {
      clearInterval(beat);
      rmSync(path, { force: true });
    },
  };
}
