import { Dialog } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { type ReactNode, type RefObject, useRef } from 'react';
import text from '../theme/text.module.css';
import styles from './controls.module.css';
import { IconButton } from './IconButton';

/** A modal dialog: title left, what belongs to it, close right; Esc closes. */
export function DialogFrame(props: {
  title: string;
  subtitle?: string | undefined;
  /** Between title and close. */
  tools?: ReactNode;
  footer?: ReactNode;
  /** What has the focus first; the dialog itself when absent, so that no control looks pressed. */
  firstFocus?: RefObject<HTMLElement | null>;
  /** px; the window's size is the limit. */
  width: number;
  onClose: () => void;
  children: ReactNode;
}) {
  const popup = useRef<HTMLDivElement>(null);
  return (
    <Dialog.Root
      open
      onOpenChange={(open) => {
        if (!open) props.onClose();
      }}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className={styles['backdrop']} />
        <Dialog.Popup
          ref={popup}
          className={styles['dialog']}
          style={{ width: props.width }}
          initialFocus={props.firstFocus ?? popup}
        >
          <header className={styles['dialogHeader']}>
            <Dialog.Title>{props.title}</Dialog.Title>
            {props.subtitle && <span className={text['caption']}>{props.subtitle}</span>}
            {props.tools ?? <span className={text['grow']} />}
            <IconButton icon={X} label="Close" shortcut="Escape" onClick={props.onClose} />
          </header>
          {props.children}
          {props.footer && <footer className={styles['dialogFooter']}>{props.footer}</footer>}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
