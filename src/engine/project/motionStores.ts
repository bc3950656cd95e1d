import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { keptBodiesSentence } from './keptBodies';
import { type EarlierMotionFolder, MotionStore } from './motionStore';
import { type MotionKind, motionFolderName as nameOf } from './motionKind';

/** 16 bits of a name, so that addresses of two kinds of motion differ. FNV-1a, folded. */
export function saltOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < name.length; at++) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  return ((hash >>> 16) ^ hash) & 0xffff;
}

/**
 * The motion of a project by kind, each in a folder of its own: settings that are changed and changed back find their
 * results again, and betas of one body never reach another.
 */
export class MotionStores {
  private readonly opened = new Map<string, MotionStore>();
  /** Folders of motion as the project was opened. */
  private readonly found: ReadonlySet<string>;

  constructor(
    private readonly folder: string,
    private readonly frameCount: number,
  ) {
    this.found = new Set(existsSync(folder) ? readdirSync(folder) : []);
  }

  /** The motion of a kind; where there is none yet, that of the newest earlier version of its estimator. */
  of(kind: MotionKind): MotionStore {
    const name = nameOf(kind);
    const known = this.opened.get(name);
    if (known) return known;
    const store = new MotionStore(join(this.folder, name), this.frameCount, saltOf(name), this.earlierOf(kind));
    this.opened.set(name, store);
    return store;
  }

  /**
   * A sentence about motion of other kinds, where there is none of this kind nor of earlier versions of it. `hasBody`: the
   * body of this kind is on this computer.
   */
  keptBeside(kind: MotionKind, hasBody: boolean): string | undefined {
    if (!this.of(kind).isEmpty) return undefined;
    const made = [...this.opened].flatMap(([name, store]) => (store.isEmpty ? [] : [name]));
    return keptBodiesSentence([...this.found, ...made], kind, hasBody);
  }

  /** Motion of the same body by earlier versions of the estimator, newest first. */
  private earlierOf({ estimator, version, bodyModel }: MotionKind): EarlierMotionFolder[] {
    const versions = Array.from({ length: version }, (_, k) => version - 1 - k);
    return versions.flatMap((earlier) => {
      const name = nameOf({ estimator, version: earlier, bodyModel });
      return this.found.has(name) ? [{ version: earlier, folder: join(this.folder, name) }] : [];
    });
  }

  /** Sentences about results that could not be read and will be computed again. */
  get warnings(): string[] {
    return [...new Set([...this.opened.values()].flatMap((store) => store.warnings))];
  }

  /** Makes everything written so far durable. @throws AppError DISK_FULL, READ_ONLY; it can be tried again. */
  flush(): void {
    for (const store of this.opened.values()) store.flush();
  }
}
