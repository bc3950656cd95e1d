import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brokenInvariants } from '#core/tracks/invariants';
import { projectFolder } from '#engine/project/projectFolder';
import type { ProjectSession } from '#engine/project/projectSession';
import { findFfmpeg } from '#engine/video/findFfmpeg';
import { Workspace } from '#engine/workspace';
import { findInstallation, findRoot } from '#host/installation';
import { documentOf } from '../project/documents';
import { diceFrom } from '../project/randomEdits';
import { DIE_AT } from './dieAtWrite';
import { digestOf } from './editor';
import { type Counts, digestsFrom, emptyCounts } from './killing';
import { type Act, configurationOf, type Life } from './life';
import { brokenExports } from './placedExports';
import type { Programs } from './programs';
import { type Told, toldIn } from './toldLines';

const FRAMES = 300;
/** Long enough for the slowest start on a busy machine; an engine that is quicker dies by its own hand before. */
const LATEST_MS = 20_000;
/** Changes of the disk within which an engine dies, by what it does. */
const CHANGES: Record<Act, number> = { run: 250, models: 60, tracks: 60, export: 90, everything: 400 };

const CONTAINERS = join(import.meta.dirname, '..', '..', 'fixtures', 'vibe', 'containers');

/** Boxes of two people on 40 frames, as MOTChallenge has them. */
function tracksText(): string {
  const lines = Array.from({ length: 40 }, (_, at) => [
    `${at + 1},1,${20 + at},30,40,90,1,-1,-1,-1`,
    `${at + 1},2,${220 - at},40,30,80,1,-1,-1,-1`,
  ]);
  return `${lines.flat().join('\n')}\n`;
}

/** Folders and files that all engines of a round of kills share. */
async function birthplace(folder: string, programs: Programs): Promise<Omit<Life, 'act' | 'seed' | 'data' | 'root'>> {
  mkdirSync(folder, { recursive: true });
  const video = join(folder, 'clip.avi');
  const { path } = await findFfmpeg({});
  const picture = ['-f', 'lavfi', '-i', `testsrc=size=320x180:rate=10`, '-frames:v', String(FRAMES)];
  execFileSync(path, ['-v', 'error', '-y', ...picture, '-c:v', 'mpeg4', '-q:v', '5', video]);
  const names = {
    'smpl_mean_params.npz': 'smpl_mean_params.npz',
    'vibe_tiny.zip.pth.tar': 'vibe_model.pth.tar',
    'smpl_tiny_py2_proto2.pkl': 'SMPL_NEUTRAL.pkl',
  };
  const modelFiles = Object.entries(names).map(([fixture, name]) => {
    copyFileSync(join(CONTAINERS, fixture), join(folder, name));
    return join(folder, name);
  });
  const tracksFile = join(folder, 'boxes.txt');
  writeFileSync(tracksFile, tracksText());
  const { modelsFolder, defaultBodyFile } = findInstallation(findRoot(import.meta.dirname)).configuration;
  return { video, modelFiles, tracksFile, modelsFolder, defaultBodyFile, computeEntry: programs.compute };
}

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
function outcomeOf(session: ProjectSession): string {
  const people = session.document.people.map(({ id, segments, keyframes }) => {
    const { keys, poses, translations, betas, isFinal } = session.motion.get(id) ?? {};
    const arrays = [keys, poses, translations, betas].map((values) => (values ? [...values] : []));
    return JSON.stringify({ segments, keyframes, arrays, isFinal });
  });
  return createHash('sha256').update(people.sort().join('\n')).digest('hex').slice(0, 16);
}

/** Names that a killed process leaves and that nobody may find after the next opening. */
const HALF = /\.tmp$|^lock\..*\.(stale|new)$|^\.importing-|^\.retake-export-/;

function halfFiles(data: string): string[] {
  return readdirSync(data, { recursive: true, encoding: 'utf8' }).filter((name) =>
    HALF.test(name.split(/[\\/]/).pop() ?? ''),
  );
}

/** One data folder whose engines are killed one after the other. */
class KilledData {
  root: string | undefined;
  private asked = new Set<string>();
  private observed = new Set<string>();
  private detected = 0;
  private solved = new Map<string, number>();

  constructor(
    private readonly counts: Counts,
    private readonly wrong: (what: string) => void,
  ) {}

  /** Notes what an engine told; what was kept before it must not have been asked for again. */
  hear(told: readonly Told[], isRun: boolean): void {
    const keptBefore = { observed: new Set(this.observed), detected: this.detected };
    for (const line of told) {
      if (line.what === 'detected') this.detected = line.frames;
      if (line.what === 'observed') this.observed.add(line.of);
      if (line.what === 'solved' && isRun) this.solved.set(line.person, line.rows);
      if (line.what !== 'asked') continue;
      this.asked.add(line.of);
      if (keptBefore.observed.has(line.of)) this.wrong(`${line.of.slice(0, 40)} was kept and asked again`);
      const frame = Number(/^detect (\d+)/.exec(line.of)?.[1] ?? Infinity);
      if (frame < keptBefore.detected) this.wrong(`frame ${frame} was searched again`);
    }
  }

