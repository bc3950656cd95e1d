import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Counts, emptyCounts, killAgainAndAgain } from './killing';
import { killEngines } from './killingEngines';
import type { Act } from './life';
import { buildPrograms } from './programs';

/** How many kills of 200 each kind of work gets: whole engines start slowly, and changes of the disk are what counts. */
const OF_200: Record<Act | 'edit', number> = { edit: 110, run: 24, export: 20, models: 16, tracks: 14, everything: 16 };

/** Kills of each kind for `kills` in all, at least one each. */
export function kindsOf(kills: number): Record<Act | 'edit', number> {
  const kinds = { ...OF_200 };
  for (const kind of Object.keys(kinds) as (Act | 'edit')[]) {
    kinds[kind] = Math.max(1, Math.floor((OF_200[kind] * kills) / 200));
  }
  const { edit: _edit, ...whole } = kinds;
  kinds.edit = Math.max(1, kills - Object.values(whole).reduce((sum, count) => sum + count, 0));
  return kinds;
}

/** Kills processes of every kind below `folder`; `onKind` hears of each kind when it is done. */
export async function killEveryKind(
  folder: string,
  kills: number,
  seed: number,
  onKind: (kind: string, counts: Counts) => void = () => undefined,
): Promise<Counts> {
  const all = emptyCounts();
  const programs = await buildPrograms();
  try {
    for (const [kind, count] of Object.entries(kindsOf(kills)) as [Act | 'edit', number][]) {
      const own = join(folder, kind);
      mkdirSync(own, { recursive: true });
      const root = join(own, 'clip.retake');
      if (kind === 'edit') mkdirSync(root);
      const counts =
        kind === 'edit'
          ? await killAgainAndAgain(programs.editor, root, count, seed)
          : await killEngines(own, programs, { act: kind, kills: count, seed });
      onKind(kind, counts);
      for (const name of ['kills', 'acknowledged', 'found', 'ahead', 'torn'] as const) all[name] += counts[name];
      all.mismatches.push(...counts.mismatches);
    }
  } finally {
    rmSync(programs.folder, { recursive: true, force: true });
  }
  return all;
}
