import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError } from '#core/errors';
import { fileError } from './atomicFile';

/**
 * Makes a folder and those above it; adds what was not there to `made`, innermost first. mkdir's own `recursive` never returns
 * where no folder can be made and none is refused, as below /proc.
 * @throws the system's error
 */
export function makeFolders(folder: string, made: string[] = []): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  const parent = dirname(folder);
  if (parent !== folder) makeFolders(parent, made);
  mkdirSync(folder);
  made.unshift(folder);
}

/**
 * Makes the folder in which Retake keeps projects and models, with the folder of projects in it.
 * @throws AppError READ_ONLY, INVALID_ARGUMENT when it is no folder, DISK_FULL
 */
export function makeDataFolder(folder: string): void {
  try {
    makeFolders(join(folder, 'projects'));
    accessSync(folder, constants.W_OK);
  } catch (error) {
    const { code, hint } = fileError(error, 'the data folder');
    if (code === 'DISK_FULL') throw fileError(error, 'the data folder');
    throw new AppError(
      code === 'READ_ONLY' ? code : 'INVALID_ARGUMENT',
      `Retake cannot write to its data folder ${folder}.`,
      { hint: `${hint ?? 'Choose another folder.'} --data of "retake serve" and RETAKE_DATA name it.`, cause: error },
    );
  }
}
