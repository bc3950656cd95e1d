import { Check, Info, TriangleAlert } from 'lucide-react';
import type { Preflight } from '#core/protocol/messages';
import text from '../theme/text.module.css';
import styles from './exportDialog.module.css';

const LEVELS = {
  good: { icon: Check, tone: 'ok', word: 'good' },
  note: { icon: Info, tone: 'caption', word: 'to know' },
  warning: { icon: TriangleAlert, tone: 'warn', word: 'warning' },
} as const;

/** What was looked at before writing: good first in the count, everything else in words. */
export function PreflightList({ preflight }: { preflight: Preflight | undefined }) {
  const checks = preflight?.checks ?? [];
  const good = checks.filter((check) => check.level === 'good').length;
  return (
    <section className={styles['checks']} aria-label="Before writing">
      <div className={styles['checksHead']}>
        <h3>Before writing</h3>
        <span>{preflight ? `${good} good, ${checks.length - good} to know` : ''}</span>
      </div>
      {checks.map((check) => {
        const { icon: Icon, tone, word } = LEVELS[check.level];
        return (
          <div key={check.text} className={styles['check']}>
            <Icon className={text[tone]} size={16} strokeWidth={1.5} aria-label={word} />
            <p>{check.text}</p>
            {check.detail && <small>{check.detail}</small>}
          </div>
        );
      })}
    </section>
  );
}
