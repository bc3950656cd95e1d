import { Tooltip } from '@base-ui/react/tooltip';
import type { LucideIcon } from 'lucide-react';
import type { Ref } from 'react';
import styles from './controls.module.css';
import { Keys } from './Keys';

/** Look and behaviour of a button that is only an icon. */
export interface IconButtonProps {
  icon: LucideIcon;
  /** Accessible name and tooltip: thing and what happens. */
  label: string;
  onClick?: ((event: React.MouseEvent<HTMLButtonElement>) => void) | undefined;
  /** Key shown in the tooltip. */
  shortcut?: string | undefined;
  /** For toggles. */
  pressed?: boolean | undefined;
  disabled?: boolean;
  size?: 's' | 'm';
  /** Drawn dim until it is used: locks that are open. */
  quiet?: boolean;
  filled?: boolean;
  tabIndex?: number;
  ref?: Ref<HTMLButtonElement>;
}

/** An icon button with a name, a tooltip after 400 ms and a target of at least 24 px. */
export function IconButton({ icon: Icon, label, onClick, shortcut, disabled = false, ...props }: IconButtonProps) {
  const button = (
    <button
      ref={props.ref}
      type="button"
      className={styles['iconButton']}
      data-size={props.size ?? 'm'}
      data-quiet={props.quiet ?? false}
      aria-label={label}
      aria-pressed={props.pressed}
      aria-disabled={disabled || undefined}
      tabIndex={props.tabIndex}
      onClick={(event) => {
        if (!disabled) onClick?.(event);
      }}
    >
      <Icon
        size={props.size === 's' ? 14 : 16}
        strokeWidth={1.5}
        fill={props.filled ? 'currentColor' : 'none'}
        aria-hidden
      />
    </button>
  );
  return (
    <Tooltip.Root>
      <Tooltip.Trigger render={button} />
      <Tooltip.Portal>
        <Tooltip.Positioner sideOffset={6} className={styles['positioner']}>
          <Tooltip.Popup className={styles['tooltip']}>
            {label}
            {shortcut && <Keys shortcut={shortcut} flat />}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
