import { ContextMenu } from '@base-ui/react/context-menu';
import type { ReactElement } from 'react';
import { keysOf } from '../commands/keyBindings';
import { commandById } from '../commands/registry';
import { toAppError } from '../session/engineError';
import { notify } from '../session/notices';
import styles from './controls.module.css';
import { Keys } from './Keys';

function run(id: string): void {
  Promise.resolve()
    .then(() => commandById(id).run())
    .catch((error: unknown) => notify({ level: 'error', text: toAppError(error).message }));
}

function Item({ id }: { id: string }) {
  const command = commandById(id);
  return (
    <ContextMenu.Item className={styles['menuItem']} disabled={!command.when()} onClick={() => run(id)}>
      <span className={styles['menuText']}>{command.title}</span>
      {keysOf(command)[0] && <Keys shortcut={keysOf(command)[0] ?? ''} flat exact />}
    </ContextMenu.Item>
  );
}

/**
 * A right-click menu of commands by id, in groups. `element` is the one that is clicked; `onOpen` comes first, to select
 * what the commands mean.
 */
export function CommandContextMenu(props: {
  element: ReactElement<Record<string, unknown>>;
  groups: readonly (readonly string[])[];
  onOpen?: () => void;
}) {
  return (
    <ContextMenu.Root
      onOpenChange={(open) => {
        if (open) props.onOpen?.();
      }}
    >
      <ContextMenu.Trigger render={props.element} />
      <ContextMenu.Portal>
        <ContextMenu.Positioner className={styles['positioner']}>
          <ContextMenu.Popup className={styles['menu']}>
            {props.groups.map((group, index) => (
              <ContextMenu.Group key={group.join()}>
                {index > 0 && <ContextMenu.Separator className={styles['menuSeparator']} />}
                {group.map((id) => (
                  <Item key={id} id={id} />
                ))}
              </ContextMenu.Group>
            ))}
          </ContextMenu.Popup>
        </ContextMenu.Positioner>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  );
}
