import { Search } from 'lucide-react';
import { useRef, useState } from 'react';
import { closeDialog } from '../app/dialogStore';
import { COMMAND_AREAS, type Command } from '../commands/command';
import { shortcutOf } from '../commands/keyboard';
import { keysOf, resetKeys, setSingleKeys, useKeyBindings } from '../commands/keyBindings';
import { keyNames } from '../commands/keyNames';
import { COMMANDS } from '../commands/registry';
import { Button } from '../controls/Button';
import { DialogFrame } from '../controls/DialogFrame';
import { Keys } from '../controls/Keys';
import { EmptyState } from '../controls/Marks';
import { CheckField } from '../controls/Toggles';
import text from '../theme/text.module.css';
import { KeyEditor } from './KeyEditor';
import { MOUSE_HINTS } from './mouseHints';
import styles from './shortcuts.module.css';

function matches(command: Command, query: string): boolean {
  const words = query.toLowerCase().split(/\s+/);
  const keys = keysOf(command);
  const names = keys.map((shortcut) => keyNames(shortcut).join('+')).join(' ');
  const haystack = `${command.title} ${names} ${keys.join(' ')}`.toLowerCase();
  return words.every((word) => haystack.includes(word));
}

function Group(props: { title: string; commands: readonly Command[]; isEditing: boolean }) {
  const { title, commands, isEditing } = props;
  if (commands.length === 0) return null;
  return (
    <section className={styles['group']}>
      <h3>{title}</h3>
      <dl>
        {commands.map((command) =>
          isEditing ? (
            <KeyEditor key={command.id} command={command} />
          ) : (
            <div key={command.id}>
              <dt>{command.title}</dt>
              <dd>
                {keysOf(command).map((shortcut) => (
                  <Keys key={shortcut} shortcut={shortcut} exact />
                ))}
              </dd>
            </div>
          ),
        )}
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

/** Every command that has keys, by area; typing or pressing keys filters. "Change keys" shows all commands and edits them. */
export function ShortcutsSheet() {
  const [query, setQuery] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const [isEditing, setEditing] = useState(false);
  const isSingleOn = useKeyBindings((state) => state.singleKeys);
  const hasChanges = useKeyBindings((state) => !state.singleKeys || Object.keys(state.changed).length > 0);
  const shown = COMMANDS.filter((command) => (isEditing || keysOf(command).length > 0) && matches(command, query));
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
          {isEditing && (
            <CheckField checked={isSingleOn} onChange={setSingleKeys}>
              Single keys work
            </CheckField>
          )}
          {isEditing && (
            <Button look="ghost" disabled={!hasChanges} onClick={resetKeys}>
              Bring back all keys
            </Button>
          )}
          <Button look="ghost" onClick={() => setEditing(!isEditing)}>
            {isEditing ? 'Done' : 'Change keys'}
          </Button>
        </>
      }
    >
      {shown.length === 0 ? (
        <EmptyState title="No command has these words or keys" />
      ) : (
        <div className={styles['columns']} role="region" aria-label="Commands and keys" tabIndex={0}>
          {COMMAND_AREAS.map((area) => (
            <Group
              key={area}
              title={area}
              commands={shown.filter((command) => command.area === area)}
              isEditing={isEditing}
            />
          ))}
          {query === '' &&
            !isEditing &&
            Object.values(MOUSE_HINTS).map((entry) => (
              <MouseGroup key={entry.title} title={entry.title} hints={entry.hints} />
            ))}
        </div>
      )}
    </DialogFrame>
  );
}
