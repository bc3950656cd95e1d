import { FileDown, FileUp } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { closeDialog } from '../app/dialogStore';
import { useShell } from '../app/shellContext';
import { Button } from '../controls/Button';
import { Choice } from '../controls/Choice';
import { DialogFrame } from '../controls/DialogFrame';
import { useProject } from '../session/projectStore';
import { formatBytes } from '../wording/numbers';
import {
  exportTracks,
  formatsFor,
  importTracks,
  loadFormats,
  takeTrackFile,
  useTrackFiles,
  type WrittenTracks,
} from './trackFiles';
import styles from './trackFiles.module.css';

function Import() {
  const shell = useShell();
  const { formats, file, likely, isBusy } = useTrackFiles((state) => state);
  const isReadOnly = useProject((state) => state.project?.readOnly !== undefined);
  const [chosen, setChosen] = useState<string>();
  const input = useRef<HTMLInputElement>(null);
  const stop = useRef<AbortController>(undefined);
  useEffect(() => () => stop.current?.abort(), []);
  const fitting = file ? formatsFor(formats, file.name) : formats.filter(({ canRead }) => canRead);
  const format = fitting.find(({ id }) => id === (chosen ?? likely)) ?? fitting[0];
  const endings = new Set(formats.flatMap(({ canRead, extension }) => (canRead ? [`.${extension}`] : [])));
  const take = (files: FileList | null) => {
    setChosen(undefined);
    void takeTrackFile(files?.[0]);
  };
  const start = () => {
    if (!format) return;
    stop.current = new AbortController();
    void importTracks(shell, format.id, stop.current.signal, closeDialog);
  };
  return (
    <section
      className={styles['part']}
      aria-label="Take boxes in"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        take(event.dataTransfer.files);
      }}
    >
      <h3>Take boxes in</h3>
      <p>Drop a file here or choose one. Its people are added beside those that are there, as one undoable edit.</p>
      <input
        ref={input}
        type="file"
        hidden
        accept={[...endings].join()}
        aria-label="File with boxes"
        onChange={(event) => take(event.target.files)}
      />
      <div className={styles['row']}>
        <Button icon={FileUp} disabled={isReadOnly} onClick={() => input.current?.click()}>
          {file ? file.name : 'Choose a file'}
        </Button>
        {format && (
          <Choice
            label="Format of the file"
            value={format.id}
            options={fitting}
            disabled={fitting.length === 1}
            onChange={setChosen}
          />
        )}
        <Button look="primary" disabled={!file || isBusy || isReadOnly} onClick={start}>
          Take in
        </Button>
      </div>
    </section>
  );
}

function Written({ name, bytes, url, losses }: WrittenTracks) {
  return (
    <div role="status" className={styles['written']}>
      <a href={url} download={name}>
        {name}
      </a>{' '}
      <small>{formatBytes(bytes)}</small>
      {losses.length === 0 ? (
        <p>The format holds everything about these boxes.</p>
      ) : (
        <>
          <p>Not in the file, because the format cannot hold it:</p>
          <ul>
            {losses.map((loss) => (
              <li key={loss}>{loss}</li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function Export() {
  const { formats, isBusy, written } = useTrackFiles((state) => state);
  const hasPeople = useProject((state) => (state.project?.document.people.length ?? 0) > 0);
  const [chosen, setChosen] = useState<string>();
  const writable = formats.filter(({ canWrite }) => canWrite);
  const format = writable.find(({ id }) => id === chosen) ?? writable[0];
  return (
    <section className={styles['part']} aria-label="Write boxes out">
      <h3>Write boxes out</h3>
      <p>
        {hasPeople
          ? 'The boxes of everybody, as they count now: detected, interpolated and manual.'
          : 'Nobody here yet, so there are no boxes to write.'}
      </p>
      <div className={styles['row']}>
        {format && <Choice label="Format to write" value={format.id} options={writable} onChange={setChosen} />}
        <Button
          icon={FileDown}
          disabled={!format || isBusy || !hasPeople}
          onClick={() => format && void exportTracks(format.id)}
        >
          Write the file
        </Button>
      </div>
      {written && <Written {...written} />}
    </section>
  );
}

/** Boxes of other programs in, and out for them. */
export function TrackFilesDialog() {
  const problem = useTrackFiles((state) => state.problem);
  useEffect(() => void loadFormats(), []);
  return (
    <DialogFrame title="Track files" subtitle="boxes of other programs" width={620} onClose={closeDialog}>
      <div className={styles['parts']}>
        {problem && (
          <div role="alert" className={styles['problem']}>
            <b>{problem.text}</b>
            {problem.hint && <p>{problem.hint}</p>}
          </div>
        )}
        <Import />
        <Export />
      </div>
    </DialogFrame>
  );
}
