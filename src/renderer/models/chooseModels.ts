import type { PartKind } from '#core/protocol/modelMessages';
import type { Shell } from '../app/shell';
import { importFiles, importTokens } from './modelsStore';

function chooseFiles(): Promise<File[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = true;
    input.onchange = () => resolve([...(input.files ?? [])]);
    input.oncancel = () => resolve([]);
    input.click();
  });
}

/** Lets the person choose files by the platform's dialog and imports them; `expected` is the slot they are for. */
export async function chooseAndImport(shell: Shell, expected?: PartKind): Promise<void> {
  if (shell.chooseModels) return importTokens(await shell.chooseModels(), expected);
  await importFiles(shell, await chooseFiles(), expected);
}
