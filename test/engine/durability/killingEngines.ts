import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '#engine/project/projectFolder';
import type { ProjectSession } from '#engine/project/projectSession';
import { Workspace } from '#engine/workspace';
import { DIE_AT } from './dieAtWrite';
import { KilledData } from './killedData';
import type { Counts } from './killing';
import { type Act, configurationOf, type Life } from './life';
import { brokenExports } from './placedExports';
import type { Programs } from './programs';
import { roundOfKills } from './roundOfKills';
import { type Told, toldIn } from './toldLines';

/** Long enough for the slowest start on a busy machine; an engine that is quicker dies by its own hand before. */
const LATEST_MS = 20_000;
/** Changes of the disk within which an engine dies, by what it does. */
const CHANGES: Record<Act, number> = { run: 250, models: 60, tracks: 60, export: 90, kept: 300, everything: 400 };

/** Lets an engine live and reads what it told; it dies by its own hand at a change of the disk, or is killed late. */
function liveUntilKilled(program: string, life: Life, dieAt: number): Promise<{ told: Told[]; wasKilled: boolean }> {
  const child = spawn(process.execPath, [program, JSON.stringify(life)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, [DIE_AT]: String(dieAt) },
  });
  const late = setTimeout(() => child.kill('SIGKILL'), LATEST_MS);
  let text = '';
  child.stdout.on('data', (bytes: Buffer) => (text += bytes.toString('utf8')));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(late);
      if (code !== null && code !== 0)
        reject(new Error(`the engine ended by itself with ${code} (${JSON.stringify(life)})`));
      else resolve({ told: toldIn(text), wasKilled: signal === 'SIGKILL' });
    });
  });
}

/** What is compared of two projects: who is where, and their motion, whatever random ids they have. */
export function outcomeOf(session: ProjectSession): string {
  const people = session.document.people.map(({ id, segments, keyframes }) => {
    const { keys, poses, translations, betas, isFinal } = session.motion.get(id) ?? {};
    const arrays = [keys, poses, translations, betas].map((values) => (values ? [...values] : []));
    return JSON.stringify({ segments, keyframes, arrays, isFinal });
  });
  return createHash('sha256').update(people.sort().join('\n')).digest('hex').slice(0, 16);
}

/** Names that a killed process leaves and that nobody may find after the next opening. */
const HALF = /\.tmp$|^lock\..*\.(stale|new)$|^\.importing-|^\.retake-export-/;

export function halfFiles(data: string): string[] {
  return readdirSync(data, { recursive: true, encoding: 'utf8' }).filter((name) =>
    HALF.test(name.split(/[\\/]/).pop() ?? ''),
  );
}

function compareExports(data: string, told: readonly Told[], wrong: (what: string) => void): void {
  for (const line of told) {
    if (line.what !== 'export') continue;
    for (const name of line.names)
      if (!existsSync(join(line.folder, name)) && !name.includes('/')) wrong(`${name} is gone`);
  }
  for (const name of halfFiles(data)) wrong(`${name} was left`);
}

/** The project in a folder of projects, once it has a document. */
function projectBelow(projects: string): string | undefined {
  const [name] = existsSync(projects) ? readdirSync(projects).filter((entry) => entry.endsWith('.retake')) : [];
  const root = name === undefined ? undefined : join(projects, name);
  return root !== undefined && existsSync(projectFolder(root).document) ? root : undefined;
}

/** The same in a data folder, or in the folder of results of `retake run`. */
export function projectIn(place: string): string | undefined {
  return projectBelow(join(place, 'projects')) ?? projectBelow(place);
}

/** Kills whole engines that do one kind of thing, `kills` times, and compares what is there with what they told. */
export async function killEngines(
  folder: string,
  programs: Programs,
  { act, kills, seed }: { act: Act; kills: number; seed: number },
): Promise<Counts> {
  const { counts, next, born, wrong } = await roundOfKills(act, folder, programs, seed);
  const data = new KilledData(counts, wrong);
  let round = 0;
  const fresh = (): Life => ({ ...born, act, seed, data: join(folder, `data-${++round}`) });
  let life = fresh();
  let reference: string | undefined;
  if (act === 'run') reference = await undisturbed(programs, fresh());
  for (let lives = 0; counts.kills < kills && lives < kills * 4; lives++) {
    const dieAt = 1 + Math.floor(CHANGES[act] * next());
    const { told, wasKilled } = await liveUntilKilled(programs.engine, { ...life, seed: seed + lives }, dieAt);
    if (wasKilled) counts.kills += 1;
    data.hear(told, act === 'run');
    data.root = projectIn(life.data);
    if (data.root === undefined) continue;
    data.compareEdits(told);
    const workspace = new Workspace(configurationOf(life));
    try {
      const session = await workspace.openProjectFolder(data.root);
      data.compareOpened(session, told);
      data.compareFiles(workspace, session);
      compareExports(life.data, told, wrong);
      for (const what of brokenExports(projectFolder(data.root).exports)) wrong(what);
      life = { ...life, root: data.root };
      if (!told.some(({ what }) => what === 'ran') || act !== 'run') continue;
      if (outcomeOf(session) !== reference) wrong('a run that was killed and gone on with gave something else');
      life = fresh();
      data.forget();
    } finally {
      await workspace.stop();
    }
  }
  if (counts.kills < kills) wrong(`only ${counts.kills} of ${kills} engines could be killed`);
  return counts;
}

/** The outcome of a run that nobody disturbs. */
async function undisturbed(programs: Programs, life: Life): Promise<string> {
  await liveUntilKilled(programs.engine, life, 0);
  const root = projectIn(life.data);
  if (root === undefined) throw new Error('the undisturbed run made no project');
  const workspace = new Workspace(configurationOf(life));
  try {
    return outcomeOf(await workspace.openProjectFolder(root));
  } finally {
    await workspace.stop();
  }
}
