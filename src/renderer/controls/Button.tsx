import type { LucideIcon } from 'lucide-react';
import type { ReactNode, Ref } from 'react';
import styles from './controls.module.css';

/** Look and behaviour of a text button. */
export interface ButtonProps {
  children: ReactNode;
  onClick?: ((event: React.MouseEvent<HTMLButtonElement>) => void) | undefined;
  look?: 'neutral' | 'primary' | 'ghost' | 'link';
  size?: 's' | 'm' | 'l';
  icon?: LucideIcon | undefined;
  /** Stays focusable and says that it is disabled. */
  disabled?: boolean;
  /** Takes its share of the row. */
  fill?: boolean;
  label?: string | undefined;
  title?: string | undefined;
  /** For buttons that show and hide something: whether it is shown, and its element id. */
  expanded?: boolean | undefined;
  controls?: string | undefined;
  type?: 'button' | 'submit';
  ref?: Ref<HTMLButtonElement>;
}

/** A text button; one `primary` per view. */
export function Button({ children, onClick, icon: Icon, disabled = false, ...props }: ButtonProps) {
  return (
    <button
      ref={props.ref}
      type={props.type ?? 'button'}
      className={styles['button']}
      data-look={props.look ?? 'neutral'}
      data-size={props.size ?? 'm'}
      data-fill={props.fill ?? false}
      aria-label={props.label}
      title={props.title}
      aria-expanded={props.expanded}
      aria-controls={props.expanded ? props.controls : undefined}
      aria-disabled={disabled || undefined}
      onClick={(event) => {
        if (!disabled) onClick?.(event);
        else event.preventDefault();
      }}
    >
      {Icon && <Icon size={14} strokeWidth={1.75} aria-hidden />}
      {children}
    </button>
  );
}
