import { RotateCw, ShieldCheck, TriangleAlert } from 'lucide-react';
import type { Job } from '#core/protocol/messages';
import { useCompare } from '../compare/compareStore';
import { Meter } from '../controls/Marks';
import { useModels } from '../models/modelsStore';
import { useShownFrame } from '../playback/useShownFrame';
import { cancelJob, outOfDateFrames, outOfDateText, runState, runWhatChanged } from '../runs/startRun';
import { useBoxInHand } from '../session/boxInHand';
import { retryEdits } from '../session/editing';
import { activeJobs, jobProgress } from '../session/jobNews';
import { effectiveBox, useProject } from '../session/projectStore';
import { useView } from '../session/viewStore';
import text from '../theme/text.module.css';
import { countOf, formatNumber } from '../wording/numbers';
import { timeLeft } from '../wording/times';
import styles from './workspace.module.css';

function RunningJob({ job }: { job: Job }) {
  const { title, done, total, unit, fraction } = jobProgress(job);
  return (
    <span className={styles['job']}>
      <span className={`${styles['dot']} ${styles['pulse']} ${text['accent']}`} />
      <b>{job.kind === 'run' ? title : job.title}</b>
      {total > 0 && (
        <span className={styles['number']}>
          {formatNumber(done)} of {formatNumber(total)} {unit}
        </span>
      )}
      <span className={styles['jobMeter']}>
        <Meter fraction={fraction} label={job.title} />
      </span>
      {job.secondsLeft !== undefined && <span className={styles['number']}>{timeLeft(job.secondsLeft)} left</span>}
      <button type="button" className={styles['linkButton']} onClick={() => void cancelJob(job.id)}>
        Cancel
      </button>
    </span>
  );
}

function Work() {
  const project = useProject((state) => state.project);
  const saveProblem = useProject((state) => state.saveProblem);
  const modelJob = useModels((state) => state.job);
  const jobs = activeJobs([...(project?.jobs ?? []), ...(modelJob ? [modelJob] : [])]);
  if (saveProblem) {
    return (
      <span className={`${styles['job']} ${text['warn']}`}>
        <TriangleAlert size={14} strokeWidth={1.5} aria-hidden />
        {saveProblem.message}
        {saveProblem.code === 'DISK_FULL' && (
          <button type="button" className={styles['linkButton']} onClick={retryEdits}>
            Try again
          </button>
        )}
      </span>
    );
  }
  const [job] = jobs;
  if (job) {
    return (
      <>
        <RunningJob job={job} />
        {jobs.length > 1 && <span>and {countOf(jobs.length - 1, 'job')} more</span>}
      </>
    );
  }
  if (project && runState(project) === 'rerun') {
    return (
      <span className={styles['job']}>
        <RotateCw className={text['warn']} size={14} strokeWidth={1.5} aria-hidden />
        <b className={text['warn']}>{outOfDateText(outOfDateFrames(project))} out of date</b>
        <button type="button" className={styles['linkButton']} onClick={() => void runWhatChanged()}>
          Rerun
        </button>
      </span>
    );
  }
  return <span>Nothing running</span>;
}

function SelectionFacts() {
  const frame = useShownFrame();
  const personId = useView((state) => state.selection.at(-1));
  const count = useView((state) => state.selection.length);
  const person = useProject((state) => state.project?.document.people.find((entry) => entry.id === personId));
  useProject((state) => state.project?.tracks);
  useBoxInHand();
  if (!person) return null;
  const effective = effectiveBox(person.id, frame);
  const state = effective
    ? `${effective.origin} box ${formatNumber(effective.box.width)} × ${formatNumber(effective.box.height)} px`
    : 'no box';
  const others = count > 1 ? ` and ${countOf(count - 1, 'other')}` : '';
  return (
    <>
      <span className={styles['statusSeparator']} />
      <span className={styles['number']}>{`${person.name}${others}, frame ${frame}, ${state}`}</span>
    </>
  );
}

const HINTS = {
  select: [
    ['Drag', 'move box'],
    ['Alt+drag', 'from centre'],
    ['Ctrl+arrows', 'nudge 1 px'],
  ],
  draw: [
    ['Drag', 'draw a box'],
    ['Click', 'size of the last box'],
    ['Esc', 'back to select'],
  ],
  pan: [
    ['Drag', 'move the picture'],
    ['Wheel', 'zoom'],
    ['F', 'fit'],
  ],
  compare: [
    ['Drag on Chosen', 'set a range'],
    ['A B', 'choose'],
    ['D', 'blink'],
  ],
} as const;

function ToolHints() {
  const isComparing = useCompare((state) => state.isOpen);
  const tool = useView((state) => (isComparing ? 'compare' : state.tool));
  return (
    <span className={text['hideNarrow']}>
      {HINTS[tool].map(([keys, what]) => (
        <span key={keys}>
          <kbd>{keys}</kbd> {what}
        </span>
      ))}
    </span>
  );
}

/** Jobs, selection, and hints for the tool in hand. */
export function StatusBar() {
  const isOpen = useProject((state) => state.project !== undefined);
  const version = useProject((state) => state.engine?.appVersion);
  return (
    <footer className={styles['statusbar']} data-region="status">
      <Work />
      {isOpen && <SelectionFacts />}
      <span className={text['grow']} />
      {isOpen && <ToolHints />}
      {isOpen && <span className={`${styles['statusSeparator']} ${text['hideNarrow']}`} />}
      <span className={styles['job']} title="Retake makes no network connection">
        <ShieldCheck size={14} strokeWidth={1.5} aria-hidden />
        {isOpen ? 'Offline' : 'Offline: Retake makes no network connection'}
      </span>
      {!isOpen && version !== undefined && (
        <>
          <span className={styles['statusSeparator']} />
          <span className={styles['number']}>Version {version}</span>
        </>
      )}
    </footer>
  );
}
