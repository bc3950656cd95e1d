import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { newActorSchema } from '#core/document/actor';
import { ActorStore } from './actorStore';

let folder: string;
let store: ActorStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'retake-actors-'));
  store = new ActorStore(join(folder, 'actors.json'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const shape = { bodyModel: 'retake-default-1', betas: [1, 0, -0.5, 0, 0, 0, 0, 0, 0, 0.25] };

it('keeps actors by name for the next one who asks', () => {
  expect(store.list()).toEqual([]);
  const second = store.save({ name: 'Zoe', ...shape });
  const first = store.save({ name: 'Ada', ...shape });
  expect(new ActorStore(join(folder, 'actors.json')).list()).toEqual([first, second]);
});

it('replaces one by its id and removes it', () => {
  const { id } = store.save({ name: 'Ada', ...shape });
  store.save({ id, name: 'Ada L.', ...shape });
  expect(store.list().map(({ name }) => name)).toEqual(['Ada L.']);
  store.remove(id);
  expect(store.list()).toEqual([]);
  expect(() => store.remove(id)).toThrow('not in the list');
  expect(() => store.save({ id, name: 'Ada', ...shape })).toThrow('not in the list');
});

it('never overwrites a file that it cannot read', () => {
  const path = join(folder, 'actors.json');
  writeFileSync(path, '{"version": 2, "actors": []}');
  expect(() => store.list()).toThrow('cannot be read');
  expect(() => store.save({ name: 'Ada', ...shape })).toThrow('cannot be read');
  expect(readFileSync(path, 'utf8')).toContain('"version": 2');
});

it('takes no shape that is none', () => {
  for (const wrong of [
    { ...shape, name: ' ' },
    { ...shape, name: 'a', betas: [1, 2] },
    { ...shape, name: 'a', betas: new Array(10).fill(Number.NaN) },
    { ...shape, name: 'a', betas: new Array(10).fill(99) },
    { ...shape, name: 'a', bodyModel: '' },
    { ...shape, name: 'a', id: '../a' },
  ]) {
    expect(newActorSchema.safeParse(wrong).success).toBe(false);
  }
});
