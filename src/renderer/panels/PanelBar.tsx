import type { ReactNode } from 'react';
import styles from '../app/workspace.module.css';

/** The bar on top of a panel: title left, its controls right. */
export function PanelBar({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className={styles['panelbar']}>
      <h2>{title}</h2>
      {children}
    </div>
  );
}
