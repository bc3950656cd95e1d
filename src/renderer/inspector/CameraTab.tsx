import type { Person } from '#core/document/schema';
import { useProject } from '../session/projectStore';
import { formatNumber } from '../wording/numbers';
import styles from './inspector.module.css';
import { Prop, Section } from './Prop';
import { useMotion } from './useMotion';

/** The camera of the clip and where the selected person stands before it. */
export function CameraTab({ person }: { person: Person | undefined }) {
  const results = useProject((state) => state.project?.results);
  const motion = useMotion(person?.id);
  if (!results) return null;
  const { focal, width, height } = results.camera;
  const angle = (2 * Math.atan(width / (2 * focal)) * 180) / Math.PI;
  const place = motion && [0, 1, 2].map((axis) => motion.piece.translations[motion.row * 3 + axis] ?? 0);
  return (
    <>
      <Section title="Camera" note="pinhole, still">
        <dl>
          <Prop name="Picture">
            {width} × {height} px
          </Prop>
          <Prop name="Focal length">
            {formatNumber(focal)} px <small>assumed</small>
          </Prop>
          <Prop name="Field of view">{formatNumber(angle, 1)}° across</Prop>
        </dl>
      </Section>
      <Section title="Place" note="camera axes: x right, y down, z forward">
        {place ? (
          <dl>
            {['x', 'y', 'z'].map((axis, index) => (
              <Prop key={axis} name={axis}>
                {formatNumber(place[index] ?? 0, 3)} m
              </Prop>
            ))}
          </dl>
        ) : (
          <p className={styles['note']}>No body on this frame.</p>
        )}
        {results.assumptions.map((assumption) => (
          <p key={assumption} className={styles['note']}>
            {assumption}
          </p>
        ))}
      </Section>
    </>
  );
}
