import { RotateCw, X } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../controls/Button';
import { IconButton } from '../controls/IconButton';
import { undo } from '../session/editing';
import { useProject } from '../session/projectStore';
import { countOf, spanText } from '../wording/numbers';
import { activeRun, outOfDateFrames, runState, runWhatChanged } from './startRun';
import styles from './runs.module.css';

const MOST_SPANS = 3;

/** What is out of date, whose it is and what a rerun costs; stands over the video until closed or rerun. */
export function RerunCard() {
  const project = useProject((state) => state.project);
  const [closedAt, setClosedAt] = useState(0);
  if (!project || activeRun(project) || runState(project) !== 'rerun') return null;
  const { frames, people } = outOfDateFrames(project.document, project.results);
  if (frames === closedAt) return null;
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
  return (
    <section className={styles['card']} aria-label="Out of date">
      <div className={styles['cardHead']}>
        <RotateCw size={16} strokeWidth={1.75} color="var(--warn)" aria-hidden />
        <h3>{countOf(frames, 'frame')} changed</h3>
        <IconButton
          icon={X}
          size="s"
          label="Close; the count stays on the run button"
          onClick={() => setClosedAt(frames)}
        />
      </div>
      <p>
        {rows.map((row) => `${row.name}, ${row.spans}`).join('; ')}. The other {countOf(total, 'frame')} keep their
        results.
      </p>
      <table className={styles['cost']}>
        <tbody>
          {rows.map((row) => (
            <tr key={row.person}>
              <td>{row.name}</td>
              <td>{row.spans}</td>
              <td>{countOf(row.frames, 'frame')}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className={styles['cardButtons']}>
        <Button look="primary" size="l" fill icon={RotateCw} onClick={() => void runWhatChanged()}>
          Rerun {countOf(frames, 'frame')}
        </Button>
        <Button size="l" disabled={!last} title={last ? `Undo: ${last.label}` : undefined} onClick={() => void undo()}>
          Undo
        </Button>
      </div>
    </section>
  );
}
