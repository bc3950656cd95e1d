import { showPage } from '../app/dialogStore';
import type { Shell } from '../app/shell';
import { isModelName } from '../models/droppedFiles';
import { importFiles } from '../models/modelsStore';
import { projectStore } from '../session/projectStore';
import { isTrackName, openTrackFiles } from '../trackFiles/trackFiles';
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
    takeFiles(shell, [...(event.dataTransfer?.files ?? [])]);
  };
  window.addEventListener('dragover', over);
  window.addEventListener('drop', drop);
  return () => {
    window.removeEventListener('dragover', over);
    window.removeEventListener('drop', drop);
  };
}

/** Imports files of which each may be a model, else opens the first one. */
export function takeFiles(shell: Shell, files: readonly File[]): void {
  const [first] = files;
  if (!first) return;
  if (projectStore.getState().project && isTrackName(first.name)) return openTrackFiles(first);
  if (!files.every((file) => isModelName(file.name))) {
    void openFile(shell, first);
    return;
  }
  showPage('models');
  void importFiles(shell, files);
}
