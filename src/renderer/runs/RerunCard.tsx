import { Info, type LucideIcon, Play, RotateCw, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { countFrames } from '#core/frames/span';
import type { Results } from '#core/protocol/messages';
import { useCompare } from '../compare/compareStore';
import { Button } from '../controls/Button';
import { IconButton } from '../controls/IconButton';
import { undo } from '../session/editing';
import { useProject } from '../session/projectStore';
import { countOf, formatNumber, spanText } from '../wording/numbers';
import { activeRun, outOfDateFrames, outOfDateText, runState, runWhatChanged } from './startRun';
import styles from './runs.module.css';

const MOST_SPANS = 3;
/** More people than this are told by their number: the card must leave the video free. */
const MOST_PEOPLE = 4;

interface CardProps {
  icon: LucideIcon;
  /** Token of the icon's colour. */
  tone: '--info' | '--warn';
  label: string;
  title: string;
  closeLabel: string;
  onClose: () => void;
  isLow?: boolean;
  children: ReactNode;
}

/** A card over the video that can be closed. */
function Card({ icon: Icon, tone, label, title, closeLabel, onClose, isLow, children }: CardProps) {
  return (
    <section className={styles['card']} data-low={isLow} aria-label={label}>
      <div className={styles['cardHead']}>
        <Icon size={16} strokeWidth={1.75} color={`var(${tone})`} aria-hidden />
        <h3>{title}</h3>
        <IconButton icon={X} size="s" label={closeLabel} onClick={onClose} />
      </div>
      {children}
    </section>
  );
}

/** A run that was stopped before its end: what is kept, and going on. */
export function ResumeCard() {
  const project = useProject((state) => state.project);
  const [isClosed, setClosed] = useState(false);
  if (!project || isClosed || activeRun(project) || runState(project) !== 'resume') return null;
  if (project.results.detectedFrames === 0) return null;
  const { detectedFrames, people } = project.results;
  const { frameCount } = project.media;
  const bodies = people.reduce((sum, entry) => sum + countFrames(entry.present), 0);
  return (
    <Card
      icon={RotateCw}
      tone="--info"
      label="Run was interrupted"
      title="The run was not finished"
      closeLabel="Close; the run button goes on"
      onClose={() => setClosed(true)}
    >
      <p>
        People were looked for on {formatNumber(Math.min(detectedFrames, frameCount))} of {countOf(frameCount, 'frame')}
        ; {countOf(bodies, 'body', 'bodies')} computed. All of it is kept.
      </p>
      <div className={styles['cardButtons']}>
        <Button look="primary" size="l" fill icon={Play} onClick={() => void runWhatChanged()}>
          Resume
        </Button>
        <Button size="l" onClick={() => setClosed(true)}>
          Review what is there
        </Button>
      </div>
    </Card>
  );
}

/** Bodies of other run options or another body are kept, and nobody has one with those as they are. */
export function KeptBodiesCard() {
  const project = useProject((state) => state.project);
  const [closedFor, setClosedFor] = useState<string>();
  if (!project || activeRun(project) || runState(project) !== 'first') return null;
  const { keptBodies } = project.results;
  if (keptBodies === undefined || keptBodies === closedFor) return null;
  return (
    <Card
      icon={Info}
      tone="--info"
      label="No bodies for these options"
      title="No bodies for these options"
      closeLabel="Close; the run button stays"
      onClose={() => setClosedFor(keptBodies)}
    >
      <p>{keptBodies}</p>
      <div className={styles['cardButtons']}>
        <Button look="primary" size="l" fill icon={Play} onClick={() => void runWhatChanged()}>
          Run
        </Button>
      </div>
    </Card>
  );
}

/** Whose bodies are out of date because an earlier version of the estimator made them. */
function earlierSentence(results: Results, people: readonly { person: string }[]): string | undefined {
  const isEarlier = ({ person }: { person: string }) =>
    results.people.find((entry) => entry.person === person)?.fromEarlierVersion === true;
  if (people.every(isEarlier)) return 'Made by an earlier version of the estimator; rerun to bring them up to date.';
  return people.some(isEarlier) ? 'Some were made by an earlier version of the estimator.' : undefined;
}

function sumOf(rows: readonly { frames: number; leftOver: number }[]) {
  const sum = { frames: 0, leftOver: 0 };
  for (const { frames, leftOver } of rows) {
    sum.frames += frames;
    sum.leftOver += leftOver;
  }
  return sum;
}

/** What is out of date, whose it is and what a rerun costs; stands over the video until closed or rerun. */
export function RerunCard() {
  const project = useProject((state) => state.project);
  const [closedAt, setClosedAt] = useState('');
  const isCompared = useCompare((state) => state.isOpen);
  if (!project || activeRun(project) || runState(project) !== 'rerun') return null;
  const { frames, leftOver, people } = outOfDateFrames(project);
  const what = outOfDateText({ frames, leftOver });
  if (what === closedAt) return null;
  const last = project.history.undo.at(-1);
  const rows = people.map((entry) => {
    const person = project.document.people.find((candidate) => candidate.id === entry.person);
    const spans = entry.spans.slice(0, MOST_SPANS).map(spanText).join(', ');
    return { ...entry, name: person?.name ?? '', spans: entry.spans.length > MOST_SPANS ? `${spans} …` : spans };
  });
  const total = project.results.people.reduce(
    (sum, entry) => sum + entry.current.reduce((part, span) => part + span.to - span.from, 0),
    0,
  );
  const earlier = earlierSentence(project.results, people);
  return (
    <Card
      icon={RotateCw}
      tone="--warn"
      label="Out of date"
      title={frames === 0 ? `${what} without a box` : `${what} ${earlier === undefined ? 'changed' : 'out of date'}`}
      closeLabel="Close; the count stays on the run button"
      onClose={() => setClosedAt(what)}
      isLow={isCompared}
    >
      {earlier !== undefined && <p>{earlier}</p>}
      {leftOver > 0 && (
        <p>
          {frames === 0
            ? 'A rerun takes them away.'
            : `A rerun also takes away ${countOf(leftOver, 'body', 'bodies')} whose box is gone.`}
        </p>
      )}
      {total > 0 && <p>The other {countOf(total, 'frame')} keep their results.</p>}
      <table className={styles['cost']}>
        <tbody>
          {rows.slice(0, MOST_PEOPLE).map((row) => (
            <tr key={row.person}>
              <td>{row.name}</td>
              <td>{row.spans}</td>
              <td>{outOfDateText(row)}</td>
            </tr>
          ))}
          {rows.length > MOST_PEOPLE && (
            <tr>
              <td colSpan={2}>{countOf(rows.length - MOST_PEOPLE, 'more person', 'more people')}</td>
              <td>{outOfDateText(sumOf(rows.slice(MOST_PEOPLE)))}</td>
            </tr>
          )}
        </tbody>
      </table>
      <div className={styles['cardButtons']}>
        <Button look="primary" size="l" fill icon={RotateCw} onClick={() => void runWhatChanged()}>
          {frames === 0 ? 'Rerun' : `Rerun ${what}`}
        </Button>
        <Button size="l" disabled={!last} title={last ? `Undo: ${last.label}` : undefined} onClick={() => void undo()}>
          Undo
        </Button>
      </div>
    </Card>
  );
}
