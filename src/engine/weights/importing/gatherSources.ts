import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '#core/errors';
import { type FirstLook, isUnfinishedName, lookAt, mayBeModel } from './lookAt';
import { readHead, refuseUnfinished } from './readWhole';
import { isCheckpointListing, isArrayListing, listZip, unpackZip } from './zipArchive';

/** A file to look into, on disk. */
export interface SourceFile {
  /** As the person knows it, with its place in a folder or zip. */
  name: string;
  path: string;
  size: number;
  container: FirstLook['container'] | 'torch-zip' | 'npz';
}

/** What came of a file that is not looked into further. */
export interface LeftFile {
  name: string;
  /** One sentence without its subject, for example `looks like a picture`. */
  because: string;
  hint?: string;
  /** False for what nobody would take for a model, such as pictures beside it. */
  isSuspect: boolean;
}

/** Files to look into and files that are left alone. */
export interface Gathered {
  sources: SourceFile[];
  left: LeftFile[];
}

const MOST_FILES = 5_000;
const DEEPEST = 8;
/** A zip in a zip is opened, a zip in that one is not. */
const DEEPEST_ZIP = 2;

/** Looks through files, folders and zips for what may hold a model. Entries of zips are unpacked into a folder. */
export class SourceGatherer {
  private readonly gathered: Gathered = { sources: [], left: [] };
  private seen = 0;

  /** `workFolder` exists and takes what is unpacked. */
  constructor(
    private readonly workFolder: string,
    private readonly signal: AbortSignal,
  ) {}

  /** Everything in `paths`. @throws AppError DISK_FULL, INVALID_ARGUMENT for a folder of too many files */
  async gather(paths: readonly string[]): Promise<Gathered> {
    for (const path of paths) await this.take(path, basename(path), 0, 0);
    return this.gathered;
  }

  private async take(path: string, name: string, depth: number, zipDepth: number): Promise<void> {
    this.signal.throwIfAborted();
    const facts = await stat(path).catch(() => undefined);
    if (!facts) return this.leave(name, 'cannot be read', true, 'Check that it is still there and may be opened.');
    if (facts.isDirectory()) return this.takeFolder(path, name, depth, zipDepth);
    if (!facts.isFile()) return this.leave(name, 'is neither a file nor a folder', true);
    if (++this.seen > MOST_FILES) {
      throw new AppError('INVALID_ARGUMENT', `There are more than ${MOST_FILES} files in what was given.`, {
        hint: 'Choose the files that the models page names, or a smaller folder.',
      });
    }
    await this.takeFile(path, name, zipDepth);
  }

  private async takeFolder(path: string, name: string, depth: number, zipDepth: number): Promise<void> {
    if (depth >= DEEPEST) return this.leave(name, `lies more than ${DEEPEST} folders deep`, true);
    const names = await readdir(path).catch(() => undefined);
    if (!names) return this.leave(name, 'cannot be read', true, 'Check that you may open this folder.');
    for (const entry of names.filter((candidate) => !candidate.startsWith('.')).sort()) {
      await this.take(join(path, entry), `${name}/${entry}`, depth + 1, zipDepth);
    }
  }

  private async takeFile(path: string, name: string, zipDepth: number): Promise<void> {
    try {
      if (isUnfinishedName(name)) await refuseUnfinished(path, name);
      const { head, size } = await readHead(path, name);
      const { container, looksLike } = lookAt(head);
      if (container === 'other') return this.leave(name, `looks like ${looksLike}`, mayBeModel(name));
      await refuseUnfinished(path, name);
      if (container === 'zip') await this.takeZip(path, name, size, zipDepth);
      else this.gathered.sources.push({ name, path, size, container });
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'DISK_FULL' || error.code === 'CANCELLED') throw error;
      this.leave(name, error.message, true, error.hint);
    }
  }

  private async takeZip(path: string, name: string, size: number, zipDepth: number): Promise<void> {
    const listing = await listZip(path, name);
    if (isCheckpointListing(listing)) {
      this.gathered.sources.push({ name, path, size, container: 'torch-zip' });
      return;
    }
    if (isArrayListing(listing)) {
      this.gathered.sources.push({ name, path, size, container: 'npz' });
      return;
    }
    if (zipDepth >= DEEPEST_ZIP) return this.leave(name, 'is a zip within a zip within a zip', true);
    const wanted = listing.filter((entry) => mayBeModel(entry.name));
    for (const entry of listing) {
      if (!mayBeModel(entry.name)) this.leave(`${name}/${entry.name}`, 'is not a model file', false);
    }
    const unpacked = await unpackZip(path, name, wanted, this.workFolder, this.signal);
    for (const entry of unpacked) await this.take(entry.path, `${name}/${entry.name}`, 0, zipDepth + 1);
  }

  private leave(name: string, because: string, isSuspect: boolean, hint?: string): void {
    this.gathered.left.push({ name, because, isSuspect, ...(hint === undefined ? {} : { hint }) });
  }
}
