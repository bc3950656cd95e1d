import { ArrowRight, GitCompareArrows, Save, Trash2, X } from 'lucide-react';
import { useEffect } from 'react';
import { JOINT_COUNT, JOINT_NAMES } from '#core/body/skeleton';
import type { KeptRun } from '#core/protocol/runMessages';
import { Button } from '../controls/Button';
import { IconButton } from '../controls/IconButton';
import { useProject } from '../session/projectStore';
import { usePlayheadFrame } from '../session/usePlayhead';
import { useView } from '../session/viewStore';
import { countOf, formatNumber } from '../wording/numbers';
import {
  chooseSide,
  followCompared,
  goToDifference,
  keepAsA,
  removeRun,
  renameRun,
  showAsA,
  toggleCompare,
  useCompare,
} from './compareStore';
import { estimatorTitles, useTitles } from '../session/titles';
import { DifferenceCurve } from './DifferenceCurve';
import { LetterMark } from './LetterMark';
import styles from './compare.module.css';

const MOST_JOINTS = 5;

function RunRow({ run, isA }: { run: KeptRun; isA: boolean }) {
  const { estimator, quality } = estimatorTitles(useTitles(), run.settings);
  return (
    <li className={styles['run']} data-chosen={isA}>
      <button
        type="button"
        className={styles['pick']}
        aria-pressed={isA}
        aria-label={`Compare with ${run.name}`}
        onClick={() => void showAsA(run.id)}
      >
        {isA ? <LetterMark letter="A" /> : <span className={styles['noLetter']}>–</span>}
      </button>
      <div>
        <input
          key={run.name}
          className={styles['name']}
          defaultValue={run.name}
          maxLength={80}
          aria-label={`Name of ${run.name}`}
          onBlur={({ target }) => target.value !== run.name && void renameRun(run.id, target.value)}
          onKeyDown={({ key, currentTarget }) => key === 'Enter' && currentTarget.blur()}
        />
        <small>
          {estimator}, {quality}, {new Date(run.keptAt).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })}
        </small>
      </div>
      <IconButton icon={Trash2} size="s" label={`Remove ${run.name}`} onClick={() => void removeRun(run)} />
    </li>
  );
}

/** The joints that differ most on the shown frame. */
function WorstJoints({ byJoint }: { byJoint: Float32Array }) {
  const frame = usePlayheadFrame();
  const row = Array.from(byJoint.subarray(frame * JOINT_COUNT, (frame + 1) * JOINT_COUNT));
  const order = row
    .map((millimetres, joint) => ({ millimetres, joint }))
    .filter(({ millimetres }) => !Number.isNaN(millimetres))
    .sort((x, y) => y.millimetres - x.millimetres)
    .slice(0, MOST_JOINTS);
  const most = Math.max(1, order[0]?.millimetres ?? 1);
  return (
    <ul className={styles['joints']} aria-label="Joints that differ most on this frame">
      {order.map(({ joint, millimetres }) => (
        <li key={joint}>
          <span>{JOINT_NAMES[joint]}</span>
          <i style={{ inlineSize: `${(100 * millimetres) / most}%` }} aria-hidden />
          <b>{formatNumber(Math.round(millimetres))} mm</b>
        </li>
      ))}
    </ul>
  );
}

/** Keeping runs, how A and the newest run differ, and which of them is shown where. Stands over the video while it is open. */
export function CompareCard() {
  const { isOpen, runs, a, compared } = useCompare((state) => state);
  const people = useProject((state) => state.project?.document.people);
  const readOnly = useProject((state) => state.project?.readOnly !== undefined);
  const range = useView((state) => state.range);
  useEffect(() => (isOpen ? followCompared() : undefined), [isOpen]);
  if (!isOpen) return null;
  const person = people?.find(({ id }) => id === compared?.person);
  const where = range ? `frames ${range.from}–${range.to - 1}` : 'this frame';
  return (
    <section className={styles['card']} aria-label="Compare runs">
      <header>
        <GitCompareArrows size={16} strokeWidth={1.75} aria-hidden />
        <h3>Compare runs</h3>
        <IconButton icon={X} size="s" label="Close compare" onClick={() => void toggleCompare()} />
      </header>
      {runs.length === 0 && (
        <p>Keep the bodies as they are now, then run again with other boxes, quality or smoothing: both stay.</p>
      )}
      <ul className={styles['runs']}>
        {runs.map((run) => (
          <RunRow key={run.id} run={run} isA={run.id === a} />
        ))}
        <li className={styles['run']}>
          <LetterMark letter="B" />
          <div>
            <b>Newest run</b>
          </div>
        </li>
      </ul>
      <Button icon={Save} disabled={readOnly} onClick={() => void keepAsA()}>
        Keep as run A
      </Button>
      {compared && (
        <>
          <h4>{person?.name}</h4>
          <DifferenceCurve curve={compared.difference.mean} />
          <WorstJoints byJoint={compared.difference.byJoint} />
          <Button icon={ArrowRight} onClick={() => goToDifference(1)}>
            Next of {countOf(compared.worst.length, 'difference')}
          </Button>
          <div className={styles['sides']}>
            <Button disabled={readOnly} fill onClick={() => void chooseSide('a')} label={`Use A on ${where}`}>
              <LetterMark letter="A" /> Use A
            </Button>
            <Button disabled={readOnly} fill onClick={() => void chooseSide('b')} label={`Use B on ${where}`}>
              <LetterMark letter="B" /> Use B
            </Button>
          </div>
          <small>On {where}; I and O set a range.</small>
        </>
      )}
      {a !== undefined && !compared && <p>This person has no body in one of the two runs.</p>}
    </section>
  );
}
