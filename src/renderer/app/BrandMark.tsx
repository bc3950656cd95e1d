import styles from './workspace.module.css';

/** The mark of Retake. */
export function BrandMark() {
  return (
    <svg className={styles['brand']} viewBox="0 0 22 22" aria-hidden>
      <rect x=".5" y=".5" width="21" height="21" rx="6" fill="var(--accent-fill)" />
      <g fill="none" stroke="#fff" strokeWidth="1.8" strokeLinecap="round" strokeLinejoin="round">
        <path d="M15.6 8.2A5.3 5.3 0 1 0 16.3 12" />
        <path d="M16.4 4.6v4h-4" />
      </g>
      <circle cx="11" cy="11" r="1.7" fill="#fff" />
    </svg>
  );
}
