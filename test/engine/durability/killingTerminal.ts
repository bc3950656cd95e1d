import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { settleExports } from '#engine/export/placing';
import { Workspace } from '#engine/workspace';
import { DIE_AT } from './dieAtWrite';
import { KilledData } from './killedData';
import type { Counts } from './killing';
import { halfFiles, outcomeOf, projectIn } from './killingEngines';
import { configurationOf } from './life';
import { brokenExports } from './placedExports';
import { type Ended, startGroup } from './processGroup';
import type { Programs } from './programs';
import { roundOfKills } from './roundOfKills';

/** Changes of the disk within which a call dies. */
const CHANGES = 160;

/** With fewer kills there is no time to see calls come to the same end. */
const SHORT = 4;
const UNKNOWN = { outcome: '', milliseconds: 0 };

/** Files that a call of `retake run --json` said were written. */
function toldFiles(output: string): string[] {
  return output.split('\n').flatMap((line) => {
    if (!line.endsWith('}')) return [];
    const { file, files } = JSON.parse(line) as { file?: string; files?: string[] };
    return files ?? (file === undefined ? [] : [file]);
  });
}

/**
 * Kills the real `retake run` with its threads and children, `kills` times: at changes of the disk and at any moment, with
 * people searched and with boxes given. What it said was written must be there, the project whole, and the same call must
 * come to the same end as one that nobody disturbed.
 */
export async function killTerminal(
  folder: string,
  programs: Programs,
  { kills, seed }: { kills: number; seed: number },
): Promise<Counts> {
  const { counts, next, born, wrong } = await roundOfKills('cli', folder, programs, seed);
  const configuration = configurationOf({ ...born, act: 'run', seed, data: join(folder, 'data') });
  const outcomes = new Map<boolean, { outcome: string; milliseconds: number }>();
  let round = 0;

  const call = async (out: string, isGiven: boolean, dieAt: number, killAfter?: number): Promise<Ended> => {
    mkdirSync(out, { recursive: true });
    const environment = {
      RETAKE_DATA: configuration.dataFolder,
      RETAKE_MODELS: configuration.modelsFolder,
      [DIE_AT]: String(dieAt),
    };
    const args = [
      'run',
      born.video,
      '--out',
      out,
      '--export',
      'obj,joints',
      '--frames',
      '0-5',
      '--if-exists',
      'overwrite',
      '--json',
    ];
    const boxes = isGiven ? ['--boxes', born.tracksFile] : [];
    const group = startGroup(['--import', programs.dieAtWrite, programs.cli, ...args, ...boxes], environment);
    const timer = killAfter === undefined ? undefined : setTimeout(group.kill, killAfter);
    const ended = await group.ended;
    clearTimeout(timer);
    if (!ended.wasKilled && ended.code !== 0) throw new Error(`retake ended with ${ended.code}: ${ended.output}`);
    return ended;
  };

  const outcomeIn = async (out: string, told: readonly string[]): Promise<string | undefined> => {
    const root = projectIn(out);
    const data = new KilledData(counts, wrong);
    await settleExports(out);
    for (const path of told) if (!existsSync(path)) wrong(`${path} was said to be written and is gone`);
    for (const what of brokenExports(out, (name) => name.endsWith('.retake'))) wrong(what);
    if (root === undefined) return undefined;
    const workspace = new Workspace(configuration);
    try {
      const session = await workspace.openProjectFolder(root);
      data.compareOpened(session, []);
      for (const name of halfFiles(out)) wrong(`${name} was left`);
      return outcomeOf(session);
    } finally {
      await workspace.stop();
    }
  };

  const undisturbed = async (isGiven: boolean) => {
    const known = outcomes.get(isGiven);
    if (known) return known;
    const out = join(folder, `undisturbed-${isGiven}`);
    const start = Date.now();
    const { output } = await call(out, isGiven, 0);
    const made = { outcome: (await outcomeIn(out, toldFiles(output))) ?? '', milliseconds: Date.now() - start };
    outcomes.set(isGiven, made);
    return made;
  };

  while (counts.kills < kills) {
    const out = join(folder, `out-${++round}`);
    const isGiven = round % 2 === 0;
    const isShort = kills < SHORT;
    const { outcome, milliseconds } = isShort ? UNKNOWN : await undisturbed(isGiven);
    for (let isDone = false; !isDone && !(isShort && counts.kills >= kills); ) {
      const isByWrite = isShort || next() < 0.6;
      const isLast = counts.kills >= kills;
      const dieAt = isByWrite && !isLast ? 1 + Math.floor(CHANGES * next()) : 0;
      const killAfter = isByWrite || isLast ? undefined : milliseconds * next();
      const ended = await call(out, isGiven, dieAt, killAfter);
      if (ended.wasKilled) counts.kills += 1;
      isDone = !ended.wasKilled;
      const found = await outcomeIn(out, toldFiles(ended.output));
      if (isDone && !isShort && found !== outcome) wrong('a call that was killed and made again gave something else');
      if (isDone && readdirSync(out).length < 4) wrong('a call that came to its end exported less');
    }
  }
  return counts;
}
