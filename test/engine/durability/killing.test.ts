import { expect, it } from 'vitest';
import { scratchFolder } from '../project/projects';
import { killEveryKind, kindsOf } from './everyKind';

it('keeps what was acknowledged and leaves nothing half, whatever is killed', async () => {
  const seed = 7;
  console.log(`seed ${seed}`);
  const counts = await killEveryKind(scratchFolder(), 10, seed);
  expect(counts.mismatches).toEqual([]);
  expect(counts.kills).toBe(10);
  expect(counts.acknowledged).toBeGreaterThan(5);
  expect(counts.found).toBe(counts.acknowledged);
}, 120_000);

it('shares kills out to every kind of work', () => {
  const { edit, ...whole } = kindsOf(200);
  expect(edit + Object.values(whole).reduce((sum, count) => sum + count, 0)).toBe(200);
  expect(whole.run + whole.export + whole.models + whole.tracks).toBeGreaterThan(30);
  expect(Math.min(...Object.values(kindsOf(10)))).toBe(1);
});
