// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Command } from './command';
import { noticeStore } from '../session/notices';
import { findCommand, listenForShortcuts, shortcutOf, takeHeldKey, tryCommand } from './keyboard';
import { keyNames, shortcutParts } from './keyNames';
import { COMMANDS } from './registry';

function press(key: string, code: string, modifiers: Partial<KeyboardEvent> = {}) {
  return { key, code, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...modifiers };
}

function command(id: string, shortcuts: string[], more: Partial<Command> = {}): Command {
  return { id, title: id, area: 'See', shortcuts, when: () => true, run: () => undefined, ...more };
}

describe('key presses as shortcuts', () => {
  it('spell letters, signs, digits and named keys', () => {
    const shortcuts = [
      press('q', 'KeyQ'),
      press('Q', 'KeyQ', { shiftKey: true }),
      press('z', 'KeyZ', { ctrlKey: true }),
      press('Z', 'KeyZ', { ctrlKey: true, shiftKey: true }),
      press('?', 'Slash', { shiftKey: true }),
      press(' ', 'Space'),
      press('ArrowLeft', 'ArrowLeft', { shiftKey: true }),
      press('3', 'Digit3'),
      press('#', 'Digit3', { shiftKey: true }),
      press('=', 'Equal', { ctrlKey: true }),
      press('+', 'Equal', { ctrlKey: true, shiftKey: true }),
      press('-', 'Minus', { ctrlKey: true }),
      press('.', 'Period', { ctrlKey: true }),
    ].map((event) => shortcutOf(event, false));
    expect(shortcuts).toEqual([
      'Q',
      'Shift+Q',
      'Ctrl+Z',
      'Ctrl+Shift+Z',
      '?',
      'Space',
      'Shift+ArrowLeft',
      '3',
      'Shift+3',
      'Ctrl++',
      'Ctrl++',
      'Ctrl+-',
      'Ctrl+.',
    ]);
  });

  it('say why a command cannot be run, and nothing where it does not know', () => {
    const run = vi.fn();
    const no = { when: () => false, run };
    void tryCommand(command('split', ['S'], no));
    expect(noticeStore.getState().notices).toEqual([]);
    void tryCommand(command('split', ['S'], { ...no, whyNot: () => 'Person 1 is locked' }));
    expect(noticeStore.getState().notices.map(({ text }) => text)).toEqual(['Person 1 is locked']);
    expect(run).not.toHaveBeenCalled();
    noticeStore.setState({ notices: [] });
  });

  it('take Cmd for Ctrl on Apple', () => {
    expect(shortcutOf(press('e', 'KeyE', { metaKey: true }), true)).toBe('Ctrl+E');
    expect(shortcutOf(press('e', 'KeyE', { ctrlKey: true }), true)).toBe('E');
  });

  it('find signs that a layout makes with Shift and a digit', () => {
    const middle = command('middle', ['/']);
    expect(findCommand([middle], press('/', 'Digit7', { shiftKey: true }), false)).toBe(middle);
  });

  it('go to the first command that makes sense', () => {
    const first = command('first', ['Enter'], { when: () => false });
    const second = command('second', ['Enter']);
    expect(findCommand([first, second], press('Enter', 'Enter'), false)).toBe(second);
  });
});

describe('listening', () => {
  let end: () => void = () => undefined;
  afterEach(() => {
    end();
    document.body.replaceChildren();
  });

  function listen(run: () => void, more: Partial<Command> = {}, isBlocked = () => false): void {
    end = listenForShortcuts([command('go', ['G', 'Ctrl+E', 'Space'], { run, ...more })], isBlocked, () => undefined);
  }

  async function type(target: EventTarget, event: Partial<KeyboardEventInit>): Promise<void> {
    target.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...event }));
    await Promise.resolve();
  }

  it('leaves single keys to text fields but not Ctrl+E', async () => {
    const run = vi.fn();
    const field = document.body.appendChild(document.createElement('input'));
    listen(run);
    await type(field, { key: 'g', code: 'KeyG' });
    expect(run).not.toHaveBeenCalled();
    await type(field, { key: 'e', code: 'KeyE', ctrlKey: true });
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('stops while a dialog is open and inside menus', async () => {
    const run = vi.fn();
    const menu = document.body.appendChild(document.createElement('div'));
    menu.setAttribute('role', 'menu');
    let isBlocked = true;
    listen(run, {}, () => isBlocked);
    await type(window, { key: 'g', code: 'KeyG' });
    isBlocked = false;
    await type(menu, { key: 'g', code: 'KeyG' });
    expect(run).not.toHaveBeenCalled();
    await type(window, { key: 'g', code: 'KeyG' });
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('waits for the release where a drag with the key means something else', async () => {
    const run = vi.fn();
    listen(run, { onRelease: true });
    const release = async () => {
      window.dispatchEvent(new KeyboardEvent('keyup', { key: 'g', code: 'KeyG' }));
      await Promise.resolve();
    };
    await type(window, { key: 'g', code: 'KeyG' });
    expect(run).not.toHaveBeenCalled();
    await release();
    expect(run).toHaveBeenCalledTimes(1);
    await type(window, { key: 'g', code: 'KeyG' });
    expect(takeHeldKey('other')).toBe(false);
    expect(takeHeldKey('go')).toBe(true);
    await release();
    expect(run).toHaveBeenCalledTimes(1);
    expect(takeHeldKey('go')).toBe(false);
  });

  it('repeats only commands that ask for it', async () => {
    const run = vi.fn();
    listen(run);
    await type(window, { key: 'g', code: 'KeyG', repeat: true });
    expect(run).not.toHaveBeenCalled();
    end();
    listen(run, { repeats: true });
    await type(window, { key: 'g', code: 'KeyG', repeat: true });
    expect(run).toHaveBeenCalledTimes(1);
  });
});

describe('the table of commands', () => {
  const modifiers = ['Ctrl', 'Alt', 'Shift'];

  it('names every command once, in kebab-case, with a title', () => {
    const ids = COMMANDS.map((entry) => entry.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const entry of COMMANDS) {
      expect(entry.id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(entry.title).toMatch(/^[A-Z0-9]/);
    }
  });

  it('writes shortcuts the way key presses spell them', () => {
    for (const shortcut of COMMANDS.flatMap((entry) => entry.shortcuts)) {
      const parts = shortcutParts(shortcut);
      const given = parts.slice(0, -1);
      expect(given).toEqual(modifiers.filter((modifier) => given.includes(modifier)));
      expect(parts.at(-1)).toMatch(/^([A-Z0-9]|[^\w\s]|F\d+|[A-Z][a-z]+([A-Z][a-z]+)?)$/);
    }
  });

  it('makes sense of nothing that needs a project while none is open', () => {
    const always = COMMANDS.filter((entry) => entry.when()).map((entry) => entry.id);
    expect(always.sort()).toEqual([
      'diagnostics',
      'models',
      'next-region',
      'palette',
      'previous-region',
      'shortcuts',
      'theme',
    ]);
  });

  it('prints keys by their caps', () => {
    expect(keyNames('Ctrl+Shift+ArrowLeft')).toEqual(['Ctrl', 'Shift', '←']);
    expect(keyNames('Ctrl++')).toEqual(['Ctrl', '+']);
  });
});
