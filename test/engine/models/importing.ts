import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll } from 'vitest';
import type { ImportLine, PartKind } from '#core/protocol/modelMessages';
import { importModels } from '#engine/weights/importing/importModels';
import { importFolderName, removeFolder } from '#engine/weights/userModels/temporaryFolders';
import { UserModelStore } from '#engine/weights/userModels/userModelStore';

const CONTAINERS = join(import.meta.dirname, '..', '..', 'fixtures', 'vibe', 'containers');

/** A file that was written this moment is looked at twice, which takes time. */
function makeOld(path: string): void {
  const before = new Date(Date.now() - 60_000);
  utimesSync(path, before, before);
}

/** A store and a folder of files to import, both of the calling file's tests alone. */
export class ImportBench {
  readonly folder = mkdtempSync(join(tmpdir(), 'retake-import-'));
  readonly store = new UserModelStore(join(this.folder, 'store'));

  constructor() {
    afterAll(() => rmSync(this.folder, { recursive: true, force: true }));
  }

  /** A file to import. */
  file(name: string, bytes: Uint8Array | string): string {
    const path = join(this.folder, 'files', name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, bytes);
    makeOld(path);
    return path;
  }

  /** A file of the fixtures' containers, under a name of its own. */
  fixture(fixture: string, name = fixture): string {
    const path = join(this.folder, 'files', name);
    mkdirSync(join(path, '..'), { recursive: true });
    copyFileSync(join(CONTAINERS, fixture), path);
    makeOld(path);
    return path;
  }

  /** Imports as the engine does and cleans up behind it. */
  async import(
    paths: string[],
    options: { expected?: PartKind; signal?: AbortSignal; onProgress?: (share: number) => void } = {},
  ) {
    const workFolder = join(this.store.folder, importFolderName());
    const request = { paths, storeFolder: this.store.folder, workFolder };
    const { expected, signal = new AbortController().signal, onProgress = () => undefined } = options;
    try {
      return (await importModels({ ...request, ...(expected ? { expected } : {}) }, signal, onProgress)).lines;
    } finally {
      removeFolder(workFolder);
    }
  }

  /** The one line about one file. */
  async importOne(path: string, expected?: PartKind): Promise<ImportLine> {
    const lines = await this.import([path], expected ? { expected } : {});
    if (lines.length !== 1 || !lines[0]) throw new Error(`${lines.length} lines about ${basename(path)}`);
    return lines[0];
  }

  /** Everything in the store, also what is hidden. */
  contents(): string[] {
    try {
      return readdirSync(this.store.folder, { recursive: true, encoding: 'utf8' }).sort();
    } catch {
      return [];
    }
  }
}
