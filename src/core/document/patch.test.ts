import fc from 'fast-check';
import { enablePatches, produceWithPatches } from 'immer';
import { describe, expect, it } from 'vitest';
import { applyPatches, type Patch } from './patch';

enablePatches();

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Place = Json[] | { [key: string]: Json };

const keys = fc.constantFrom('a', 'b', 'people', 'frame', 'x y', '0');
const { tree } = fc.letrec<{ tree: Json }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(fc.integer(), fc.string({ maxLength: 3 }), fc.boolean(), fc.constant(null)),
    fc.array(tie('tree'), { maxLength: 5 }),
    fc.dictionary(keys, tie('tree'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));
const roots = fc.dictionary(keys, tree, { minKeys: 1, maxKeys: 5, noNullPrototype: true });

/** Where to go (a number a level) and what to do there. */
const steps = fc.array(
  fc.record({
    way: fc.array(fc.nat(20), { maxLength: 4 }),
    what: fc.constantFrom('set', 'delete', 'push', 'insert', 'shift', 'truncate', 'reverse'),
    key: keys,
    at: fc.nat(6),
    value: tree,
  }),
  { minLength: 1, maxLength: 6 },
);

function isPlace(value: unknown): value is Place {
  return typeof value === 'object' && value !== null;
}

function walk(root: Place, way: readonly number[]): Place {
  let place = root;
  for (const turn of way) {
    const inner = Object.values(place).filter(isPlace);
    const next = inner[turn % Math.max(1, inner.length)];
    if (!next) return place;
    place = next;
  }
  return place;
}

function change(root: Place, list: typeof steps extends fc.Arbitrary<infer Steps> ? Steps : never): void {
  for (const { way, what, key, at, value } of list) {
    const place = walk(root, way);
    if (!Array.isArray(place)) {
      if (what === 'delete') delete place[key];
      else place[key] = value;
    } else if (what === 'push' || what === 'set') place.push(value);
    else if (what === 'insert') place.splice(at, 0, value);
    else if (what === 'shift') place.shift();
    else if (what === 'truncate') place.length = Math.min(at, place.length);
    else if (what === 'reverse') place.reverse();
    else place.splice(at, 1);
  }
}

describe('patches', () => {
  it('do what immer says they do, forwards and back, also after a way through JSON', () => {
    fc.assert(
      fc.property(roots, steps, (root, list) => {
        const before = structuredClone(root);
        const [after, patches, inverse] = produceWithPatches(root, (draft: Place) => change(draft, list));
        const sent = JSON.parse(JSON.stringify(patches)) as Patch[];
        const sentBack = JSON.parse(JSON.stringify(inverse)) as Patch[];
        expect(applyPatches(root, patches)).toEqual(after);
        expect(applyPatches(root, sent)).toEqual(after);
        expect(applyPatches(applyPatches(root, sent), sentBack)).toEqual(before);
        expect(root).toEqual(before);
      }),
      { numRuns: 400 },
    );
  });

  it('shares what they do not touch', () => {
    const root = { people: [{ name: 'a' }, { name: 'b' }], settings: { q: 1 } };
    const next = applyPatches(root, [{ op: 'replace', path: ['people', 1, 'name'], value: 'c' }]);
    expect(next.people[0]).toBe(root.people[0]);
    expect(next.settings).toBe(root.settings);
    expect(next.people[1]).toEqual({ name: 'c' });
  });

  it('replaces the whole', () => {
    expect(applyPatches({ a: 1 }, [{ op: 'replace', path: [], value: { b: 2 } }])).toEqual({ b: 2 });
  });

  it.each<[string, Patch]>([
    ['__proto__ as the way', { op: 'add', path: ['__proto__', 'polluted'], value: 1 }],
    ['__proto__ as the end', { op: 'add', path: ['__proto__'], value: { polluted: 1 } }],
    ['constructor', { op: 'replace', path: ['constructor', 'prototype', 'polluted'], value: 1 }],
    ['an array by __proto__', { op: 'add', path: ['list', '__proto__', 'polluted'], value: 1 }],
    ['an inherited method', { op: 'add', path: ['toString', 'polluted'], value: 1 }],
    ['a place below a number', { op: 'add', path: ['n', 'x'], value: 1 }],
    ['a missing place', { op: 'add', path: ['gone', 'x'], value: 1 }],
    ['an index behind the end', { op: 'replace', path: ['list', 5], value: 1 }],
    ['a huge index', { op: 'replace', path: ['list', 4294967294], value: 1 }],
    ['a negative index', { op: 'remove', path: ['list', -1] }],
    ['an index that is a word', { op: 'add', path: ['list', 'x'], value: 1 }],
    ['an index that is no whole number', { op: 'add', path: ['list', 0.5], value: 1 }],
    ['the removal of nothing', { op: 'remove', path: ['list', 2] }],
    ['a longer length', { op: 'replace', path: ['list', 'length'], value: 1e9 }],
    ['a length that is no number', { op: 'replace', path: ['list', 'length'], value: '0' }],
    ['the way through a length', { op: 'replace', path: ['list', 'length', 'x'], value: 0 }],
  ])('refuse %s and leave everything as it is', (_, patch) => {
    const root = { list: [1, 2], n: 1 };
    expect(() => applyPatches(root, [patch])).toThrow(RangeError);
    expect(root).toEqual({ list: [1, 2], n: 1 });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
