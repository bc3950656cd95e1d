import { Search } from 'lucide-react';
import { useRef, useState } from 'react';
import { closeDialog } from '../app/dialogStore';
import { COMMAND_AREAS, type Command } from '../commands/command';
import { shortcutOf } from '../commands/keyboard';
import { keyNames } from '../commands/keyNames';
import { COMMANDS } from '../commands/registry';
import { DialogFrame } from '../controls/DialogFrame';
import { Keys } from '../controls/Keys';
import { EmptyState } from '../controls/Marks';
import text from '../theme/text.module.css';
import { MOUSE_HINTS } from './mouseHints';
import styles from './shortcuts.module.css';

function matches(command: Command, query: string): boolean {
  const words = query.toLowerCase().split(/\s+/);
  const keys = command.shortcuts.map((shortcut) => keyNames(shortcut).join('+')).join(' ');
  const haystack = `${command.title} ${keys} ${command.shortcuts.join(' ')}`.toLowerCase();
  return words.every((word) => haystack.includes(word));
}

function Group({ title, commands }: { title: string; commands: readonly Command[] }) {
  if (commands.length === 0) return null;
  return (
    <section className={styles['group']}>
      <h3>{title}</h3>
      <dl>
        {commands.map((command) => (
          <div key={command.id}>
            <dt>{command.title}</dt>
            <dd>
              {command.shortcuts.map((shortcut) => (
                <Keys key={shortcut} shortcut={shortcut} />
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function MouseGroup({ title, hints }: { title: string; hints: readonly (readonly [string, string])[] }) {
  return (
    <section className={styles['group']}>
      <h3>{title}</h3>
      <dl>
        {hints.map(([what, how]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>{how}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** Every command that has keys, by area; typing or pressing keys filters. */
export function ShortcutsSheet() {
  const [query, setQuery] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const shown = COMMANDS.filter((command) => command.shortcuts.length > 0 && matches(command, query));
  const search = (
    <label className={styles['search']}>
      <Search size={14} strokeWidth={1.5} aria-hidden />
      <input
        ref={field}
        aria-label="Find a command, or press its keys"
        placeholder="Find a command, or press its keys"
        value={query}
        onChange={(event) => setQuery(event.target.value)}
        onKeyDown={(event) => {
          const isChord = (event.ctrlKey || event.metaKey) && !['Control', 'Meta', 'Shift', 'Alt'].includes(event.key);
          if (!isChord || ['a', 'c', 'v', 'x'].includes(event.key)) return;
          event.preventDefault();
          setQuery(shortcutOf(event.nativeEvent));
        }}
      />
    </label>
  );
  return (
    <DialogFrame
      title="Shortcuts"
      width={1240}
      firstFocus={field}
      onClose={closeDialog}
      tools={
        <>
          {search}
          <span className={text['grow']} />
        </>
      }
    >
      {shown.length === 0 ? (
        <EmptyState title="No command has these words or keys" />
      ) : (
        <div className={styles['columns']} role="region" aria-label="Commands and keys" tabIndex={0}>
          {COMMAND_AREAS.map((area) => (
            <Group key={area} title={area} commands={shown.filter((command) => command.area === area)} />
          ))}
          {query === '' &&
            Object.values(MOUSE_HINTS).map((entry) => (
              <MouseGroup key={entry.title} title={entry.title} hints={entry.hints} />
            ))}
        </div>
      )}
    </DialogFrame>
  );
}
