import { Keyboard, RotateCcw, X } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';
import type { Command } from '../commands/command';
import { shortcutOf } from '../commands/keyboard';
import { holdersOf, keysOf, reservedReason, setKeys, takeKey, useKeyBindings } from '../commands/keyBindings';
import { keyNames } from '../commands/keyNames';
import { COMMANDS } from '../commands/registry';
import { Button } from '../controls/Button';
import { IconButton } from '../controls/IconButton';
import { Keys } from '../controls/Keys';
import styles from './shortcuts.module.css';

const MODIFIERS = ['Control', 'Shift', 'Alt', 'Meta', 'AltGraph', 'CapsLock', 'Dead'];

const spell = (key: string) => keyNames(key).join('+');

/** A key that was pressed for a command and is held by others. */
interface Wish {
  key: string;
  holders: readonly Command[];
}

/** One command with its keys to change: press the button, then the new keys. */
export function KeyEditor({ command }: { command: Command }) {
  const [isListening, setListening] = useState(false);
  const [wish, setWish] = useState<Wish>();
  const [refusal, setRefusal] = useState<string>();
  const isChanged = useKeyBindings((state) => command.id in state.changed);
  useKeyBindings((state) => state.changed[command.id]);
  const keys = keysOf(command);
  const take = (key: string) => {
    takeKey(COMMANDS, command, key);
    setWish(undefined);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!isListening) return;
    if (MODIFIERS.includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    setListening(false);
    if (event.key === 'Escape') return;
    const key = shortcutOf(event.nativeEvent);
    setRefusal(reservedReason(key));
    if (reservedReason(key)) return;
    const holders = holdersOf(COMMANDS, command, key);
    if (holders.length === 0) take(key);
    else setWish({ key, holders });
  };
  const now = keys.length === 0 ? 'no key' : keys.map(spell).join(' or ');
  return (
    <div className={styles['editor']}>
      <dt>{command.title}</dt>
      <dd>
        <button
          type="button"
          className={styles['record']}
          data-listening={isListening}
          aria-label={isListening ? `Press the new keys for ${command.title}` : `Keys of ${command.title}: ${now}`}
          onClick={() => {
            setListening(true);
            setWish(undefined);
            setRefusal(undefined);
          }}
          onBlur={() => setListening(false)}
          onKeyDown={onKeyDown}
        >
          {isListening ? (
            <>
              <Keyboard size={13} strokeWidth={1.5} aria-hidden /> Press keys
            </>
          ) : keys.length === 0 ? (
            'No key'
          ) : (
            keys.map((key) => <Keys key={key} shortcut={key} exact />)
          )}
        </button>
        {keys.length > 0 && (
          <IconButton icon={X} size="s" label={`No key for ${command.title}`} onClick={() => setKeys(command, [])} />
        )}
        {isChanged && (
          <IconButton
            icon={RotateCcw}
            size="s"
            label={`Bring back the keys of ${command.title}`}
            onClick={() => setKeys(command, command.shortcuts)}
          />
        )}
      </dd>
      {wish && (
        <dd className={styles['conflict']}>
          <span role="alert">
            {`${spell(wish.key)} belongs to ${wish.holders.map(({ title }) => title).join(' and ')}`}
          </span>
          <Button size="s" onClick={() => take(wish.key)}>
            Take it from there
          </Button>
          <Button size="s" look="ghost" onClick={() => setWish(undefined)}>
            Leave it
          </Button>
        </dd>
      )}
      {refusal && (
        <dd className={styles['conflict']}>
          <span role="alert">{refusal}</span>
        </dd>
      )}
    </div>
  );
}
