import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { z } from 'zod';
import type { Command } from './command';
import { shortcutParts } from './keyNames';

const STORAGE_KEY = 'retake.keys.1';

const bindingsSchema = z.object({
  changed: z.record(z.string(), z.array(z.string().min(1).max(40)).max(4)).default({}),
  singleKeys: z.boolean().default(true),
});

/** What a person changed about the keys; workspace state, kept in the browser's storage. */
export interface KeyBindings {
  /** By command id: keys in the place of the command's own; an empty list is no key at all. */
  changed: Readonly<Record<string, readonly string[]>>;
  /** False: letters, digits and signs without Ctrl or Alt do nothing. */
  singleKeys: boolean;
}

const OWN_KEYS: KeyBindings = { changed: {}, singleKeys: true };

function load(): KeyBindings {
  try {
    const parsed = bindingsSchema.safeParse(JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '{}'));
    return parsed.success ? parsed.data : OWN_KEYS;
  } catch {
    return OWN_KEYS;
  }
}

/** The one store of changed keys. */
export const keyStore = createStore<KeyBindings>(() => load());

keyStore.subscribe((bindings) => {
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(bindings));
  } catch {
    // A browser that forbids storage forgets them with the page.
  }
});

/** Reads a part of it in a component. */
export function useKeyBindings<T>(selector: (state: KeyBindings) => T): T {
  return useStore(keyStore, selector);
}

/** The keys of a command as a person has them. */
export function keysOf(command: Pick<Command, 'id' | 'shortcuts'>): readonly string[] {
  return keyStore.getState().changed[command.id] ?? command.shortcuts;
}

/** A letter, digit or sign without Ctrl or Alt: what speech input and stray touches press by accident. */
export function isSingleKey(shortcut: string): boolean {
  const parts = shortcutParts(shortcut);
  return (parts.at(-1)?.length ?? 0) === 1 && !parts.includes('Ctrl') && !parts.includes('Alt');
}

/** True when keys do something: single ones only while they are on. */
export function isKeyOn(shortcut: string): boolean {
  return keyStore.getState().singleKeys || !isSingleKey(shortcut) || shortcut === '?';
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((key, index) => key === b[index]);
}

/** Gives a command other keys; its own ones count as not changed. */
export function setKeys(command: Command, keys: readonly string[]): void {
  keyStore.setState(({ changed }) => {
    const { [command.id]: _, ...others } = changed;
    return { changed: isSame(keys, command.shortcuts) ? others : { ...others, [command.id]: keys } };
  });
}

/** Takes a key from every other command that has it and gives it to one, as its only key. */
export function takeKey(commands: readonly Command[], command: Command, key: string): void {
  for (const other of holdersOf(commands, command, key)) {
    setKeys(
      other,
      keysOf(other).filter((entry) => entry !== key),
    );
  }
  setKeys(command, [key]);
}

/** Other commands that have a key now. */
export function holdersOf(commands: readonly Command[], command: Command, key: string): Command[] {
  return commands.filter((other) => other !== command && keysOf(other).includes(key));
}

/** Brings back the keys that commands came with, and single keys. */
export function resetKeys(): void {
  keyStore.setState(OWN_KEYS);
}

/** Switches single keys on or off. */
export function setSingleKeys(singleKeys: boolean): void {
  keyStore.setState({ singleKeys });
}

/** Keys that browsers or the system never hand on, or that leave what is open. */
const RESERVED: Readonly<Record<string, string>> = {
  'Ctrl+W': 'closes the tab in every browser',
  'Ctrl+T': 'opens a tab in every browser',
  'Ctrl+N': 'opens a window in every browser',
  'Ctrl+Q': 'ends the browser',
  Tab: 'moves the focus',
  'Shift+Tab': 'moves the focus back',
};

/** Why a key cannot be given to a command, as a sentence; undefined when it can. */
export function reservedReason(key: string): string | undefined {
  const why = RESERVED[key];
  return why && `${key} ${why}, so no command can have it`;
}
