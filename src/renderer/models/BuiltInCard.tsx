import { Check, TriangleAlert } from 'lucide-react';
import type { Models } from '#core/protocol/modelMessages';
import { Chip } from '../controls/Marks';
import text from '../theme/text.module.css';
import { formatBytes } from '../wording/numbers';
import styles from './models.module.css';

/** Networks and body that come with Retake. */
export function BuiltInCard({ networks }: { networks: Models['builtIn'] }) {
  const missing = networks.filter((network) => network.bytes === undefined).length;
  const bytes = networks.reduce((sum, network) => sum + (network.bytes ?? 0), 0);
  return (
    <section className={styles['card']} aria-labelledby="models-built-in">
      <header>
        {missing === 0 ? (
          <Check className={text['ok']} size={16} strokeWidth={1.5} aria-hidden />
        ) : (
          <TriangleAlert className={text['warn']} size={16} strokeWidth={1.5} aria-hidden />
        )}
        <h2 id="models-built-in">Built-in</h2>
        <Chip tone={missing === 0 ? 'ok' : 'warn'}>{missing === 0 ? 'Ready' : `${missing} missing`}</Chip>
        <span className={text['grow']} />
        <span className={styles['aside']}>{formatBytes(bytes)}, came with Retake</span>
      </header>
      <ul>
        {networks.map(({ id, title, licence, bytes: size }) => (
          <li key={id} className={styles['row']}>
            {size === undefined ? (
              <TriangleAlert className={text['warn']} size={16} strokeWidth={1.5} aria-label="missing" />
            ) : (
              <Check className={text['ok']} size={16} strokeWidth={1.5} aria-label="installed" />
            )}
            <div className={styles['what']}>
              <b>{title}</b>
              <small>{size === undefined ? 'Missing. Run "npm run setup" in the checkout' : licence}</small>
            </div>
            {size !== undefined && <span className={styles['aside']}>{formatBytes(size)}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
