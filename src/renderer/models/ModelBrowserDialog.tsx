import { closeDialog } from '../app/dialogStore';
import { Button } from '../controls/Button';
import { FileBrowserDialog } from '../startPage/FileBrowserDialog';
import { importTokens } from './modelsStore';

const EMPTY = {
  title: 'No model files in this folder',
  text: 'Folders, checkpoints, SMPL files, arrays and zips are shown.',
};

function importAndClose(token: string): void {
  closeDialog();
  void importTokens([token]);
}

/** Chooses a model file, a zip, or a whole folder among the folders that the engine may show. */
export function ModelBrowserDialog() {
  return (
    <FileBrowserDialog
      title="Import models"
      show="models"
      empty={EMPTY}
      onChoose={(entry) => importAndClose(entry.token)}
      actions={(folder) =>
        folder.token === 'roots' ? null : (
          <Button onClick={() => importAndClose(folder.token)}>Import everything in this folder</Button>
        )
      }
      note="Files stay where they are"
    />
  );
}
