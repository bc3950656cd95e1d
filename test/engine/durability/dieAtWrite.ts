import fs from 'node:fs';
import promises, { type FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

/** Name of the environment variable that says at which change of the disk a process dies; each thread counts its own. */
export const DIE_AT = 'RETAKE_DIE_AT';

let left = Number(process.env[DIE_AT] ?? 0);

function die(): void {
  process.kill(process.pid, 'SIGKILL');
  // Nothing more may happen here, also in a thread that is not the one that is killed first.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

/** True at the change of the disk at which this thread is to die. */
function isLast(): boolean {
  left -= 1;
  return left === 0;
}

type Changing = (...given: never[]) => unknown;

/** Dies before or after the change, by turns of the count. */
function fatal<Change extends Changing>(change: Change): Change {
  return ((...given: Parameters<Change>) => {
    const isNow = isLast();
    const isAfter = Number(process.env[DIE_AT]) % 2 === 0;
    if (isNow && !isAfter) die();
    const result = change(...given);
    if (!isNow) return result;
    if (result instanceof Promise) return result.finally(die);
    die();
    return result;
  }) as Change;
}

function halfOf(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, Math.ceil(bytes.byteLength / 2));
}

const STANDARD_ERROR = 2;

/** Has this thread die at its `RETAKE_DIE_AT`-th change of the disk, with half of it written where it is a write. */
function arm(): void {
  const { writeSync } = fs;
  const write = writeSync as unknown as (file: number, bytes: Uint8Array | string, ...more: number[]) => number;
  fs.writeSync = ((file: number, bytes: Uint8Array | string, ...more: number[]) => {
    if (file > STANDARD_ERROR && isLast()) {
      const whole = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
      write(file, halfOf(whole));
      die();
    }
    return write(file, bytes, ...more);
  }) as typeof writeSync;
  for (const name of [
    'renameSync',
    'rmSync',
    'linkSync',
    'fsyncSync',
    'mkdirSync',
    'ftruncateSync',
    'writeFileSync',
  ] as const) {
    Object.assign(fs, { [name]: fatal(fs[name] as Changing) });
  }
  const open = promises.open.bind(promises);
  Object.assign(promises, {
    async open(...given: Parameters<typeof open>): Promise<FileHandle> {
      const file = await open(...given);
      const own = file.write.bind(file) as unknown as (bytes: Uint8Array, ...more: number[]) => Promise<unknown>;
      Object.assign(file, {
        async write(bytes: Uint8Array, ...more: number[]) {
          if (isLast()) {
            await own(halfOf(bytes));
            die();
          }
          return own(bytes, ...more);
        },
      });
      return file;
    },
  });
  for (const name of ['rename', 'rm', 'link', 'mkdir', 'writeFile'] as const) {
    Object.assign(promises, { [name]: fatal(promises[name] as Changing) });
  }
  syncBuiltinESMExports();
}

if (left > 0) arm();
