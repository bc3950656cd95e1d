import { useStore } from 'zustand';
import { closeDialog } from '../app/dialogStore';
import { FileBrowserDialog } from './FileBrowserDialog';
import { missingVideoStore, openLocated } from './openMedia';

const EMPTY = { title: 'No videos in this folder', text: 'Folders, videos and image folders are shown.' };

/** Finds the video that a project misses among the folders that the engine may show. */
export function LocateVideoDialog() {
  const missing = useStore(missingVideoStore, (state) => state.missing);
  return (
    <FileBrowserDialog
      title={`Locate the video of ${missing?.name ?? 'the project'}`}
      show="videos"
      empty={EMPTY}
      onChoose={(entry) => (missing ? void openLocated(missing, entry.token) : closeDialog())}
      note="It may have another name now: it is known by its content"
    />
  );
}
