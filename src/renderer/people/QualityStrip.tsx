import { useEffect, useRef } from 'react';
import { useChecks } from '../review/checkStore';
import { worstSteps } from '../session/confidences';
import { useView } from '../session/viewStore';
import { readToken } from '../theme/readToken';
import { isSoftwareGl } from '../viewport/softwareGl';
import styles from './people.module.css';

const COLUMNS = 120;

/** Quality of one person along the whole clip: dark is good, bright is suspect; grey where there is nobody. */
export function QualityStrip({ personId, name }: { personId: string; name: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const values = useChecks((state) => state.quality.get(personId));
  const theme = useView((state) => state.theme);
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d', { willReadFrequently: isSoftwareGl() });
    if (!element || !context) return;
    context.clearRect(0, 0, COLUMNS, 1);
    if (!values) return;
    worstSteps(values, COLUMNS).forEach((step, column) => {
      if (step < 0) return;
      context.fillStyle = readToken(element, `--quality-${step}`);
      context.fillRect(column, 0, 1, 1);
    });
  }, [values, theme]);
  const label = values ? `Quality of ${name} along the clip` : `No boxes of ${name} yet`;
  return <canvas ref={canvas} className={styles['strip']} width={COLUMNS} height={1} role="img" aria-label={label} />;
}
