import { showPage } from '../app/dialogStore';
import type { Shell } from '../app/shell';
import { isModelName } from '../models/droppedFiles';
import { importFiles } from '../models/modelsStore';
import { offerTrackFile } from '../trackFiles/trackFiles';
import { openFile } from './openMedia';

/**
 * Takes files dropped anywhere on the page: model files are imported, track files are offered to the open project, anything else is opened. Without this the browser
 * would leave the page for the file.
 */
export function acceptDrops(shell: Shell): () => void {
  const over = (event: DragEvent) => event.preventDefault();
  const drop = (event: DragEvent) => {
    if (event.defaultPrevented) return;
    event.preventDefault();
    void takeFiles(shell, [...(event.dataTransfer?.files ?? [])]);
  };
  window.addEventListener('dragover', over);
  window.addEventListener('drop', drop);
  return () => {
    window.removeEventListener('dragover', over);
    window.removeEventListener('drop', drop);
  };
}

/** Offers a file of tracks to the open project, imports files of which each may be a model, else opens the first one. */
export async function takeFiles(shell: Shell, files: readonly File[]): Promise<void> {
  const [first] = files;
  if (!first) return;
  if (files.length === 1 && (await offerTrackFile(first))) return;
  if (!files.every((file) => isModelName(file.name))) {
    void openFile(shell, first);
    return;
  }
  showPage('models');
  void importFiles(shell, files);
}
