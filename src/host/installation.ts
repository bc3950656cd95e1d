import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { EngineConfiguration } from '#core/protocol/engineMessages';

/** Where the parts of an installed or checked-out Retake are. */
export interface Installation {
  version: string;
  /** Built files: `out` of a checkout. */
  buildFolder: string;
  pageFolder: string;
  engineEntry: string;
  configuration: Omit<EngineConfiguration, 'roots'>;
  uploadsFolder: string;
}

/**
 * The root of the Retake that the file in `start` belongs to: the nearest folder above with a package.json. Built files
 * may be split into chunks in deeper folders, so the way up is not counted.
 */
export function findRoot(start: string): string {
  let folder = start;
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`no package.json above ${start}`);
    folder = parent;
  }
  return folder;
}

/** Folder for projects and settings: RETAKE_DATA, else the place the system has for such things. */
export function dataFolder(): string {
  const { RETAKE_DATA: chosen, XDG_DATA_HOME: xdg, APPDATA: appData } = process.env;
  if (chosen) return chosen;
  if (process.platform === 'win32' && appData) return join(appData, 'Retake');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Retake');
  return join(xdg ?? join(homedir(), '.local', 'share'), 'retake');
}

/** Where a packaged app keeps what cannot be read out of its archive. */
export interface PackagedFolders {
  /** Beside the archive: built programs that threads and processes start, and native libraries. */
  unpacked: string;
  /** Models, the default body and the sample. */
  resources: string;
}

/**
 * Names the parts of the Retake that stands in `root` (the checkout, or the archive of a packaged app, whose other
 * folders are `packaged`). `data` overrides the data folder.
 */
export function findInstallation(
  root: string,
  data: string = dataFolder(),
  packaged: PackagedFolders = { unpacked: root, resources: root },
): Installation {
  const version = readVersion(join(root, 'package.json'));
  const programs = join(packaged.unpacked, 'out', 'main');
  const sampleFile = join(packaged.resources, 'resources', 'sample', 'sample.mp4');
  return {
    version,
    buildFolder: join(root, 'out'),
    pageFolder: join(root, 'out', 'renderer'),
    engineEntry: join(programs, 'engine.js'),
    uploadsFolder: join(data, 'uploads'),
    configuration: {
      appVersion: version,
      dataFolder: data,
      modelsFolder: process.env['RETAKE_MODELS'] ?? join(packaged.resources, 'models', 'converted'),
      defaultBodyFile: join(packaged.resources, 'resources', 'body', 'default-body.bin'),
      computeEntry: join(programs, 'compute.js'),
      probeEntry: join(programs, 'probe.js'),
      ...(existsSync(sampleFile) ? { sampleFile } : {}),
    },
  };
}

function readVersion(path: string): string {
  const facts: unknown = JSON.parse(readFileSync(path, 'utf8'));
  return typeof facts === 'object' && facts !== null && 'version' in facts ? String(facts.version) : '0.0.0';
}
