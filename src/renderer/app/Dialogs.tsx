import { ExportDialog } from '../exportDialog/ExportDialog';
import { RunOptionsDialog } from '../runs/RunOptionsDialog';
import { CommandPalette } from '../shortcuts/CommandPalette';
import { ShortcutsSheet } from '../shortcuts/ShortcutsSheet';
import { FileBrowserDialog } from '../startPage/FileBrowserDialog';
import { useDialogs } from './dialogStore';

const DIALOGS = {
  export: ExportDialog,
  shortcuts: ShortcutsSheet,
  palette: CommandPalette,
  browse: FileBrowserDialog,
  runOptions: RunOptionsDialog,
};

/** The dialog that is open, if any. */
export function Dialogs() {
  const id = useDialogs((state) => state.dialog);
  if (id === undefined) return null;
  const Dialog = DIALOGS[id];
  return <Dialog />;
}
