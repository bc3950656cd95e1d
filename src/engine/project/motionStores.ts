import { join } from 'node:path';
import { MotionStore } from './motionStore';

/** What makes motion of another kind, which never mixes: who estimated it, and the body that it moves. */
export interface MotionKind {
  estimator: string;
  version: number;
  bodyModel: string;
}

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

  constructor(
    private readonly folder: string,
    private readonly frameCount: number,
  ) {}

  /** The motion of a kind; empty where there is none yet. */
  of({ estimator, version, bodyModel }: MotionKind): MotionStore {
    const name = `${estimator}-${version}-${bodyModel}`;
    const known = this.opened.get(name);
    if (known) return known;
    const store = new MotionStore(join(this.folder, name), this.frameCount, saltOf(name));
    this.opened.set(name, store);
    return store;
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
