import { Check, Copy, Minus, RotateCw, TriangleAlert } from 'lucide-react';
import { useEffect } from 'react';
import type { Diagnostic } from '#core/protocol/messages';
import { Button } from '../controls/Button';
import { Banner } from '../controls/Marks';
import { notify } from '../session/notices';
import { useProject } from '../session/projectStore';
import text from '../theme/text.module.css';
import { countOf } from '../wording/numbers';
import styles from './diagnostics.module.css';
import { runDiagnostics, useDiagnostics } from './diagnosticsStore';
import { reportText } from './reportText';

const STATES = {
  ready: { icon: Check, tone: 'ok', word: 'Ready' },
  missing: { icon: TriangleAlert, tone: 'warn', word: 'Missing' },
  note: { icon: Minus, tone: 'caption', word: 'To know' },
} as const;

function CheckRow({ check }: { check: Diagnostic }) {
  const { icon: Icon, tone, word } = STATES[check.state];
  return (
    <li className={styles['check']}>
      <Icon className={text[tone]} size={16} strokeWidth={1.5} aria-hidden />
      <b>{check.title}</b>
      <span>{word}</span>
      <div>
        <small>{check.detail}</small>
        {check.hint && <p>{check.hint}</p>}
      </div>
    </li>
  );
}

async function copy(report: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(report);
    notify({ level: 'info', text: 'Report copied' });
  } catch {
    notify({ level: 'warning', text: 'The browser did not allow copying: select the report and copy it' });
  }
}

function summary(checks: readonly Diagnostic[], tookMs: number | undefined): string {
  const good = checks.filter((check) => check.state === 'ready').length;
  const other = checks.length - good;
  const took = tookMs === undefined ? '' : ` Took ${(tookMs / 1000).toFixed(1)} s.`;
  return `${countOf(good, 'check')} good${other > 0 ? `, ${other} to know` : ''}.${took}`;
}

/** What this installation can do and what it lacks, with a report to paste. */
export function DiagnosticsPage() {
  const { checks, isRunning, tookMs, problem } = useDiagnostics((state) => state);
  const version = useProject((state) => state.engine?.appVersion);
  useEffect(() => void runDiagnostics(), []);
  const report = reportText(version, checks);
  return (
    <main className={styles['page']} data-region="diagnostics">
      <header className={styles['head']}>
        <div>
          <h1>Diagnostics</h1>
          <p>{isRunning && checks.length === 0 ? 'Checking' : summary(checks, tookMs)}</p>
        </div>
        <span className={styles['grow']} />
        <Button size="l" icon={Copy} onClick={() => void copy(report)}>
          Copy report
        </Button>
        <Button size="l" look="primary" icon={RotateCw} disabled={isRunning} onClick={() => void runDiagnostics()}>
          Check again
        </Button>
      </header>
      {problem && (
        <Banner tone="danger" icon={TriangleAlert} title="The checks could not be run">
          {problem}
        </Banner>
      )}
      <div className={styles['columns']}>
        <ul aria-label="Checks">
          {checks.map((check) => (
            <CheckRow key={check.id} check={check} />
          ))}
        </ul>
        <aside>
          <div className={styles['reportHead']}>
            <h2>Report</h2>
            <span>No paths, no names</span>
          </div>
          <pre className={styles['report']}>{report}</pre>
          <p className={styles['note']}>Paste this into a bug report. It holds versions and check results only.</p>
        </aside>
      </div>
    </main>
  );
}
