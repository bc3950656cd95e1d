// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest';
import type { Command } from './command';
import { findCommand } from './keyboard';
import {
  holdersOf,
  isSingleKey,
  keysOf,
  keyStore,
  reservedReason,
  resetKeys,
  setSingleKeys,
  takeKey,
} from './keyBindings';

function command(id: string, ...shortcuts: string[]): Command {
  return { id, title: id, area: 'See', shortcuts, when: () => true, run: () => undefined };
}

const split = command('split', 'S');
const swap = command('swap', 'X');
const save = command('save', 'Ctrl+S');
const table = [split, swap, save];

function press(key: string, ctrlKey = false): Command | undefined {
  const code = `Key${key.toUpperCase()}`;
  return findCommand(table, { key, code, ctrlKey, metaKey: false, altKey: false, shiftKey: false }, false);
}

beforeEach(resetKeys);

describe('changed keys', () => {
  it('run the command that has them now, and are kept for the next visit', () => {
    takeKey(table, swap, 'S');
    expect(press('s')).toBe(swap);
    expect(press('x')).toBeUndefined();
    expect(keysOf(split)).toEqual([]);
    expect(JSON.parse(localStorage.getItem('retake.keys.1') ?? '')).toEqual({
      changed: { split: [], swap: ['S'] },
      singleKeys: true,
    });
  });

  it('name who has a key already', () => {
    expect(holdersOf(table, swap, 'S')).toEqual([split]);
    expect(holdersOf(table, split, 'S')).toEqual([]);
  });

  it('come back to what commands came with', () => {
    takeKey(table, swap, 'S');
    takeKey(table, swap, 'X');
    takeKey(table, split, 'S');
    expect(keyStore.getState().changed).toEqual({});
  });

  it('are refused where the browser keeps them', () => {
    expect(reservedReason('Ctrl+W')).toMatch(/closes the tab/);
    expect(reservedReason('W')).toBeUndefined();
  });
});

describe('single keys', () => {
  it('can be turned off, and the others go on', () => {
    setSingleKeys(false);
    expect(press('s')).toBeUndefined();
    expect(press('s', true)).toBe(save);
  });

  it('are letters, digits and signs without Ctrl and Alt', () => {
    const keys = ['S', 'Shift+S', '1', '/', '+', 'Ctrl+S', 'Ctrl++', 'Alt+P', 'Delete', 'Space', 'ArrowLeft'];
    expect(keys.filter(isSingleKey)).toEqual(['S', 'Shift+S', '1', '/', '+']);
  });
});
