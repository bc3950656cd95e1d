import { notify } from '../session/notices';
import type { Command } from './command';
import { isKeyOn, keysOf } from './keyBindings';
import { isApple } from './keyNames';

type KeyPress = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

const KEY_NAMES: Readonly<Record<string, string>> = { ' ': 'Space', '=': '+', _: '-', Backspace: 'Backspace' };

/**
 * The shortcut a key press spells, in the notation of {@link Command}. Letters and digits go by their place of the
 * layout's letter (digits by the physical key, so that shifted digits are found on every layout); signs stand for
 * themselves, without Shift.
 */
export function shortcutOf(event: KeyPress, apple = isApple()): string {
  const digit = /^Digit([0-9])$/.exec(event.code)?.[1];
  const letter = /^[a-z]$/i.test(event.key) ? event.key.toUpperCase() : undefined;
  const isSign = event.key.length === 1 && letter === undefined && event.key !== ' ';
  const isShiftedDigit = digit !== undefined && event.shiftKey && !/^[0-9]$/.test(event.key);
  const key = isShiftedDigit ? digit : (letter ?? KEY_NAMES[event.key] ?? event.key);
  const parts: string[] = [];
  if (apple ? event.metaKey : event.ctrlKey) parts.push('Ctrl');
  if (event.altKey) parts.push('Alt');
  if (event.shiftKey && (!isSign || isShiftedDigit)) parts.push('Shift');
  return [...parts, key].join('+');
}

/** Other readings of the same press: a sign made with Shift and a digit key (`/` is Shift+7 on some layouts). */
function readings(event: KeyPress, apple?: boolean): string[] {
  const first = shortcutOf(event, apple);
  const digit = /^Digit[0-9]$/.test(event.code) && event.key.length === 1 && !/^[0-9]$/.test(event.key);
  const ctrl = (apple ?? isApple()) ? event.metaKey : event.ctrlKey;
  return digit ? [first, `${ctrl ? 'Ctrl+' : ''}${event.altKey ? 'Alt+' : ''}${event.key}`] : [first];
}

/** The first command with these keys that fits. */
function findBy(
  commands: readonly Command[],
  event: KeyPress,
  fits: (command: Command) => boolean,
  apple?: boolean,
): Command | undefined {
  for (const shortcut of readings(event, apple)) {
    if (!isKeyOn(shortcut)) continue;
    const found = commands.find((command) => keysOf(command).includes(shortcut) && fits(command));
    if (found) return found;
  }
  return undefined;
}

/** The first command of the table that these keys mean now. */
export function findCommand(commands: readonly Command[], event: KeyPress, apple?: boolean): Command | undefined {
  return findBy(commands, event, (command) => command.when(), apple);
}

/** Runs a command, or says why it cannot be done now. */
export function tryCommand(command: Command | undefined): void | Promise<void> {
  if (command?.when()) return command.run();
  const text = command?.whyNot?.();
  if (text !== undefined) notify({ level: 'info', text });
  return undefined;
}

function isTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  if (!(target instanceof HTMLInputElement)) return false;
  return !['checkbox', 'radio', 'range', 'button'].includes(target.type);
}

/** Keys that work from inside a text field; undo only where the field says that nothing was typed in it yet. */
function passesFields(event: KeyboardEvent): boolean {
  if (!event.ctrlKey && !event.metaKey) return false;
  if (/^[zy]$/i.test(event.key)) return event.target instanceof HTMLElement && event.target.dataset['undo'] === 'page';
  return /^[ke]$|^Enter$|^\.$/i.test(event.key);
}

/** Space and Enter press what the keyboard has focused; after a mouse click they are free for commands. */
function pressesControl(event: KeyboardEvent): boolean {
  if (event.key !== ' ' && event.key !== 'Enter') return false;
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const control = event.target instanceof Element ? event.target.closest('button, a, [role="button"], summary') : null;
  return control?.matches(':focus-visible') ?? false;
}

/** The command whose key is down and that comes when it is let go. */
let held: { command: Command; code: string } | undefined;

/** True when the key of a command with `onRelease` is held; then what comes uses the key, and letting go does nothing. */
export function takeHeldKey(commandId: string): boolean {
  if (held?.command.id !== commandId) return false;
  held = undefined;
  return true;
}

/**
 * Runs commands from the keyboard. Keys already used by a control, keys in dialogs and menus, and single keys in text
 * fields are left alone. Returns its own end.
 */
export function listenForShortcuts(
  commands: readonly Command[],
  isBlocked: () => boolean,
  report: (error: unknown) => void,
): () => void {
  const run = (command: Command) => {
    Promise.resolve()
      .then(() => command.run())
      .catch(report);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || isBlocked()) return;
    if (isTextField(event.target) && !passesFields(event)) return;
    if (event.target instanceof Element && event.target.closest('[role="menu"], [role="listbox"], [role="dialog"]'))
      return;
    if (pressesControl(event)) return;
    const command = findCommand(commands, event);
    if (!command) return void tryCommand(findBy(commands, event, ({ whyNot }) => whyNot?.() !== undefined));
    event.preventDefault();
    if (event.repeat && command.repeats !== true) return;
    if (command.onRelease) held = { command, code: event.code };
    else run(command);
  };
  const onKeyUp = (event: KeyboardEvent) => {
    const { command, code } = held ?? {};
    if (!command || code !== event.code) return;
    held = undefined;
    if (!isBlocked() && command.when()) run(command);
  };
  const onBlur = () => {
    held = undefined;
  };
  window.addEventListener('keydown', onKeyDown);
  window.addEventListener('keyup', onKeyUp);
  window.addEventListener('blur', onBlur);
  return () => {
    onBlur();
    window.removeEventListener('keydown', onKeyDown);
    window.removeEventListener('keyup', onKeyUp);
    window.removeEventListener('blur', onBlur);
  };
}
