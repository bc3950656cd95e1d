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
}) {
  return (
    <Slider.Root
      value={props.value}
      min={props.min}
      max={props.max}
      step={props.step}
      onValueChange={(value) => props.onChange(Array.isArray(value) ? (value[0] ?? props.value) : value)}
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
