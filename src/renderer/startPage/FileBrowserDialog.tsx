import { ArrowUp, Film, Folder as FolderIcon, FolderOpen, Images, Upload } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import type { Folder } from '#core/protocol/messages';
import { closeDialog } from '../app/dialogStore';
import { Button } from '../controls/Button';
import { DialogFrame } from '../controls/DialogFrame';
import { EmptyState } from '../controls/Marks';
import { toAppError } from '../session/engineError';
import { useProject } from '../session/projectStore';
import text from '../theme/text.module.css';
import { formatBytes } from '../wording/numbers';
import { openAndTell } from './openMedia';
import styles from './startPage.module.css';

const ICONS = { folder: FolderIcon, video: Film, images: Images, project: FolderOpen };

type Entry = Folder['entries'][number];

function Listing({ folder, onChoose }: { folder: Folder; onChoose: (entry: Entry) => void }) {
  if (folder.entries.length === 0) {
    return (
      <EmptyState title="No videos in this folder" text="Folders, videos, image folders and projects are shown." />
    );
  }
  return (
    <div className={styles['listing']}>
      {folder.entries.map((entry) => {
        const Icon = ICONS[entry.kind];
        return (
          <button key={entry.token} type="button" onClick={() => onChoose(entry)}>
            <Icon size={16} strokeWidth={1.5} aria-hidden />
            <span>{entry.name}</span>
            <small>{entry.bytes === undefined ? entry.kind : formatBytes(entry.bytes)}</small>
          </button>
        );
      })}
    </div>
  );
}

/** Chooses a video among the folders that the engine may show. */
export function FileBrowserDialog() {
  const client = useProject((state) => state.client);
  const [folder, setFolder] = useState<Folder>();
  const [problem, setProblem] = useState<string>();
  const open = useCallback(
    (token?: string) => {
      client?.files
        .browse(token === undefined ? {} : { token })
        .then((next) => {
          setFolder(next);
          setProblem(undefined);
        })
        .catch((error: unknown) => setProblem(toAppError(error).message));
    },
    [client],
  );
  useEffect(() => open(), [open]);
  const choose = (entry: Entry) => {
    if (entry.kind === 'folder') open(entry.token);
    else void openAndTell(entry.name, { source: 'file', token: entry.token });
  };
  return (
    <DialogFrame
      title="Open a video"
      subtitle={folder?.name}
      width={620}
      onClose={closeDialog}
      footer={
        <>
          <Button icon={ArrowUp} disabled={folder?.parent === undefined} onClick={() => open(folder?.parent)}>
            Folder above
          </Button>
          <span className={text['grow']} />
          <span className={text['caption']}>
            <Upload size={14} strokeWidth={1.5} aria-hidden style={{ verticalAlign: -2 }} /> Or drop a file on the start
            page
          </span>
        </>
      }
    >
      {problem && <EmptyState title="This folder cannot be shown" text={problem} />}
      {folder && !problem && <Listing folder={folder} onChoose={choose} />}
      {!folder && !problem && <div className={styles['listing']} />}
    </DialogFrame>
  );
}
