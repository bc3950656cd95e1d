import { ArrowUp, Box, Film, Folder as FolderIcon, FolderOpen, Images } from 'lucide-react';
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import type { Folder } from '#core/protocol/messages';
import { closeDialog } from '../app/dialogStore';
import { Button } from '../controls/Button';
import { DialogFrame } from '../controls/DialogFrame';
import { EmptyState } from '../controls/Marks';
import { toAppError } from '../session/engineError';
import { useProject } from '../session/projectStore';
import text from '../theme/text.module.css';
import { formatBytes } from '../wording/numbers';
import styles from './startPage.module.css';

const ICONS = { folder: FolderIcon, video: Film, images: Images, project: FolderOpen, model: Box };

/** Something in a folder. */
export type BrowserEntry = Folder['entries'][number];

function Listing(props: {
  folder: Folder;
  empty: { title: string; text: string };
  onChoose: (entry: BrowserEntry) => void;
}) {
  const { folder, empty, onChoose } = props;
  if (folder.entries.length === 0) return <EmptyState title={empty.title} text={empty.text} />;
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

/** Chooses something in the folders that the engine may show; folders are opened here. */
export function FileBrowserDialog(props: {
  title: string;
  show: 'videos' | 'models';
  /** What stands in a folder with nothing to show. */
  empty: { title: string; text: string };
  onChoose: (entry: BrowserEntry) => void;
  /** What else can be done with the folder that is shown. */
  actions?: (folder: Folder) => ReactNode;
  /** Another way to the same, in a few words. */
  note: ReactNode;
}) {
  const { show } = props;
  const client = useProject((state) => state.client);
  const [folder, setFolder] = useState<Folder>();
  const [problem, setProblem] = useState<string>();
  const open = useCallback(
    (token?: string) => {
      client?.files
        .browse({ show, ...(token === undefined ? {} : { token }) })
        .then((next) => {
          setFolder(next);
          setProblem(undefined);
        })
        .catch((error: unknown) => setProblem(toAppError(error).message));
    },
    [client, show],
  );
  useEffect(() => open(), [open]);
  const choose = (entry: BrowserEntry) => {
    if (entry.kind === 'folder') open(entry.token);
    else props.onChoose(entry);
  };
  return (
    <DialogFrame
      title={props.title}
      subtitle={folder?.name}
      width={620}
      onClose={closeDialog}
      footer={
        <>
          <Button icon={ArrowUp} disabled={folder?.parent === undefined} onClick={() => open(folder?.parent)}>
            Folder above
          </Button>
          {folder && props.actions?.(folder)}
          <span className={text['grow']} />
          <span className={text['caption']}>{props.note}</span>
        </>
      }
    >
      {problem && <EmptyState title="This folder cannot be shown" text={problem} />}
      {folder && !problem && <Listing folder={folder} empty={props.empty} onChoose={choose} />}
      {!folder && !problem && <div className={styles['listing']} />}
    </DialogFrame>
  );
}
