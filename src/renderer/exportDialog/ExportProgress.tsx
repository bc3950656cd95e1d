import { FolderOpen } from 'lucide-react';
import type { Job } from '#core/protocol/messages';
import { bulkRoutes } from '#core/protocol/bulkRoutes';
import { useShell } from '../app/shellContext';
import { Button } from '../controls/Button';
import { Banner, Meter } from '../controls/Marks';
import { CircleX } from 'lucide-react';
import { cancelJob } from '../runs/startRun';
import { jobProgress } from '../session/jobNews';
import { countOf, formatBytes, formatNumber } from '../wording/numbers';
import { timeLeft } from '../wording/times';
import styles from './exportDialog.module.css';

function Running({ job }: { job: Job }) {
  const { done, total, unit, fraction } = jobProgress(job);
  return (
    <>
      <b>{job.title}</b>
      <div className={styles['progressRow']}>
        <Meter fraction={fraction} label={job.title} />
        <span>
          {formatNumber(done)} of {formatNumber(total)} {unit}
        </span>
        {job.secondsLeft !== undefined && <span>{timeLeft(job.secondsLeft)} left</span>}
        <Button onClick={() => void cancelJob(job.id)}>Cancel</Button>
      </div>
    </>
  );
}

function Done({ job }: { job: Job }) {
  const shell = useShell();
  const files = job.files ?? [];
  return (
    <>
      <b>
        {countOf(files.length, 'file')} written, {formatBytes(files.reduce((sum, file) => sum + file.bytes, 0))}
      </b>
      <ul className={styles['done']}>
        {files.map((file) => (
          <li key={file.name}>
            <span>{file.name}</span>
            <small>{formatBytes(file.bytes)}</small>
            {shell.revealExport ? (
              <Button size="s" icon={FolderOpen} onClick={() => shell.revealExport?.(job.id, file.name)}>
                Show in folder
              </Button>
            ) : (
              <a
                href={file.url ?? bulkRoutes.exported(job.id, file.name)}
                download={file.name}
                aria-label={`Download ${file.name}`}
              >
                Download
              </a>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

/** The export under way, and what it wrote. */
export function ExportProgress({ job }: { job: Job | undefined }) {
  return (
    <div className={styles['progress']} role="status">
      {!job && <b>Starting</b>}
      {job && (job.state === 'running' || job.state === 'waiting') && <Running job={job} />}
      {job?.state === 'done' && <Done job={job} />}
      {job?.state === 'cancelled' && <b>Export cancelled. Nothing half-written is left.</b>}
      {job?.state === 'failed' && (
        <Banner tone="danger" icon={CircleX} title={job.problem?.message ?? 'The export did not finish'}>
          {job.problem?.hint}
        </Banner>
      )}
    </div>
  );
}
