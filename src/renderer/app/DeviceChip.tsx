import { TriangleAlert } from 'lucide-react';
import { useDiagnostics } from '../diagnostics/diagnosticsStore';
import text from '../theme/text.module.css';
import { showPage } from './dialogStore';
import styles from './workspace.module.css';

/**
 * Whether this computer is ready to run, as a chip that leads to the diagnostics page. Networks run on the CPU until the
 * engine tells of another device in its check `device`.
 */
export function DeviceChip() {
  const checks = useDiagnostics((state) => state.checks);
  const device = checks.find((check) => check.id === 'device');
  const missing = checks.filter((check) => check.state === 'missing');
  const detail = missing.length > 0 ? `${missing[0]?.title} is missing` : (device?.detail ?? 'Ready');
  const isChecked = checks.length > 0;
  return (
    <button
      type="button"
      className={styles['device']}
      aria-label={`Inference device: ${device?.title ?? 'CPU'}, ${isChecked ? detail : 'not checked yet'}`}
      onClick={() => showPage('diagnostics')}
    >
      {missing.length > 0 ? (
        <TriangleAlert className={text['warn']} size={14} strokeWidth={1.5} aria-hidden />
      ) : (
        <span className={`${styles['dot']} ${isChecked ? text['ok'] : text['caption']}`} />
      )}
      <b>{device?.title ?? 'CPU'}</b>
      {isChecked && <span className={text['hideNarrow']}>{detail}</span>}
    </button>
  );
}
