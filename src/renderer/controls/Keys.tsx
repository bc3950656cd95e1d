import { keyNames } from '../commands/keyNames';
import styles from './controls.module.css';

/** A shortcut as key caps, or flat in small text. */
export function Keys({ shortcut, flat = false }: { shortcut: string; flat?: boolean }) {
  const names = keyNames(shortcut);
  if (flat) return <kbd className={styles['keyFlat']}>{names.join('+')}</kbd>;
  return (
    <span className={styles['keys']}>
      {names.map((name) => (
        <kbd key={name} className={styles['key']}>
          {name}
        </kbd>
      ))}
    </span>
  );
}
