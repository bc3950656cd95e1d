import type { Person } from '#core/document/schema';
import { EmptyState } from '../controls/Marks';
import { useProject } from '../session/projectStore';
import { formatNumber } from '../wording/numbers';
import styles from './inspector.module.css';
import { Section } from './Prop';
import { useMotion } from './useMotion';

const MOST = 4;

function Beta({ index, value }: { index: number; value: number }) {
  const half = Math.min(1, Math.abs(value) / MOST) * 50;
  return (
    <div className={styles['beta']}>
      <span>{index}</span>
      <div className={styles['betaBar']}>
        <i style={{ left: value < 0 ? `${50 - half}%` : '50%', width: `${half}%` }} />
      </div>
      <span>{formatNumber(value, 3)}</span>
    </div>
  );
}

/** The ten shape numbers of the selected person: one shape for the whole clip. */
export function ShapeTab({ person }: { person: Person | undefined }) {
  const motion = useMotion(person?.id);
  const assumptions = useProject((state) => state.project?.results.assumptions ?? []);
  if (!person || !motion) {
    return (
      <EmptyState
        title="No shape yet"
        text="It comes with the body: one per person for the whole clip."
        note="Key Ctrl+Enter"
      />
    );
  }
  return (
    <Section title="Shape" note="betas, in standard deviations of the body model">
      {[...motion.piece.betas].map((value, index) => (
        <Beta key={index} index={index} value={value} />
      ))}
      {assumptions.map((assumption) => (
        <p key={assumption} className={styles['note']}>
          {assumption}
        </p>
      ))}
    </Section>
  );
}
