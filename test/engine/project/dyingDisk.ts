import type fs from 'node:fs';

/**
 * A disk that stops at a chosen change: that one is left half done where it is a write and undone where it is not, and nothing
 * changes after it, whatever is tried. What code finds of it afterwards is what a killed process leaves.
 */
export const disk = {
  /** Changes until it stops. */
  left: Infinity,
  revive(left = Infinity): void {
    disk.left = left;
  },
};

/** Thrown by every change of a disk that has stopped. */
export class DiskStopped extends Error {}

/** True when the change that is about to be made must not be made any more. */
function stops(): 'now' | 'before' | false {
  if (disk.left <= 0) return 'before';
  disk.left -= 1;
  return disk.left === 0 ? 'now' : false;
}

type Name = 'renameSync' | 'rmSync' | 'linkSync' | 'mkdirSync' | 'ftruncateSync' | 'copyFileSync' | 'writeFileSync';

/** `node:fs` on such a disk, for `vi.mock('node:fs', …)`. */
export function dyingDisk(real: typeof fs): typeof fs {
  const change =
    (name: Name) =>
    (...given: never[]): unknown => {
      if (stops()) throw new DiskStopped();
      return (real[name] as (...given: never[]) => unknown)(...given);
    };
  const writeSync = (file: number, bytes: Uint8Array, offset = 0): number => {
    const stop = stops();
    if (!stop) return real.writeSync(file, bytes, offset);
    if (stop === 'now') real.writeSync(file, bytes, offset, Math.ceil((bytes.byteLength - offset) / 2));
    throw new DiskStopped();
  };
  const names = [
    ...(['renameSync', 'rmSync', 'linkSync', 'mkdirSync', 'ftruncateSync', 'copyFileSync', 'writeFileSync'] as const),
  ];
  const openSync = (path: string, flags: string): number => {
    // A file that is opened for writing appears.
    if (flags !== 'r' && stops()) throw new DiskStopped();
    return real.openSync(path, flags);
  };
  return {
    ...real,
    writeSync,
    openSync,
    ...Object.fromEntries(names.map((name) => [name, change(name)])),
  } as typeof fs;
}

/** One thing that is done on a disk, again and again. */
export interface Deed<Place> {
  /** Makes a place of its own for each time. */
  prepare: () => Place | Promise<Place>;
  act: (place: Place) => unknown;
  /** Looks at what is there; `isDone` is true the last time, when nothing stopped. */
  check: (place: Place, isDone: boolean, change: number) => unknown;
}

/**
 * Does `act` on a disk that stops at its first change, again at the second, and so on until it comes to its end. Returns how
 * many changes it makes.
 */
export async function stopAtEveryChange<Place>({ prepare, act, check }: Deed<Place>): Promise<number> {
  for (let change = 1; ; change++) {
    disk.revive();
    const place = await prepare();
    disk.revive(change);
    let failure: unknown;
    try {
      await act(place);
    } catch (error) {
      failure = error;
    }
    // Also where it was caught: what is tidied up afterwards may fail without being missed.
    const isDone = disk.left > 0;
    disk.revive();
    if (isDone && failure) throw failure;
    await check(place, isDone, change);
    if (isDone) return change - 1;
  }
}
