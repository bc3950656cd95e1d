import { identityOf } from '../theme/identity';
import styles from './controls.module.css';

/** The rounded square with a person's number and colour. Decoration: say the name beside it. */
export function PersonBadge({ number, color }: { number: number; color?: number | undefined }) {
  return (
    <span className={styles['badge']} data-person-slot={identityOf(number, color).slot} aria-hidden>
      {number}
    </span>
  );
}
