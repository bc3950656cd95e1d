import { Slider } from '@base-ui/react/slider';
import styles from './controls.module.css';

/** A slider over one number. */
export function RangeSlider(props: {
  label: string;
  value: number;
  min: number;
  max: number;
  step: number;
  onChange: (value: number) => void;
  /** When it is let go. */
  onCommit?: (value: number) => void;
  disabled?: boolean;
}) {
  const numberOf = (value: number | readonly number[]) =>
    typeof value === 'number' ? value : (value[0] ?? props.value);
  return (
    <Slider.Root
      value={props.value}
      min={props.min}
      max={props.max}
      step={props.step}
      disabled={props.disabled ?? false}
      onValueChange={(value) => props.onChange(numberOf(value))}
      onValueCommitted={(value) => props.onCommit?.(numberOf(value))}
      style={{ width: '100%' }}
    >
      <Slider.Control className={styles['slider']}>
        <Slider.Track className={styles['sliderTrack']}>
          <Slider.Indicator className={styles['sliderFill']} />
          <Slider.Thumb className={styles['sliderThumb']} aria-label={props.label} />
        </Slider.Track>
      </Slider.Control>
    </Slider.Root>
  );
}
