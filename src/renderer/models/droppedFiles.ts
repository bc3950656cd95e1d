import { AppError } from '#core/errors';
import type { Shell } from '../app/shell';

const MOST_FILES = 1_000;
const MODEL_NAME = /\.(pkl|pickle|npz|npy|pth|pt|ckpt|tar|zip)$/i;

/** True for a name that a model file or an archive of them has. */
export function isModelName(name: string): boolean {
  return MODEL_NAME.test(name);
}

/**
 * The files of a drop. On the desktop a folder stays one file, which the engine looks into; in a browser its files are
 * taken out here, and of a folder only those that may be models are sent.
 * @throws AppError INVALID_ARGUMENT for a folder of too many files
 */
export async function droppedFiles(shell: Shell, transfer: DataTransfer): Promise<File[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry());
  const isPlain = entries.every((entry) => entry === null || entry.isFile);
  if (shell.kind === 'desktop' || isPlain) return [...transfer.files];
  const files: File[] = [];
  for (const entry of entries) if (entry) await collect(entry, files, true);
  return files;
}

async function collect(entry: FileSystemEntry, files: File[], isDropped: boolean): Promise<void> {
  if (files.length > MOST_FILES) {
    throw new AppError('INVALID_ARGUMENT', `There are more than ${MOST_FILES} files in this folder.`, {
      hint: 'Drop the files that the page names.',
    });
  }
  if (entry.isDirectory) {
    for (const child of await childrenOf(entry as FileSystemDirectoryEntry)) await collect(child, files, false);
  } else if (isDropped || isModelName(entry.name)) {
    files.push(await fileOf(entry as FileSystemFileEntry));
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

/** A reader gives its entries in pieces until one is empty. */
async function childrenOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const piece = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (piece.length === 0) return all;
    all.push(...piece);
  }
}
