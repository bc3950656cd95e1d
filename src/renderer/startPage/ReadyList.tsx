import { Check, Circle, TriangleAlert } from 'lucide-react';
import type { Diagnostic } from '#core/protocol/messages';
import { showPage } from '../app/dialogStore';
import { Button } from '../controls/Button';
import { useDiagnostics } from '../diagnostics/diagnosticsStore';
import text from '../theme/text.module.css';
import styles from './startPage.module.css';

const ICONS = { ready: Check, missing: TriangleAlert, note: Circle };
const TONES = { ready: 'ok', missing: 'warn', note: 'caption' };

/** Devices that are not used stand on the diagnostics page only. */
const isOfNote = ({ id }: Diagnostic) => !id.startsWith('device-');

/** What this computer has and lacks, in one line each. */
export function ReadyList() {
  const checks = useDiagnostics((state) => state.checks);
  const problem = useDiagnostics((state) => state.problem);
  return (
    <section aria-label="Ready on this computer">
      <div className={styles['sideHead']}>
        <h2>Ready on this computer</h2>
        <Button look="link" onClick={() => showPage('diagnostics')}>
          Details
        </Button>
      </div>
      {problem && <p className={styles['note']}>{problem}</p>}
      <ul className={styles['checks']}>
        {checks.filter(isOfNote).map((check) => {
          const Icon = ICONS[check.state];
          return (
            <li key={check.id} title={check.hint ?? check.detail}>
              <Icon className={text[TONES[check.state]]} size={16} strokeWidth={1.5} aria-label={check.state} />
              <b>{check.title}</b>
              <span>{check.detail.split(', /')[0]}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
