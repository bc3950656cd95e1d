import styles from './compare.module.css';
import type { Letter } from './compareStore';

/** The letter of a run in a circle; people are numbers in squares. */
export function LetterMark({ letter }: { letter: Letter }) {
  return (
    <span className={styles['letter']} data-letter={letter} aria-hidden>
      {letter}
    </span>
  );
}
