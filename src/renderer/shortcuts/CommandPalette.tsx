import { Dialog } from '@base-ui/react/dialog';
import { Search } from 'lucide-react';
import { useState } from 'react';
import { closeDialog } from '../app/dialogStore';
import type { Command } from '../commands/command';
import { keysOf } from '../commands/keyBindings';
import { COMMANDS } from '../commands/registry';
import controls from '../controls/controls.module.css';
import { Keys } from '../controls/Keys';
import { toAppError } from '../session/engineError';
import { notify } from '../session/notices';
import styles from './shortcuts.module.css';

/** Commands that make sense now and hold all words of the query, those that begin with it first. */
export function findCommands(commands: readonly Command[], query: string): Command[] {
  const text = query.trim().toLowerCase();
  const words = text.split(/\s+/);
  const found = commands.filter((command) => {
    const title = `${command.title} ${command.area}`.toLowerCase();
    return command.when() && words.every((word) => title.includes(word));
  });
  const starts = (command: Command) => (command.title.toLowerCase().startsWith(text) ? 0 : 1);
  return found.sort((a, b) => starts(a) - starts(b));
}

function choose(command: Command | undefined): void {
  if (!command) return;
  closeDialog();
  Promise.resolve()
    .then(() => command.run())
    .catch((error: unknown) => notify({ level: 'error', text: toAppError(error).message }));
}

/** Any command by a few letters of its name. */
export function CommandPalette() {
  const [query, setQuery] = useState('');
  const [picked, setPicked] = useState(0);
  const found = findCommands(
    COMMANDS.filter((command) => command.id !== 'palette'),
    query,
  );
  const at = Math.min(picked, found.length - 1);
  const onKeyDown = (event: React.KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === 'Enter') choose(found[at]);
    else if (step !== undefined) setPicked((at + step + found.length) % Math.max(1, found.length));
    else return;
    event.preventDefault();
  };
  return (
    <Dialog.Root open onOpenChange={(open) => !open && closeDialog()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={controls['backdrop']} />
        <Dialog.Popup className={controls['dialog']} style={{ width: 560, top: '32%' }} aria-label="Any command">
          <label className={styles['paletteInput']}>
            <Search size={16} strokeWidth={1.5} aria-hidden />
            <input
              autoFocus
              role="combobox"
              aria-expanded
              aria-controls="palette-list"
              aria-activedescendant={found[at] ? `palette-${found[at].id}` : undefined}
              aria-label="Find a command"
              placeholder="Find a command"
              value={query}
              onChange={(event) => {
                setQuery(event.target.value);
                setPicked(0);
              }}
              onKeyDown={onKeyDown}
            />
          </label>
          {found.length === 0 && (
            <p role="status" className={styles['paletteEmpty']}>
              No command that can be used now has these words; ? lists all of them
            </p>
          )}
          <div className={styles['paletteList']} role="listbox" id="palette-list" aria-label="Commands">
            {found.map((command, index) => (
              <div
                key={command.id}
                id={`palette-${command.id}`}
                role="option"
                aria-selected={index === at}
                className={styles['option']}
                ref={(element) => {
                  if (index === at) element?.scrollIntoView({ block: 'nearest' });
                }}
                onPointerMove={() => setPicked(index)}
                onClick={() => choose(command)}
              >
                <span>{command.title}</span>
                <small>{command.area}</small>
                {keysOf(command)[0] && <Keys shortcut={keysOf(command)[0] ?? ''} flat exact />}
              </div>
            ))}
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