  /** Compares the edits that were told with the journal as the killed engine left it. */
  compareEdits(told: readonly Told[]): void {
    if (this.root === undefined) return;
    const digests = digestsFrom(projectFolder(this.root), { seq: 0, document: this.first(this.root) });
    for (const line of told) {
      if (line.what !== 'edit') continue;
      this.counts.acknowledged += 1;
      if (digests.get(line.seq) === line.digest) this.counts.found += 1;
      else this.wrong(`edit ${line.seq} is ${digests.has(line.seq) ? 'another' : 'lost'}`);
    }
  }

  private firsts = new Map<string, ReturnType<typeof documentOf>>();

  /** The document that a project began with: journals of these short lives are never cut. */
  private first(root: string): ReturnType<typeof documentOf> {
    const known = this.firsts.get(root);
    if (known) return known;
    const now = JSON.parse(readFileSync(projectFolder(root).document, 'utf8')) as {
      document: ReturnType<typeof documentOf>;
    };
    const { settings, people: _people, nextNumber: _next, ...same } = now.document;
    const first = { ...same, settings, people: [], nextNumber: 1, name: 'clip' };
    this.firsts.set(root, first);
    return first;
  }

  /** Compares what the next engine finds with what was told. */
  compareOpened(session: ProjectSession, told: readonly Told[]): void {
    const { document, store, motion } = session;
    if (session.parts.readOnly) this.wrong(`opened for reading only: ${session.parts.readOnly.message}`);
    for (const what of brokenInvariants(document)) this.wrong(what);
    const last = told.findLast((line) => line.what === 'edit');
    if (last && store.seq < last.seq) this.wrong(`opened at ${store.seq} after ${last.seq} was acknowledged`);
    if (last && store.seq === last.seq && digestOf(document) !== last.digest) this.wrong('opened as another document');
    const { warnings } = session.snapshot();
    if (warnings.some((warning) => !warning.includes('last edit'))) this.wrong(warnings.join(' '));
    if (warnings.length > 0) this.counts.torn += 1;
    if (session.results().detectedFrames < this.detected)
      this.wrong(`only ${session.results().detectedFrames} of ${this.detected} searched frames are there`);
    for (const [person, rows] of this.solved) {
      const found = motion.get(person)?.keys.filter((key) => key !== 0).length ?? 0;
      if (found < rows) this.wrong(`${found} of ${rows} finished rows of a person are there`);
    }
  }

  forget(): void {
    this.root = undefined;
    this.asked.clear();
    this.observed.clear();
    this.detected = 0;
    this.solved.clear();
  }
}

function compareFiles(workspace: Workspace, data: string, told: readonly Told[], wrong: (what: string) => void): void {
  const parts = workspace.models.store.list();
  for (const { id, problem } of parts) if (problem !== undefined) wrong(`${id}: ${problem}`);
  const tracks = new Map(told.flatMap((line) => (line.what === 'tracks' ? [[line.path, line]] : [])));
  for (const path of tracks.keys()) if (!existsSync(path)) wrong(`${path} is gone`);
  for (const line of told) {
    if (line.what !== 'export') continue;
    for (const name of line.names)
      if (!existsSync(join(line.folder, name)) && !name.includes('/')) wrong(`${name} is gone`);
  }
  for (const name of halfFiles(data)) wrong(`${name} was left`);
}

/** Where projects of an engine are. */
function rootIn(data: string): string | undefined {
  const projects = join(data, 'projects');
  const [name] = existsSync(projects) ? readdirSync(projects).filter((entry) => entry.endsWith('.retake')) : [];
  const root = name === undefined ? undefined : join(projects, name);
  return root !== undefined && existsSync(projectFolder(root).document) ? root : undefined;
}

/** Kills whole engines that do one kind of thing, `kills` times, and compares what is there with what they told. */
export async function killEngines(
  folder: string,
  programs: Programs,
  { act, kills, seed }: { act: Act; kills: number; seed: number },
): Promise<Counts> {
  const counts = emptyCounts();
  const next = diceFrom(seed);
  const born = await birthplace(folder, programs);
  let round = 0;
  const fresh = (): Life => ({ ...born, act, seed, data: join(folder, `data-${++round}`) });
  let life = fresh();
  let reference: string | undefined;
  const wrong = (what: string) => counts.mismatches.push(`${act}, kill ${counts.kills}, seed ${seed}: ${what}`);
  const data = new KilledData(counts, wrong);
  if (act === 'run') reference = await undisturbed(programs, fresh());
  for (let lives = 0; counts.kills < kills && lives < kills * 4; lives++) {
    const dieAt = 1 + Math.floor(CHANGES[act] * next());
    const { told, wasKilled } = await liveUntilKilled(programs.engine, { ...life, seed: seed + lives }, dieAt);
    if (wasKilled) counts.kills += 1;
    data.hear(told, act === 'run');
    data.root = rootIn(life.data);
    if (data.root === undefined) continue;
    data.compareEdits(told);
    const workspace = new Workspace(configurationOf(life));
    try {
      const session = await workspace.openProjectFolder(data.root);
      data.compareOpened(session, told);
      compareFiles(workspace, life.data, told, wrong);
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
  const root = rootIn(life.data);
  if (root === undefined) throw new Error('the undisturbed run made no project');
  const workspace = new Workspace(configurationOf(life));
  try {
    return outcomeOf(await workspace.openProjectFolder(root));
  } finally {
    await workspace.stop();
  }
}
