import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './controls.module.css';

/** Meaning of a chip or banner; always with an icon or a word. */
export type Tone = 'neutral' | 'ok' | 'warn' | 'danger' | 'info' | 'accent';

/** A small rounded label. */
export function Chip({ tone = 'neutral', children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span className={styles['chip']} data-tone={tone}>
      {children}
    </span>
  );
}

/** A number beside a heading. */
export function Count({ children }: { children: number }) {
  return <span className={styles['count']}>{children}</span>;
}

/** A thin bar of a fraction 0 to 1; the numbers stand beside it in words. */
export function Meter({ fraction, label, color }: { fraction: number; label: string; color?: string }) {
  const percent = Math.round(Math.max(0, Math.min(1, fraction)) * 100);
  return (
    <div
      className={styles['meter']}
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      <i style={{ width: `${percent}%`, ...(color ? { background: color } : {}) }} />
    </div>
  );
}

/** A message that stays, with what happened, what it means and what to do. */
export function Banner(props: { tone: Tone; icon: LucideIcon; title: string; children?: ReactNode }) {
  const Icon = props.icon;
  return (
    <div className={styles['banner']} data-tone={props.tone}>
      <Icon size={16} strokeWidth={1.5} aria-hidden />
      <div>
        <b>{props.title}</b>
        {props.children && <p>{props.children}</p>}
      </div>
    </div>
  );
}

/** What stands in the place of a list or view with nothing in it: what is so, and the next action. */
export function EmptyState(props: {
  icon?: LucideIcon;
  title: string;
  text?: string;
  note?: string;
  children?: ReactNode;
}) {
  const Icon = props.icon;
  return (
    <div className={styles['empty']}>
      {Icon && <Icon size={26} strokeWidth={1.25} aria-hidden />}
      <b>{props.title}</b>
      {props.text && <p>{props.text}</p>}
      {props.children}
      {props.note && <small>{props.note}</small>}
    </div>
  );
}
