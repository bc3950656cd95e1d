import { Select } from '@base-ui/react/select';
import { Check, ChevronDown } from 'lucide-react';
import styles from './controls.module.css';

/** One choice of many, in a list that opens. */
export function Choice(props: {
  label: string;
  value: string;
  options: readonly { id: string; title: string }[];
  onChange: (value: string) => void;
  fill?: boolean;
  disabled?: boolean;
}) {
  const items = props.options.map((option) => ({ value: option.id, label: option.title }));
  return (
    <Select.Root
      items={items}
      value={props.value}
      disabled={props.disabled ?? false}
      onValueChange={(value) => {
        if (typeof value === 'string') props.onChange(value);
      }}
    >
      <Select.Trigger className={styles['select']} data-fill={props.fill ?? false} aria-label={props.label}>
        <Select.Value />
        <Select.Icon>
          <ChevronDown size={14} strokeWidth={1.5} aria-hidden />
        </Select.Icon>
      </Select.Trigger>
      <Select.Portal>
        <Select.Positioner className={styles['positioner']} sideOffset={4} alignItemWithTrigger={false}>
          <Select.Popup className={styles['menu']}>
            {props.options.map((option) => (
              <Select.Item key={option.id} value={option.id} className={styles['menuItem']}>
                <span className={styles['menuMark']}>
                  <Select.ItemIndicator>
                    <Check size={14} aria-hidden />
                  </Select.ItemIndicator>
                </span>
                <Select.ItemText className={styles['menuText']}>{option.title}</Select.ItemText>
              </Select.Item>
            ))}
          </Select.Popup>
        </Select.Positioner>
      </Select.Portal>
    </Select.Root>
  );
}
