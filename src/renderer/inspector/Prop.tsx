import type { ReactNode } from 'react';
import styles from './inspector.module.css';

/** A fact with its name. */
export function Prop({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={styles['prop']}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** A part of an inspector tab with its heading; `aside` stands at the right end of it. */
export function Section(props: { title: string; note?: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className={styles['section']}>
      <h3>
        {props.title}
        {props.note && <small>{props.note}</small>}
        <span className={styles['spacer']} />
        {props.aside}
      </h3>
      {props.children}
    </section>
  );
}
