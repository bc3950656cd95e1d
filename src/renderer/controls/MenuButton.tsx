import { Menu } from '@base-ui/react/menu';
import { Check } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import styles from './controls.module.css';
import { showFocusGuards } from './focusGuards';
import { Keys } from './Keys';

/** An entry of a menu. */
export interface MenuEntry {
  title: string;
  onChoose: () => void;
  shortcut?: string | undefined;
  /** A tick in front; undefined leaves no room for it. */
  checked?: boolean;
  disabled?: boolean;
  detail?: string | undefined;
  /** Colour of a person that stands beside the title: 1 to 8. */
  swatch?: number;
  /** Tells entries of the same title apart. */
  id?: string;
}

/** Entries of a menu below a heading; groups are separated by a line. */
export interface MenuGroup {
  heading?: string;
  entries: readonly MenuEntry[];
}

function Entry({ entry }: { entry: MenuEntry }) {
  return (
    <Menu.Item className={styles['menuItem']} disabled={entry.disabled ?? false} onClick={entry.onChoose}>
      {entry.checked !== undefined && (
        <span className={styles['menuMark']}>{entry.checked && <Check size={14} aria-label="chosen" />}</span>
      )}
      {entry.swatch !== undefined && <i className={styles['swatch']} data-person-slot={entry.swatch} aria-hidden />}
      <span className={styles['menuText']}>{entry.title}</span>
      {entry.detail && <span className={styles['keyFlat']}>{entry.detail}</span>}
      {entry.shortcut && <Keys shortcut={entry.shortcut} flat />}
    </Menu.Item>
  );
}

/** A button that opens a menu. `trigger` is a single button element. */
export function MenuButton(props: {
  trigger: ReactElement<Record<string, unknown>>;
  groups: readonly MenuGroup[];
  children?: ReactNode;
}) {
  return (
    <Menu.Root modal={false} onOpenChangeComplete={(isOpen) => isOpen && showFocusGuards()}>
      <Menu.Trigger render={props.trigger} />
      <Menu.Portal>
        <Menu.Positioner className={styles['positioner']} sideOffset={5} align="end">
          <Menu.Popup className={styles['menu']}>
            {props.children}
            {props.groups.map((group, index) => (
              <Menu.Group key={group.heading ?? `group-${index}`}>
                {index > 0 && <Menu.Separator className={styles['menuSeparator']} />}
                {group.heading && <Menu.GroupLabel className={styles['menuHeading']}>{group.heading}</Menu.GroupLabel>}
                {group.entries.map((entry) => (
                  <Entry key={entry.id ?? entry.title} entry={entry} />
                ))}
              </Menu.Group>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
