import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The sample clip of the repository and its exact truth. */
export const sampleFile = join(root, 'resources', 'sample', 'sample.mp4');
/** Joints of everybody in the sample clip as they were rendered. */
export const sampleTruth = join(root, 'resources', 'sample', 'sample-truth.json');
/** Folder of footage that is not part of the repository. */
export const sharedFolder = process.env['RETAKE_SHARED'] ?? join(root, '..', 'shared');

/** What the terminal needs and does not find, as a sentence; undefined when all is there. */
export function missingForTerminal(...files: string[]): string | undefined {
  const built = join(root, 'out', 'main', 'cli.js');
  const network = join(root, 'models', 'converted', 'blazepose-heavy.onnx');
  const absent = [built, network, ...files].find((file) => !existsSync(file));
  return absent && `skipped: ${absent} is not there ("npm run setup" builds and converts; RETAKE_SHARED names footage)`;
}

/** A temporary folder that goes after the tests of the calling file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'retake-terminal-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** How a call of the terminal ended. */
export interface TerminalEnd {
  code: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

/** A call under way. */
export interface TerminalCall {
  child: ChildProcess;
  ended: Promise<TerminalEnd>;
  /** Standard output and error so far. */
  seen(): string;
  /** Resolves when the output matches; rejects when the call ends before. */
  until(pattern: RegExp): Promise<void>;
}

/**
 * `retake` as people start it, with a data folder and a folder for temporary files of its own. Every process it starts
 * carries a mark in its environment, by which {@link survivors} finds what outlived it.
 */
export class Terminal {
  readonly dataFolder: string;
  readonly temporary: string;
  private readonly mark = randomUUID();

  constructor(folder: string) {
    this.dataFolder = join(folder, 'data');
    this.temporary = join(folder, 'tmp');
    mkdirSync(this.temporary, { recursive: true });
  }

  start(args: readonly string[], options: { cwd?: string; env?: Record<string, string> } = {}): TerminalCall {
    const child = spawn(process.execPath, [join(root, 'bin', 'retake.mjs'), ...args], {
      cwd: options.cwd ?? root,
      env: {
        ...process.env,
        RETAKE_DATA: this.dataFolder,
        TMPDIR: this.temporary,
        RETAKE_TEST_MARK: this.mark,
        ...options.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    const waiting = new Set<() => void>();
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      for (const look of waiting) look();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      for (const look of waiting) look();
    });
    const ended = new Promise<TerminalEnd>((resolve) => {
      child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
    });
    const until = (pattern: RegExp) =>
      new Promise<void>((resolve, reject) => {
        const look = () => {
          if (!pattern.test(stdout + stderr)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
        void ended.then(() => reject(new Error(`ended before ${pattern}: ${stdout}${stderr}`)));
      });
    return { child, ended, seen: () => stdout + stderr, until };
  }

  run(args: readonly string[], options: { cwd?: string; env?: Record<string, string> } = {}): Promise<TerminalEnd> {
    return this.start(args, options).ended;
  }

  /** Command lines of processes of this terminal that are still alive. Empty where there is no /proc to look in. */
  survivors(): string[] {
    if (!existsSync('/proc/self/environ')) return [];
    return readdirSync('/proc').flatMap((id) => {
      if (!/^\d+$/.test(id) || id === String(process.pid)) return [];
      try {
        if (!readFileSync(`/proc/${id}/environ`, 'latin1').includes(this.mark)) return [];
        return [readFileSync(`/proc/${id}/cmdline`, 'latin1').replaceAll('\0', ' ')];
      } catch {
        return [];
      }
    });
  }

  /** Survivors, after a moment in which children may notice that their parent is gone. */
  async orphans(): Promise<string[]> {
    for (let attempt = 0; attempt < 50 && this.survivors().length > 0; attempt++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return this.survivors();
  }

  /** What lies in the folder of temporary files. */
  leftovers(): string[] {
    return readdirSync(this.temporary);
  }
}

/** Files below a folder that are there only while something is written. */
export function unfinishedFiles(folder: string): string[] {
  // A call that came to nothing takes back the folder that it made.
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /(^|[\\/])\.[^\\/]*(\.tmp$|retake-export)/.test(name),
  );
}

/** The JSON lines of a call with `--json`. @throws SyntaxError for a line that is none */
export function jsonLines(stdout: string): Record<string, unknown>[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const value: unknown = JSON.parse(line);
      if (typeof value !== 'object' || value === null) throw new Error(`not an object: ${line}`);
      return { ...value };
    });
}
