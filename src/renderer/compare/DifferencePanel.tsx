import { smplJointName } from '#core/document/bodyEdits';
import { JOINT_COUNT } from '#core/body/skeleton';
import { type CurveJoint, differenceCurve } from '#core/compare/jointDifference';
import { EmptyState } from '../controls/Marks';
import { Segmented } from '../controls/Segmented';
import { PanelBar } from '../panels/PanelBar';
import { playhead } from '../playback/playhead';
import { useShownFrame } from '../playback/useShownFrame';
import styles from './compare.module.css';
import { type Compared, compareStore, type Measure, useCompare } from './compareStore';
import { differenceText, MEASURES, shownCurve } from './comparedMotion';

/** Name of what a curve shows. */
export function curveTitle(joint: CurveJoint): string {
  if (joint === 'mean') return 'Mean of all joints';
  return joint === 'worst' ? 'Worst joint' : smplJointName(joint);
}

const UNITS: readonly { id: Measure; title: string }[] = [
  { id: 'distances', title: 'mm' },
  { id: 'angles', title: '°' },
];

function Row({ joint, value, most }: { joint: CurveJoint; value: number; most: number }) {
  const isShown = useCompare((state) => state.joint === joint);
  const measure = useCompare((state) => state.measure);
  const share = Number.isNaN(value) ? 0 : value / most;
  return (
    <li>
      <button
        type="button"
        aria-pressed={isShown}
        aria-label={`${curveTitle(joint)}, ${differenceText(value, measure)}`}
        onClick={() => compareStore.setState({ joint })}
      >
        <span>{curveTitle(joint)}</span>
        <i aria-hidden>
          <i
            style={{
              inlineSize: `${100 * share}%`,
              background: `var(--heat-${Math.min(9, Math.floor(share * 10))})`,
            }}
          />
        </i>
        <b>{Number.isNaN(value) ? '–' : differenceText(value, measure)}</b>
      </button>
    </li>
  );
}

function Joints({ compared, measure }: { compared: Compared; measure: Measure }) {
  const frame = useShownFrame();
  const values = compared.difference[measure];
  const row = values.subarray(frame * JOINT_COUNT, (frame + 1) * JOINT_COUNT);
  const at = (joint: CurveJoint) => differenceCurve(row, joint)[0] ?? Number.NaN;
  const order = Array.from(row.keys()).sort((x, y) => (row[y] || 0) - (row[x] || 0) || x - y);
  const most = Math.max(MEASURES[measure].least, at('worst') || 0);
  return (
    <>
      <p className={styles['caption']}>
        Frame {frame}. {MEASURES[measure].title}. A row chooses the curve.
      </p>
      <ul className={styles['joints']} aria-label={`Joints by difference, frame ${frame}`}>
        {(['mean', 'worst', ...order] as const).map((joint) => (
          <Row key={joint} joint={joint} value={at(joint)} most={most} />
        ))}
      </ul>
    </>
  );
}

function OverClip() {
  // Renders again with what the curve is made of.
  const { measure } = useCompare((state) => state);
  const curve = shownCurve();
  if (!curve) return null;
  const known = curve.values.filter((value) => !Number.isNaN(value));
  const mean = known.reduce((sum, value) => sum + value, 0) / Math.max(1, known.length);
  const [worst] = curve.worst;
  return (
    <footer className={styles['overClip']}>
      <span>Over the clip</span>
      <span>{differenceText(known.length > 0 ? mean : Number.NaN, measure)} on average</span>
      {worst !== undefined && (
        <button type="button" onClick={() => playhead.seek(worst)}>
          {differenceText(curve.values[worst], measure)} on frame {worst}
        </button>
      )}
    </footer>
  );
}

/** How far each joint of the compared person is apart in the two runs on the shown frame. */
export function DifferencePanel() {
  const { compared, measure, isLoading, problem, ids } = useCompare((state) => state);
  const nothing = ids.A === undefined ? 'Keep a run first, then run again.' : 'Nothing to compare here.';
  return (
    <>
      <PanelBar title="Difference">
        <span className={styles['grow']} />
        <Segmented
          label="Unit of the difference"
          value={measure}
          options={UNITS}
          onChange={(next) => compareStore.setState({ measure: next })}
        />
      </PanelBar>
      <div className={styles['scroll']}>
        {compared ? (
          <Joints compared={compared} measure={measure} />
        ) : (
          <EmptyState title={isLoading ? 'Comparing the two runs' : (problem ?? nothing)} />
        )}
      </div>
      {compared && <OverClip />}
    </>
  );
}
