import { keysOf, useKeyBindings } from './keyBindings';
import { keyNames } from './keyNames';
import { commandById } from './registry';

/** The key of a command as a person has it, for the tooltip of a button with a text; undefined without one. */
export function useKeyTitle(id: string): string | undefined {
  useKeyBindings((state) => state.changed);
  const [key] = keysOf(commandById(id));
  return key === undefined ? undefined : keyNames(key).join('+');
}
