import { Toggle } from '@base-ui/react/toggle';
import { ToggleGroup } from '@base-ui/react/toggle-group';
import styles from './controls.module.css';

/** One choice of a few, all in sight. */
export function Segmented<T extends string>(props: {
  label: string;
  value: T;
  options: readonly { id: T; title: string }[];
  onChange: (value: T) => void;
}) {
  return (
    <ToggleGroup
      className={styles['segmented']}
      aria-label={props.label}
      value={[props.value]}
      onValueChange={(values: string[]) => {
        const chosen = props.options.find((option) => option.id === values[0]);
        if (chosen) props.onChange(chosen.id);
      }}
    >
      {props.options.map((option) => (
        <Toggle key={option.id} value={option.id}>
          {option.title}
        </Toggle>
      ))}
    </ToggleGroup>
  );
}
