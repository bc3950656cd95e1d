import styles from './compare.module.css';

/** The letter of a run in a circle: A is dark on light with a dashed edge, B the other way round. */
export function LetterMark({ letter }: { letter: 'A' | 'B' }) {
  return (
    <span className={styles['letter']} data-letter={letter} aria-hidden>
      {letter}
    </span>
  );
}
