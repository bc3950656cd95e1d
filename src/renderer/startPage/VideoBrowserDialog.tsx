import { Upload } from 'lucide-react';
import { FileBrowserDialog } from './FileBrowserDialog';
import { openAndTell } from './openMedia';

const EMPTY = { title: 'No videos in this folder', text: 'Folders, videos, image folders and projects are shown.' };

/** Chooses a video among the folders that the engine may show. */
export function VideoBrowserDialog() {
  return (
    <FileBrowserDialog
      title="Open a video"
      show="videos"
      empty={EMPTY}
      onChoose={(entry) => void openAndTell(entry.name, { source: 'file', token: entry.token })}
      note={
        <>
          <Upload size={14} strokeWidth={1.5} aria-hidden style={{ verticalAlign: -2 }} /> Or drop a file on the start
          page
        </>
      }
    />
  );
}
