import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '#core/errors';
import type { PartKind } from '#core/protocol/modelMessages';
import { fileError, sweepTemporaryFiles, writeFileAtomically } from '../../project/atomicFile';
import type { ResolvedModel } from '../modelStore';
import { PARTS, USER_NETWORKS } from './partKinds';
import { partId, partProblem, type PartRecord, readPartRecord, RECORD_FILE } from './partRecord';
import { isLeftOver, REMOVED } from './temporaryFolders';

/** An installed part as the store finds it. */
export interface InstalledPart {
  id: string;
  folder: string;
  record: PartRecord;
  /** Why it cannot be used; undefined when it can. */
  problem: string | undefined;
  /** The one of its kind that runs use. */
  inUse: boolean;
}

/** A file of an installed part. */
export interface PartFile {
  path: string;
  sha256: string;
  part: InstalledPart;
}

/**
 * What a person brought, compiled: one folder for each part. Every look reads the folder anew, so that what another
 * Retake imports is there at once; a look costs a few small files. Importing is `importModels`.
 */
export class UserModelStore {
  /** `folder` need not exist. */
  constructor(readonly folder: string) {}

  /** Installed parts, by kind and then the newest choice first; damaged ones with their problem. */
  list(): InstalledPart[] {
    const parts = this.names()
      .filter((name) => !name.startsWith('.'))
      .flatMap((name) => {
        const folder = join(this.folder, name);
        const record = readPartRecord(folder);
        // A folder that is called otherwise than its record says was put there by hand.
        if (!record || partId(record) !== name) return [];
        return [{ id: name, folder, record, problem: partProblem(folder, record), inUse: false }];
      })
      .sort((a, b) => b.record.chosenAt.localeCompare(a.record.chosenAt) || a.id.localeCompare(b.id));
    const taken = new Set<PartKind>();
    return parts.map((part) => {
      const inUse = part.problem === undefined && !taken.has(part.record.kind);
      if (inUse) taken.add(part.record.kind);
      return { ...part, inUse };
    });
  }

  /** The part of a kind that runs use; undefined when there is none that works. */
  find(kind: PartKind): InstalledPart | undefined {
    return this.list().find((part) => part.inUse && part.record.kind === kind);
  }

  /** The part of a kind. @throws AppError MODEL_MISSING that names the file and where a person gets it. */
  require(kind: PartKind): InstalledPart {
    const part = this.find(kind);
    if (part) return part;
    const broken = this.list().find(({ record }) => record.kind === kind)?.problem;
    const { title, fileNames, site } = PARTS[kind];
    throw new AppError(
      'MODEL_MISSING',
      broken === undefined ? `The ${title} is not installed.` : `The ${title} cannot be used: ${broken}`,
      {
        hint: `Drop ${fileNames[0]} on the models page, or run "retake models import FILE"; it comes from ${site.name}.`,
      },
    );
  }

  /** One file of the part of a kind. @throws AppError MODEL_MISSING */
  file(kind: PartKind, name: string): PartFile {
    const part = this.require(kind);
    const found = part.record.files.find((file) => file.name === name);
    if (!found) throw new AppError('MODEL_MISSING', `The ${PARTS[kind].title} has no file ${name}.`);
    return { path: join(part.folder, name), sha256: found.sha256, part };
  }

  /** The network of a model id of {@link USER_NETWORKS}. @throws AppError MODEL_MISSING */
  resolve(modelId: string): ResolvedModel {
    const network = USER_NETWORKS[modelId];
    if (!network) throw new AppError('MODEL_MISSING', `No imported part gives the network "${modelId}".`);
    const { path, part } = this.file(network.kind, network.file);
    const { title, licence } = PARTS[network.kind];
    // Weights lie in files beside the graph, so the fingerprint of the source stands for all of them.
    return { id: modelId, path, sha256: part.record.source.sha256, title, licence };
  }

  /** Makes a part the one of its kind that runs use. @throws AppError NOT_FOUND, DISK_FULL, READ_ONLY */
  choose(id: string): void {
    const { folder, record } = this.byId(id);
    const chosen = { ...record, chosenAt: this.later() };
    writeFileAtomically(join(folder, RECORD_FILE), `${JSON.stringify(chosen, null, 2)}\n`, 'the choice');
  }

  /** Takes a part away; {@link restore} brings it back until the store is swept. @throws AppError NOT_FOUND, READ_ONLY */
  remove(id: string): void {
    this.byId(id);
    this.move(id, REMOVED + id, 'the removal');
  }

  /** Brings a removed part back; one that was imported again meanwhile stays. @throws AppError NOT_FOUND */
  restore(id: string): void {
    if (this.list().some((part) => part.id === id)) return;
    if (id.includes('/') || id.includes('\\') || !existsSync(join(this.folder, REMOVED + id))) {
      throw new AppError('NOT_FOUND', 'What was removed is gone for good.', { hint: 'Import the file again.' });
    }
    this.move(REMOVED + id, id, 'what was removed');
  }

  /** Deletes what a killed import and earlier removals left. Imports under way, also of other processes, stay. */
  sweep(): void {
    for (const name of this.names()) {
      const folder = join(this.folder, name);
      if (isLeftOver(folder, name)) rmSync(folder, { recursive: true, force: true });
      else if (!name.startsWith('.')) sweepTemporaryFiles(folder, false, true);
    }
  }

  private byId(id: string): InstalledPart {
    const part = this.list().find((candidate) => candidate.id === id);
    if (part) return part;
    throw new AppError('NOT_FOUND', `There is no installed part "${id}".`, {
      hint: 'See "retake models list" for the ids.',
    });
  }

  private move(from: string, to: string, what: string): void {
    try {
      mkdirSync(this.folder, { recursive: true });
      rmSync(join(this.folder, to), { recursive: true, force: true });
      renameSync(join(this.folder, from), join(this.folder, to));
      const now = new Date();
      utimesSync(join(this.folder, to), now, now);
    } catch (error) {
      throw fileError(error, what);
    }
  }

  /** Now, or a moment after the newest choice when the clock was put back. */
  private later(): string {
    const newest = Math.max(0, ...this.list().map(({ record }) => Date.parse(record.chosenAt) || 0));
    return new Date(Math.max(Date.now(), newest + 1)).toISOString();
  }

  private names(): string[] {
    try {
      return readdirSync(this.folder);
    } catch {
      return [];
    }
  }
}
