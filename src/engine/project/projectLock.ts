import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';
import { fileError } from './atomicFile';
import { isProcessAlive } from './isProcessAlive';

const HEARTBEAT_MS = 5_000;
const STALE_AFTER_MS = 30_000;
/** A lock without content is being written just now, or its writer died in between. */
const EMPTY_STALE_AFTER_MS = 2_000;
/** Two times of birth of one process, each measured by its own clock, differ by less. */
const SAME_BIRTH_MS = 5_000;

const lockSchema = z.object({
  pid: z.int(),
  host: z.string(),
  /** Of the process, ms since 1970: tells it from a later one with the same pid (always 1 in a container). */
  bornAt: z.number().optional(),
  token: z.string().optional(),
});

/** Who holds a project, as far as its lock file tells. */
export type LockHolder = z.infer<typeof lockSchema>;

/** A held lock; `release` removes it. */
export interface ProjectLock {
  release(): void;
}

function birthOfThisProcess(): number {
  return Date.now() - process.uptime() * 1000;
}

function isAlive({ pid, bornAt }: LockHolder): boolean {
  if (pid === process.pid) return bornAt === undefined || Math.abs(bornAt - birthOfThisProcess()) < SAME_BIRTH_MS;
  return isProcessAlive(pid);
}

function readHolder(path: string): LockHolder | undefined {
  try {
    return lockSchema.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data;
  } catch {
    return undefined;
  }
}

function isStale(path: string, holder: LockHolder | undefined): boolean {
  if (holder && holder.host === hostname() && !isAlive(holder)) return true;
  const facts = statSync(path, { throwIfNoEntry: false });
  if (!facts) return true;
  return Date.now() - facts.mtimeMs > (holder ? STALE_AFTER_MS : EMPTY_STALE_AFTER_MS);
}

/** Takes a stale lock away; when somebody else renewed it in between, it stays theirs. */
function removeStale(path: string, stale: LockHolder | undefined): void {
  const aside = `${path}.${randomUUID()}.stale`;
  try {
    renameSync(path, aside);
  } catch {
    return; // Somebody else was faster.
  }
  try {
    if (readHolder(aside)?.token !== stale?.token) linkSync(aside, path);
  } finally {
    rmSync(aside, { force: true });
  }
}

/** Writes the lock so that nobody ever sees it without its holder. @throws the system's error, EEXIST when it is held */
function writeLock(path: string, token: string): void {
  const content = JSON.stringify({ pid: process.pid, host: hostname(), bornAt: birthOfThisProcess(), token });
  const whole = `${path}.${token}.new`;
  try {
    writeFileSync(whole, content, { flag: 'wx' });
    linkSync(whole, path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw error;
    // A file system without links, or somebody who swept: the content comes a moment after the name.
    writeFileSync(path, content, { flag: 'wx' });
  } finally {
    rmSync(whole, { force: true });
  }
}

/**
 * Takes the lock of a project, or says who holds it. A lock whose process is gone, or whose heartbeat is 30 s old,
 * is taken over. @throws AppError READ_ONLY when the folder cannot be written, DISK_FULL.
 */
export function takeLock(path: string): ProjectLock | LockHolder {
  const token = randomUUID();
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      writeLock(path, token);
      return holdLock(path, token);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) {
        throw fileError(error, 'the lock of the project');
      }
      const holder = readHolder(path);
      if (!isStale(path, holder)) return holder ?? UNKNOWN_HOLDER;
      removeStale(path, holder);
    }
  }
  return readHolder(path) ?? UNKNOWN_HOLDER;
}

const UNKNOWN_HOLDER: LockHolder = { pid: 0, host: 'another computer' };

function holdLock(path: string, token: string): ProjectLock {
  const isOwn = () => readHolder(path)?.token === token;
  const beat = setInterval(() => {
    const now = new Date();
    try {
      if (isOwn()) utimesSync(path, now, now);
    } catch {
      // The folder was moved away: the next write will say so in its own words.
    }
  }, HEARTBEAT_MS);
  beat.unref();
  return {
    release() {
      clearInterval(beat);
      if (isOwn()) rmSync(path, { force: true });
    },
  };
}
