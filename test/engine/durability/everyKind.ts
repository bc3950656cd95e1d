import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Counts, emptyCounts, killAgainAndAgain } from './killing';
import { killEngines } from './killingEngines';
import { killServers } from './killingServers';
import { killTerminal } from './killingTerminal';
import type { Act } from './life';
import { buildPrograms } from './programs';

/** Kinds of work whose process is killed: one part of the engine, a whole engine, or a shell with all its threads and children. */
type Kind = Act | 'edit' | 'cli' | 'serve';

/** How many kills of 200 each kind of work gets: whole engines start slowly, and changes of the disk are what counts. */
const OF_200: Record<Kind, number> = {
  ...{ edit: 70, run: 26, export: 16, models: 14, tracks: 14, kept: 16, everything: 16 },
  ...{ cli: 14, serve: 14 },
};

/** Kills of each kind for `kills` in all, at least one each. */
export function kindsOf(kills: number): Record<Kind, number> {
  const kinds = { ...OF_200 };
  for (const kind of Object.keys(kinds) as Kind[]) {
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
    for (const [kind, count] of Object.entries(kindsOf(kills)) as [Kind, number][]) {
      const own = join(folder, kind);
      mkdirSync(own, { recursive: true });
      const root = join(own, 'clip.retake');
      if (kind === 'edit') mkdirSync(root);
      const counts =
        kind === 'edit'
          ? await killAgainAndAgain(programs.editor, root, count, seed)
          : kind === 'cli'
            ? await killTerminal(own, programs, { kills: count, seed })
            : kind === 'serve'
              ? await killServers(own, programs, { kills: count, seed })
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
