import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { removeQuietly } from './atomicFile';
import type { ProjectFolder } from './projectFolder';
import { readTracks, type StoredTracks, writeTracks } from './trackFile';

const UNREADABLE =
  'The boxes that people follow could not be read. Boxes set by hand are safe; if the others came from a file, give it again.';

const NAME = /^(\d+)\.bundle$/;

/**
 * The tracks that people refer to, a file for every time that a document took over others, named by the number of the change
 * that did (the first projects have one without a number). It is written before that change is journaled, so that no change
 * refers to what is not there; a file with a higher number than the document belongs to a change that never came.
 */
export class AdoptedTracks {
  /** `seq` is the number of the document's last change. */
  constructor(
    private readonly places: Pick<ProjectFolder, 'tracks' | 'tracksFile'>,
    private readonly seq: number,
  ) {}

  /** What was taken over last, and by which change; undefined where there is nothing that can be read. */
  read(): (StoredTracks & { seq: number }) | undefined {
    for (const seq of this.numbers().reverse()) {
      const stored = seq > this.seq ? undefined : readTracks(this.path(seq));
      if (stored) return { ...stored, seq };
    }
    const first = readTracks(this.places.tracksFile);
    return first && { ...first, seq: 0 };
  }

  /** A sentence where there is something that cannot be read. */
  warnings(): string[] {
    const isThere = this.numbers().some((number) => number <= this.seq) || existsSync(this.places.tracksFile);
    return isThere && !this.read() ? [UNREADABLE] : [];
  }

  /** Keeps tracks for change `seq`, beside those of the change before. @throws AppError DISK_FULL, READ_ONLY */
  write(seq: number, tracks: StoredTracks): void {
    writeTracks(this.path(seq), tracks);
  }

  /** Takes back what was kept for a change that did not come. */
  withdraw(seq: number): void {
    rmSync(this.path(seq), { force: true });
  }

  /** Lets go of everything but what change `seq` took over. */
  keepOnly(seq: number): void {
    for (const other of this.numbers()) if (other !== seq) removeQuietly(this.path(other));
    removeQuietly(this.places.tracksFile);
  }

  /**
   * Puts away, before anybody edits, what was written for changes that never came, and what later changes replaced. When the
   * end of the journal was set aside (`isTorn`), so is what may belong to it.
   */
  settle(isTorn: boolean): void {
    for (const number of this.numbers()) {
      if (number <= this.seq) continue;
      if (isTorn) renameSync(this.path(number), join(this.places.tracks, `${number}.rejected`));
      else this.withdraw(number);
    }
    const current = this.read();
    if (current && current.seq > 0) this.keepOnly(current.seq);
  }

  private numbers(): number[] {
    const { tracks } = this.places;
    const names = existsSync(tracks) ? readdirSync(tracks) : [];
    return names.flatMap((name) => Number(NAME.exec(name)?.[1] ?? [])).sort((a, b) => a - b);
  }

  private path(seq: number): string {
    return join(this.places.tracks, `${seq}.bundle`);
  }
}
