import { Checkbox } from '@base-ui/react/checkbox';
import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './controls.module.css';

/** A box to tick with its label. */
export function CheckField(props: { checked: boolean; onChange: (checked: boolean) => void; children: ReactNode }) {
  return (
    <label className={styles['checkLabel']}>
      <Checkbox.Root className={styles['checkbox']} checked={props.checked} onCheckedChange={props.onChange}>
        <Checkbox.Indicator>
          <Check size={11} strokeWidth={3} aria-hidden style={{ display: 'block' }} />
        </Checkbox.Indicator>
      </Checkbox.Root>
      {props.children}
    </label>
  );
}
