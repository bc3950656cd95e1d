import { FolderOpen } from 'lucide-react';
import { useState } from 'react';
import { useShell } from '../app/shellContext';
import { Button } from '../controls/Button';
import { Meter } from '../controls/Marks';
import { formatPercent } from '../wording/numbers';
import { useProject } from '../session/projectStore';
import { takeFiles } from './acceptDrops';
import { chooseAndOpen, useOpening } from './openMedia';
import styles from './startPage.module.css';

function Art() {
  return (
    <svg className={styles['art']} viewBox="0 0 120 84" aria-hidden>
      <rect
        x="8"
        y="10"
        width="104"
        height="64"
        rx="7"
        fill="var(--surface-2)"
        stroke="var(--line-3)"
        strokeWidth="1.5"
      />
      <path
        d="M20 10v64M100 10v64M8 26h12M8 42h12M8 58h12M100 26h12M100 42h12M100 58h12"
        stroke="var(--line-2)"
        strokeWidth="1.5"
      />
      <rect
        x="46"
        y="20"
        width="28"
        height="46"
        fill="none"
        stroke="var(--accent)"
        strokeWidth="1.8"
        strokeDasharray="5 4"
      />
      <g stroke="var(--text-1)" strokeWidth="2" strokeLinecap="round" fill="none">
        <circle cx="60" cy="27" r="3.6" />
        <path d="M60 31v15M60 34l-8 7M60 34l8 6M60 46l-6 16M60 46l7 15" />
      </g>
    </svg>
  );
}

function Opening() {
  const { name, sent, cancel } = useOpening((state) => state);
  return (
    <>
      <h1>Opening {name}</h1>
      <p>{sent === undefined ? 'Reading the frames' : 'Sending the file to the engine on this computer'}</p>
      <div className={styles['buttons']}>
        {sent !== undefined && (
          <div className={styles['progress']}>
            <Meter fraction={sent} label="Sent" />
            <span>{formatPercent(sent)}</span>
          </div>
        )}
        {cancel && <Button onClick={cancel}>Cancel</Button>}
      </div>
    </>
  );
}

/** Where a video is dropped, and the button that chooses one. */
export function DropZone() {
  const shell = useShell();
  const [isOver, setOver] = useState(false);
  const isOpening = useOpening((state) => state.name !== undefined);
  const isReady = useProject((state) => state.engine !== undefined);
  const onDrop = (event: React.DragEvent) => {
    event.preventDefault();
    setOver(false);
    void takeFiles(shell, [...event.dataTransfer.files]);
  };
  return (
    <section
      className={styles['drop']}
      data-over={isOver}
      aria-label="Open a video"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <Art />
      {isOpening ? (
        <Opening />
      ) : (
        <>
          <h1>Drop a video here</h1>
          <p>MP4, MOV, MKV, WebM or a numbered image folder. It stays on this computer.</p>
          <div className={styles['buttons']}>
            <Button
              look="primary"
              size="l"
              icon={FolderOpen}
              disabled={!isReady}
              onClick={() => void chooseAndOpen(shell)}
            >
              Open a video
            </Button>
          </div>
        </>
      )}
    </section>
  );
}
