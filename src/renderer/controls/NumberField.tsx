import { useEffect, useRef, useState } from 'react';
import styles from './controls.module.css';

/** A number that is typed, stepped with arrow keys, or dragged on its letter. */
export interface NumberFieldProps {
  /** One letter in front, also the place to drag. */
  letter: string;
  /** Accessible name, with the unit. */
  label: string;
  /** Undefined shows an empty field. */
  value: number | undefined;
  disabled?: boolean;
  /** Decimals shown, and the step of arrow keys and of a dragged px (Shift 10 times, Alt a tenth); 1 and 1 unless said. */
  decimals?: number;
  step?: number;
  /** While dragging: not kept yet. */
  onPreview: (value: number) => void;
  /** Kept as one step. */
  onCommit: (value: number) => void;
  onCancel: () => void;
}

function stepOf(event: { shiftKey: boolean; altKey: boolean }): number {
  if (event.shiftKey) return 10;
  return event.altKey ? 0.1 : 1;
}

function parseNumber(text: string): number | undefined {
  const value = Number(text.trim().replace('−', '-').replace(',', '.'));
  return text.trim() !== '' && Number.isFinite(value) ? value : undefined;
}

/** Dragging the letter: a px is a step (Shift 10, Alt 0.1), Escape puts the value back. */
function useLetterDrag(props: NumberFieldProps) {
  const latest = useRef(props);
  latest.current = props;
  return (event: React.PointerEvent<HTMLElement>) => {
    const start = latest.current.value;
    if (start === undefined || latest.current.disabled || event.button !== 0) return;
    const element = event.currentTarget;
    element.setPointerCapture(event.pointerId);
    let value = start;
    let last = event.clientX;
    const move = (next: PointerEvent) => {
      value += (next.clientX - last) * stepOf(next) * (latest.current.step ?? 1);
      last = next.clientX;
      latest.current.onPreview(value);
    };
    const end = (isKept: boolean) => {
      element.removeEventListener('pointermove', move);
      element.removeEventListener('pointerup', keep);
      element.removeEventListener('pointercancel', drop);
      window.removeEventListener('keydown', onKey, true);
      if (isKept && value !== start) latest.current.onCommit(value);
      else latest.current.onCancel();
    };
    const keep = () => end(true);
    const drop = () => end(false);
    const onKey = (key: KeyboardEvent) => {
      if (key.key !== 'Escape') return;
      key.stopPropagation();
      drop();
    };
    element.addEventListener('pointermove', move);
    element.addEventListener('pointerup', keep);
    element.addEventListener('pointercancel', drop);
    window.addEventListener('keydown', onKey, true);
  };
}

/** See {@link NumberFieldProps}. */
export function NumberField(props: NumberFieldProps) {
  const { letter, label, value, disabled = false, decimals = 1, step = 1 } = props;
  const shown = value === undefined ? '' : value.toFixed(decimals);
  const [typed, setTyped] = useState<string>();
  const startDrag = useLetterDrag(props);
  useEffect(() => setTyped(undefined), [shown]);
  const keep = () => {
    const next = typed === undefined ? undefined : parseNumber(typed);
    setTyped(undefined);
    if (next !== undefined && next.toFixed(decimals) !== shown) props.onCommit(next);
  };
  const onKeyDown = (event: React.KeyboardEvent<HTMLInputElement>) => {
    const direction = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (event.key === 'Enter') keep();
    if (event.key === 'Escape') setTyped(undefined);
    if (direction === undefined) return;
    event.preventDefault();
    const from = (typed === undefined ? undefined : parseNumber(typed)) ?? value;
    if (from !== undefined) props.onCommit(from + direction * stepOf(event) * step);
  };
  return (
    <div className={styles['field']} data-align="end">
      <span className={styles['fieldLetter']} onPointerDown={startDrag}>
        {letter}
      </span>
      <input
        aria-label={label}
        inputMode="decimal"
        autoComplete="off"
        disabled={disabled}
        data-undo={typed === undefined ? 'page' : 'field'}
        value={typed ?? shown}
        onChange={(event) => setTyped(event.target.value)}
        onFocus={(event) => event.target.select()}
        onBlur={keep}
        onKeyDown={onKeyDown}
      />
    </div>
  );
}
