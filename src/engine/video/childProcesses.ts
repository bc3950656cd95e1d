import { type ChildProcess, spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import type { Readable } from 'node:stream';
import { AppError } from '#core/errors';

/** How a child ended; `code` is null when a signal ended it. */
export interface ChildEnd {
  code: number | null;
  signal: string | null;
}

/** What {@link startChild} is told. */
export interface ChildOptions {
  /** Absolute path of the program. */
  path: string;
  /** Arguments, passed as they are: no shell is involved. */
  args: readonly string[];
  /** Text for standard input; nothing is connected without it. */
  input?: string;
  /** Folder that relative paths in the arguments and the input are taken from. */
  folder?: string;
  /** True: the child yields the processor to others (nice 10). */
  lowPriority?: boolean;
  /** Called with every line of standard error. */
  onErrorLine?: (line: string) => void;
}

/** A running program of this folder. It is in the registry until it has ended. */
export interface RunningChild {
  /** Standard output; paused until read. */
  stdout: Readable;
  /** Resolves when the child has ended and its pipes are closed; never rejects. Carries why it could not start. */
  ended: Promise<ChildEnd & { startError?: Error }>;
  /** The last lines of standard error, oldest first (at most 40). */
  lastErrorLines: () => readonly string[];
  /** Ends the child now (SIGKILL; it holds nothing worth saving). Safe to call again. */
  kill: () => void;
}

const running = new Set<ChildProcess>();
let exitHookInstalled = false;

/** Number of children alive now: what leak tests look at. */
export function countChildren(): number {
  return running.size;
}

/** Ends every child this process has started through this module. Called at shutdown and when the process exits. */
export function killAllChildren(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** Starts a program without a shell and registers it, so that no child survives its parent. */
export function startChild(options: ChildOptions): RunningChild {
  if (!exitHookInstalled) {
    process.once('exit', killAllChildren);
    exitHookInstalled = true;
  }
  const child = spawn(options.path, [...options.args], {
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    windowsHide: true,
    cwd: options.folder,
  });
  running.add(child);
  if (options.lowPriority === true) lowerPriority(child.pid);
  // A child that ends before it has read its input breaks the pipe; its end is reported by `ended`.
  child.stdin?.on('error', () => undefined);
  if (options.input !== undefined) child.stdin?.end(options.input);
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new AppError('INTERNAL', 'A child was started without its pipes');
  stdout.on('error', () => undefined);
  const lastLines: string[] = [];
  readLines(stderr, (line) => {
    lastLines.push(line);
    if (lastLines.length > 40) lastLines.shift();
    options.onErrorLine?.(line);
  });
  return {
    stdout,
    ended: watchEnd(child),
    lastErrorLines: () => lastLines,
    kill: () => {
      child.kill('SIGKILL');
      // Unread output would keep the pipe, and with it `ended`, open.
      stdout.destroy();
    },
  };
}

/** Calls `onLine` for every line of a text stream; an unfinished last line counts. */
export function readLines(stream: Readable, onLine: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (rest + text).split(/\r\n|\n|\r/);
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
  stream.on('end', () => {
    if (rest !== '') onLine(rest);
  });
  stream.on('error', () => undefined);
}

/**
 * Runs a program to its end with its standard output read as lines. Cancelled by `signal`: the child is ended and the
 * signal's reason thrown.
 */
export async function runLines(
  options: ChildOptions & { onLine?: (line: string) => void },
  signal?: AbortSignal,
): Promise<ChildEnd & { errorLines: readonly string[] }> {
  signal?.throwIfAborted();
  const child = startChild(options);
  const stop = (): void => child.kill();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    if (options.onLine) readLines(child.stdout, options.onLine);
    else child.stdout.resume();
    const end = await child.ended;
    signal?.throwIfAborted();
    if (end.startError) throw cannotStart(options.path, end.startError);
    return { code: end.code, signal: end.signal, errorLines: child.lastErrorLines() };
  } finally {
    signal?.removeEventListener('abort', stop);
    child.kill();
  }
}

/** The error for a program that could not be started. */
export function cannotStart(path: string, cause: Error): AppError {
  return new AppError('FFMPEG_MISSING', `ffmpeg at ${path} could not be started: ${cause.message}`, {
    hint: 'Check the path to ffmpeg in the settings or in FFMPEG_PATH.',
    cause,
  });
}

function watchEnd(child: ChildProcess): RunningChild['ended'] {
  return new Promise((resolve) => {
    child.once('error', (startError) => {
      // 'error' also reports a failed kill; only a child that never got a pid has not started.
      if (child.pid !== undefined) return;
      running.delete(child);
      resolve({ code: null, signal: null, startError });
    });
    child.once('exit', () => running.delete(child));
    child.once('close', (code, signal) => {
      running.delete(child);
      resolve({ code, signal });
    });
  });
}

function lowerPriority(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It may have ended already, or the system may forbid it: then it runs at normal priority.
  }
}
