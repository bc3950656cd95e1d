import { keysOf, useKeyBindings } from '../commands/keyBindings';
import { keyNames } from '../commands/keyNames';
import { COMMANDS } from '../commands/registry';
import styles from './controls.module.css';

/** What a command's own key is now: pages name commands by the keys they came with. */
function keyNow(shortcut: string): string | undefined {
  const command = COMMANDS.find(({ shortcuts }) => shortcuts.includes(shortcut));
  if (!command) return shortcut;
  const keys = keysOf(command);
  return keys.includes(shortcut) ? shortcut : keys[0];
}

/**
 * A shortcut as key caps, or flat in small text. `shortcut` is the one that the command came with; where a person changed
 * it, theirs is shown, and nothing where they took it away. `exact` shows the keys as they are.
 */
export function Keys({ shortcut, flat = false, exact = false }: { shortcut: string; flat?: boolean; exact?: boolean }) {
  useKeyBindings((state) => state.changed);
  const shown = exact ? shortcut : keyNow(shortcut);
  if (shown === undefined) return null;
  const names = keyNames(shown);
  if (flat) return <kbd className={styles['keyFlat']}>{names.join('+')}</kbd>;
  return (
    <span className={styles['keys']}>
      {names.map((name) => (
        <kbd key={name} className={styles['key']}>
          {name}
        </kbd>
      ))}
    </span>
  );
}
