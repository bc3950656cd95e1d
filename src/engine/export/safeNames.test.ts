import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asciiName, safeFileName, safePersonNames } from './safeNames';

describe('asciiName', () => {
  test.each([
    ['Jumper', 'Jumper'],
    ['Passer-by', 'Passer_by'],
    ['Zoë Müller', 'Zoe_Muller'],
    ['Łukasz Straße', 'Lukasz_Strasse'],
    ['mixamo:Hips.001', 'mixamo_Hips_001'],
    ['2nd man', 'P2nd_man'],
    ['日本', ''],
    ['  ', ''],
  ])('%j becomes %j', (text, name) => {
    expect(asciiName(text)).toBe(name);
  });
});

describe('safePersonNames', () => {
  test('unusable names become the number, equal ones are told apart', () => {
    const people = ['日本', 'Ann', 'ann', 'Ann', '', 'Ann Armature'].map((title, k) => ({ title, number: k + 1 }));
    expect(safePersonNames(people)).toEqual(['Person1', 'Ann', 'ann_2', 'Ann_3', 'Person5', 'Ann_Armature_2']);
  });

  test('any names give safe ones that differ without regard to case', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 12 }), (titles) => {
        const names = safePersonNames(titles.map((title, k) => ({ title, number: k + 1 })));
        expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(titles.length);
        for (const name of names) expect(name).toMatch(/^[A-Za-z][A-Za-z0-9_]*$/);
      }),
    );
  });
});

describe('safeFileName', () => {
  test('leaves room for endings in the 255 bytes of a file name, and cuts no letter in two', () => {
    for (const letter of ['走', '𠮷', 'a', 'é']) {
      const name = safeFileName(letter.repeat(300));
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(160);
      expect(name).toBe(letter.repeat(Math.min(80, Math.floor(160 / Buffer.byteLength(letter)))));
    }
  });

  test.each([
    ['Rooftop jump', 'Rooftop jump'],
    ['Отпуск 2024', 'Отпуск 2024'],
    ['../../etc/passwd', 'etc-passwd'],
    ['-rf', 'rf'],
    ['a "quoted" name?', 'a -quoted- name'],
    ['CON', 'CON_'],
    ['...', 'motion'],
    ['', 'motion'],
  ])('%j becomes %j', (text, name) => {
    expect(safeFileName(text)).toBe(name);
  });

  test('is never empty, never a path, and stays when it is safe', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const name = safeFileName(text);
        expect(name).not.toMatch(/[/\\:*?"<>|\p{Cc}]|^[-.\s]|[.\s]$|^$/u);
        expect(safeFileName(name)).toBe(name);
      }),
    );
  });
});
