import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { scratchFolder } from '../project/projects';
import { killAgainAndAgain } from './killing';

it('keeps every acknowledged edit when the editing process is killed', async () => {
  const root = join(scratchFolder(), 'clip.retake');
  mkdirSync(root);
  const counts = await killAgainAndAgain(root, 3, 7);
  expect(counts.mismatches).toEqual([]);
  expect(counts.acknowledged).toBeGreaterThan(5);
  expect(counts.found).toBe(counts.acknowledged);
}, 60_000);
