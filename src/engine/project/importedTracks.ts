import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TrackerTrack } from '#core/tracks/track';
import { readTracks, writeTracks } from './trackFile';

const NAME = /^(\d+)\.bundle$/;

/**
 * Tracks that came from files of other programs. Nothing that Retake runs changes them: a rerun of detector or tracker
 * only replaces its own. One file an import, written before the edit that refers to it, never changed and never removed, so
 * that an import can be undone and redone.
 */
export class ImportedTracks {
  /** In order of their imports. */
  readonly tracks: TrackerTrack[] = [];
  /** Sentences about files that could not be read. */
  readonly warnings: string[] = [];
  private next = 1;

  constructor(private readonly folder: string) {
    const names = existsSync(folder) ? readdirSync(folder) : [];
    const numbers = names.flatMap((name) => Number(NAME.exec(name)?.[1] ?? [])).sort((a, b) => a - b);
    for (const number of numbers) {
      const stored = readTracks(join(folder, `${number}.bundle`));
      if (stored) this.tracks.push(...stored.tracks);
      else this.warnings.push(`Imported boxes (${number}.bundle) could not be read; import their file again.`);
      this.next = number + 1;
    }
  }

  /** Keeps tracks under ids of their own and returns them. @throws AppError DISK_FULL, READ_ONLY. */
  add(tracks: readonly TrackerTrack[], source: string): TrackerTrack[] {
    const number = this.next;
    const named = tracks.map((track, index) => ({ ...track, id: `import${number}-${index + 1}` }));
    writeTracks(join(this.folder, `${number}.bundle`), { source, tracks: named });
    this.next = number + 1;
    this.tracks.push(...named);
    return named;
  }
}
