import { ExportDialog } from '../exportDialog/ExportDialog';
import { RunOptionsDialog } from '../runs/RunOptionsDialog';
import { CommandPalette } from '../shortcuts/CommandPalette';
import { ShortcutsSheet } from '../shortcuts/ShortcutsSheet';
import { ModelBrowserDialog } from '../models/ModelBrowserDialog';
import { LocateVideoDialog } from '../startPage/LocateVideoDialog';
import { VideoBrowserDialog } from '../startPage/VideoBrowserDialog';
import { TrackFilesDialog } from '../trackFiles/TrackFilesDialog';
import { useDialogs } from './dialogStore';

const DIALOGS = {
  export: ExportDialog,
  shortcuts: ShortcutsSheet,
  palette: CommandPalette,
  browse: VideoBrowserDialog,
  locate: LocateVideoDialog,
  browseModels: ModelBrowserDialog,
  runOptions: RunOptionsDialog,
  trackFiles: TrackFilesDialog,
};

/** The dialog that is open, if any. */
export function Dialogs() {
  const id = useDialogs((state) => state.dialog);
  if (id === undefined) return null;
  const Dialog = DIALOGS[id];
  return <Dialog />;
}
