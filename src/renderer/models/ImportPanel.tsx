import { Check, CircleX, Download, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import type { ImportLine } from '#core/protocol/modelMessages';
import { openDialog } from '../app/dialogStore';
import { useShell } from '../app/shellContext';
import { Button } from '../controls/Button';
import { Meter } from '../controls/Marks';
import { cancelJob } from '../runs/startRun';
import { jobProgress } from '../session/jobNews';
import { useProject } from '../session/projectStore';
import text from '../theme/text.module.css';
import { formatBytes, formatNumber, formatPercent } from '../wording/numbers';
import { timeLeft } from '../wording/times';
import { chooseAndImport } from './chooseModels';
import styles from './models.module.css';
import { isImporting, useModels } from './modelsStore';

function Progress() {
  const sending = useModels((state) => state.sending);
  const job = useModels((state) => state.job);
  if (sending) {
    return (
      <>
        <h2>
          Sending {sending.count === 1 ? sending.name : `file ${sending.number} of ${sending.count}`} to the engine
        </h2>
        <p>{sending.name} goes to the engine on this computer, nowhere else.</p>
        <div className={styles['progress']}>
          <Meter fraction={sending.fraction} label="Sent" />
          <span>{formatPercent(sending.fraction)}</span>
        </div>
        <Button onClick={sending.cancel}>Cancel</Button>
      </>
    );
  }
  if (!job) return null;
  const { done, total, unit, fraction } = jobProgress(job);
  return (
    <>
      <h2>Importing</h2>
      <p>Read as data, nothing in the files is run.</p>
      <div className={styles['progress']}>
        <Meter fraction={fraction} label={job.title} />
        <span>
          {formatNumber(done)} of {formatNumber(total)} {unit}
        </span>
      </div>
      <p>{job.secondsLeft === undefined ? ' ' : `${timeLeft(job.secondsLeft)} left`}</p>
      <Button onClick={() => void cancelJob(job.id)}>Cancel</Button>
    </>
  );
}

function DropZone({ isOver }: { isOver: boolean }) {
  const shell = useShell();
  const isBusy = useModels(isImporting);
  const canBrowse = useProject((state) => state.engine?.canBrowse) === true;
  return (
    <section className={styles['drop']} data-over={isOver} aria-label="Import models">
      {isBusy ? (
        <Progress />
      ) : (
        <>
          <Download className={text['accent']} size={22} strokeWidth={1.5} aria-hidden />
          <h2>Drop files or a ZIP here</h2>
          <p>Retake sorts out which file is which, by content and not by name. No Python needed.</p>
          <div className={styles['buttons']}>
            <Button size="l" onClick={() => void chooseAndImport(shell)}>
              Choose files
            </Button>
            {canBrowse && !shell.chooseModels && (
              <Button size="l" look="ghost" onClick={() => openDialog('browseModels')}>
                Browse folders
              </Button>
            )}
          </div>
        </>
      )}
    </section>
  );
}

const ICONS = { installed: Check, known: Check, left: TriangleAlert, refused: CircleX };
const TONES = { installed: 'ok', known: 'caption', left: 'warn', refused: 'danger' };
const WORDS = { installed: 'installed', known: 'known', left: 'left alone', refused: 'refused' };

/** Longer sentences (a list of tensors) show their begin until they are asked for. */
const LONG_TEXT = 220;

function Sentence({ children }: { children: string }) {
  const [isWhole, setWhole] = useState(false);
  if (children.length <= LONG_TEXT || isWhole) return children;
  return (
    <>
      {children.slice(0, LONG_TEXT - 40)}…{' '}
      <Button look="link" onClick={() => setWhole(true)}>
        Show all
      </Button>
    </>
  );
}

function Line({ line }: { line: ImportLine }) {
  const Icon = ICONS[line.state];
  return (
    <li>
      <Icon className={text[TONES[line.state]]} size={14} strokeWidth={1.5} aria-label={WORDS[line.state]} />
      <div>
        <Sentence>{line.text}</Sentence>
        {line.hint && <p>{line.hint}</p>}
      </div>
    </li>
  );
}

function LastImport() {
  const job = useModels((state) => state.job);
  const report = useModels((state) => state.report);
  const hasNothing = useModels((state) => state.models?.bytes === 0);
  return (
    <section className={styles['section']} aria-labelledby="models-last">
      <h3 id="models-last">Last import</h3>
      {!job && (
        <p className={styles['note']}>
          {hasNothing
            ? "Nothing imported yet. VIBE's data download and the SMPL neutral body, dropped together, are all it takes."
            : 'Nothing imported since Retake was started.'}
        </p>
      )}
      {job?.state === 'running' && <p className={styles['note']}>Under way</p>}
      {job?.state === 'cancelled' && <p className={styles['note']}>Stopped. Nothing was installed.</p>}
      {job?.state === 'failed' && report.length === 0 && (
        <p className={styles['note']}>
          {job.problem?.message} {job.problem?.hint}
        </p>
      )}
      <ul className={styles['log']}>
        {report.map((line) => (
          <Line key={`${line.file} ${line.text}`} line={line} />
        ))}
      </ul>
    </section>
  );
}

/** Where files are dropped, what became of the last ones, and where they are kept. */
export function ImportPanel({ isOver }: { isOver: boolean }) {
  const models = useModels((state) => state.models);
  return (
    <aside className={styles['side']} aria-label="Import">
      <DropZone isOver={isOver} />
      <LastImport />
      {models && (
        <section className={styles['section']} aria-labelledby="models-storage">
          <h3 id="models-storage">Storage</h3>
          <dl className={styles['props']}>
            <dt>Your models</dt>
            <dd>{formatBytes(models.bytes)}</dd>
            <dt>Folder</dt>
            <dd>{models.folder}</dd>
          </dl>
        </section>
      )}
    </aside>
  );
}
