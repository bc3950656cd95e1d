import { constants } from 'node:fs';
import { access, link, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '#core/errors';
import { isProcessAlive } from '../project/isProcessAlive';

const policies = ['fail', 'rename', 'overwrite'] as const;

/** What happens when a name is taken: say so, take the next free name, or replace the old file. */
export type IfExists = (typeof policies)[number];

/** Where what was staged goes. */
export interface Place {
  folder: string;
  ifExists: IfExists;
}

/** Written into a staging folder when everything in it is whole: from then on it is put in place, come what may. */
const PLAN = 'place.json';

const planSchema = z.object({ ifExists: z.enum(policies), entries: z.array(z.string().regex(/^[^/\\]+$/)) });

/** Name of a new staging folder of this process. */
export function stagingName(): string {
  return `.retake-export-${process.pid}-${randomBytes(4).toString('hex')}`;
}

/** True when something of that name is there. */
export async function exists(path: string): Promise<boolean> {
  return access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
}

/** The error for a name that is taken. */
export function alreadyThere(name: string): AppError {
  return new AppError('FILE_EXISTS', `${name} exists already and was not replaced.`, {
    hint: 'Export under another name, or choose to replace existing files.',
  });
}

/**
 * Moves finished entries of a staging folder to their place, one after the other, and removes the folder. A process that
 * is killed in between leaves a plan, by which {@link settleExports} goes on.
 * @throws AppError FILE_EXISTS when a name was taken meanwhile, and what the file system says
 */
export async function placeStaged(staging: string, place: Place, entries: readonly string[]): Promise<void> {
  const plan = await open(join(staging, PLAN), 'w');
  try {
    await plan.writeFile(JSON.stringify({ ifExists: place.ifExists, entries }));
    await plan.sync();
  } finally {
    await plan.close();
  }
  for (const entry of entries) await placeEntry(staging, place, entry);
  await rm(staging, { recursive: true, force: true });
}

/**
 * Settles what processes that died left in a folder of exports: an export that was whole is put in place, half of one is
 * removed. Never throws: what cannot be settled now is settled another time.
 */
export async function settleExports(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const match = /^\.retake-export-(\d+)-[0-9a-f]{8}$/.exec(name);
    if (match && !isProcessAlive(Number(match[1]))) await settle(folder, name).catch(() => undefined);
  }
}

async function settle(folder: string, name: string): Promise<void> {
  // Whoever renames it first settles it.
  const staging = join(folder, stagingName());
  await rename(join(folder, name), staging);
  const plan = await readPlan(staging);
  for (const entry of plan?.entries ?? []) {
    if (!plan || !(await exists(join(staging, entry)))) continue;
    await placeEntry(staging, { folder, ifExists: plan.ifExists }, entry);
  }
  await rm(staging, { recursive: true, force: true });
}

async function readPlan(staging: string): Promise<z.infer<typeof planSchema> | undefined> {
  try {
    return planSchema.parse(JSON.parse(await readFile(join(staging, PLAN), 'utf8')));
  } catch {
    return undefined;
  }
}

async function placeEntry(staging: string, { folder, ifExists }: Place, entry: string): Promise<void> {
  const from = join(staging, entry);
  const to = join(folder, entry);
  const isFolder = (await stat(from)).isDirectory();
  if (ifExists === 'overwrite') {
    if (isFolder && (await exists(to))) await replaceFolder(from, to, entry);
    else await rename(from, to);
    return;
  }
  if (await exists(to)) {
    if (await isSameFile(from, to)) return;
    throw alreadyThere(entry);
  }
  if (isFolder) return rename(from, to);
  // A hard link fails where the name is taken, a rename would replace it; some file systems have no links.
  await link(from, to).catch(async (error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw alreadyThere(entry);
    await rename(from, to);
  });
}

/** True for the link that was made before a process was killed. */
async function isSameFile(a: string, b: string): Promise<boolean> {
  const [one, other] = await Promise.all([stat(a, { bigint: true }), stat(b, { bigint: true })]);
  return one.isFile() && one.ino !== 0n && one.ino === other.ino && one.dev === other.dev;
}

/** Swaps a folder of frames, but only one that holds nothing but frames of an export. */
async function replaceFolder(from: string, to: string, entry: string): Promise<void> {
  const old = await readdir(to, { recursive: true, withFileTypes: true });
  const foreign = old.find((found) => !found.isDirectory() && !/_\d{6,}\.obj$/.test(found.name));
  if (foreign) {
    throw new AppError('FILE_EXISTS', `The folder ${entry} also holds ${foreign.name}, which is not of an export.`, {
      hint: 'Move that file away, or export under another name.',
    });
  }
  await rename(to, `${from}.old`);
  await rename(from, to);
}
