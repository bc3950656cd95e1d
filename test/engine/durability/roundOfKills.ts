import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findFfmpeg } from '#engine/video/findFfmpeg';
import { findInstallation, findRoot } from '#host/installation';
import { diceFrom } from '../project/randomEdits';
import { type Counts, emptyCounts } from './killing';
import type { Life } from './life';
import type { Programs } from './programs';

/** Frames of the clip that everybody works on. */
const FRAMES = 300;

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

/** What kills of one kind share. */
export interface RoundOfKills {
  counts: Counts;
  /** The next number of the dice, 0 to 1. */
  next: () => number;
  born: Awaited<ReturnType<typeof birthplace>>;
  /** Notes a mismatch. */
  wrong: (what: string) => void;
}

/** Begins kills of what `kind` names, in a folder of their own. */
export async function roundOfKills(
  kind: string,
  folder: string,
  programs: Programs,
  seed: number,
): Promise<RoundOfKills> {
  const counts = emptyCounts();
  const wrong = (what: string) => {
    counts.mismatches.push(`${kind}, kill ${counts.kills}, seed ${seed}: ${what}`);
  };
  const born = await birthplace(folder, programs);
  return { counts, next: diceFrom(seed), born, wrong };
}
