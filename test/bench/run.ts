import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { launchRun } from '#engine/pipeline/startRun';
import { findFfmpeg } from '#engine/video/findFfmpeg';
import { Workspace } from '#engine/workspace';
import { findInstallation } from '#host/installation';
import { makeCrowdProject } from './crowdProject';
import { benchDecode } from './decode';
import { benchDrag } from './drag';
import { benchImport } from './importModels';
import { benchLongClip, makeLongClip } from './longClip';
import type { Measurement } from './measure';
import { benchMeshes } from './meshes';
import { benchPipeline } from './pipeline';
import { benchRerun, RERUN_FRAMES } from './rerun';
import { benchSeek } from './seek';
import { benchSeekInPage } from './seekPage';
import { benchVibe } from './vibe';

// npm run bench [-- PART... VIDEO]: ratios of one run, on the sample or on a video of yours. Needs a built checkout (npm run
// setup). Without names of parts all of them; `--long` adds peak memory on a 10-minute clip, half an hour on 2 free cores
// (a third of it with `--quality fast`).
// `vibe` measures VIBE's networks only, with synthetic weights; against PyTorch where a Python has it.
const ROOT = join(import.meta.dirname, '..', '..');
const PARTS = ['decode', 'pipeline', 'seek', 'page', 'drag', 'meshes', 'models', 'vibe', 'rerun', 'minute'];
/** Parts that look at the video itself. */
const OF_VIDEO = ['decode', 'pipeline', 'seek', 'page'];
const MINUTE = 60;

const { values, positionals } = parseArgs({
  options: { long: { type: 'boolean' }, seconds: { type: 'string' }, quality: { type: 'string', default: 'best' } },
  allowPositionals: true,
});
const named = positionals.filter((word) => PARTS.includes(word));
const chosen = new Set(named.length > 0 || values.long ? named : PARTS);
const data = mkdtempSync(join(tmpdir(), 'retake-bench-'));
const { configuration } = findInstallation(ROOT, data);
const video = positionals.find((word) => !PARTS.includes(word)) ?? configuration.sampleFile;

function print({ title, ratio, meaning, detail }: Measurement): void {
  process.stdout.write(`${title}\n  ${ratio === undefined ? '' : `${ratio.toFixed(2)} (${meaning})\n  `}${detail}\n`);
}

/** Decoding, the whole run and jumps, in this process. Leaves a finished project in the data folder. */
async function benchEngine(path: string): Promise<{ frameCount: number; bodies: number[] }> {
  const workspace = new Workspace({ ...configuration, roots: [] });
  try {
    const session = await workspace.openVideo(path, {});
    const { media, ffmpeg } = session.parts;
    if (chosen.has('decode')) print(await benchDecode(media, ffmpeg));
    if (chosen.has('pipeline')) for (const measured of await benchPipeline(workspace, session)) print(measured);
    else if (chosen.has('seek') || chosen.has('page')) await launchRun(session, { scope: 'missing' }).ended;
    if (chosen.has('seek')) print(await benchSeek(workspace, session));
    const shown = session.document.people.filter((person) => person.foldedBecause === undefined);
    const bodies = Array.from(
      { length: media.frameCount },
      (_, frame) => shown.filter(({ id }) => session.motion.get(id)?.present[frame] === 1).length,
    );
    return { frameCount: media.frameCount, bodies };
  } finally {
    await workspace.stop();
  }
}

/** A rerun after an edit, on the sample looped. */
async function benchEdited(): Promise<Measurement[]> {
  const { sampleFile } = configuration;
  if (!sampleFile) throw new Error('The sample is not there.');
  const clip = join(data, 'edited.mp4');
  makeLongClip((await findFfmpeg()).path, sampleFile, RERUN_FRAMES / 30, clip);
  const workspace = new Workspace({ ...configuration, roots: [] });
  try {
    return await benchRerun(await workspace.openVideo(clip, {}));
  } finally {
    await workspace.stop();
  }
}

/** Dragging in a project of many people and frames, in a data folder of its own so that the page opens that one. */
async function benchCrowd(): Promise<Measurement[]> {
  const folder = join(data, 'crowd');
  mkdirSync(folder);
  const workspace = new Workspace({ ...findInstallation(ROOT, folder).configuration, roots: [] });
  try {
    await makeCrowdProject(workspace, (await findFfmpeg()).path, data);
  } finally {
    await workspace.stop();
  }
  return benchDrag(ROOT, folder);
}

/** Importing checkpoints, into the data folder. */
async function benchModels(): Promise<Measurement[]> {
  const workspace = new Workspace({ ...configuration, roots: [] });
  try {
    return await benchImport(workspace);
  } finally {
    await workspace.stop();
  }
}

/** A made clip of one person, in a process of its own, so that its memory and processor time are its own. */
async function benchMade(seconds: number, quality: string): Promise<void> {
  const { sampleFile } = configuration;
  if (!sampleFile) throw new Error('The sample is not there.');
  const clip = join(data, `made-${seconds}.mp4`);
  const ffmpeg = await findFfmpeg();
  makeLongClip(ffmpeg.path, sampleFile, seconds, clip);
  for (const measured of await benchLongClip(ROOT, clip, seconds, join(data, `out-${seconds}`), quality))
    print(measured);
}

async function main(): Promise<void> {
  if (!video || !existsSync(video)) throw new Error('There is no video to measure: npm run bench -- VIDEO');
  process.stdout.write(`${video}\nLoad before: ${loadavg()[0]?.toFixed(2)}\n`);
  try {
    if (OF_VIDEO.some((part) => chosen.has(part))) {
      const { frameCount, bodies } = await benchEngine(video);
      if (chosen.has('page')) print(await benchSeekInPage(ROOT, data, frameCount, (frame) => bodies[frame] ?? 0));
    }
    if (chosen.has('drag')) for (const measured of await benchCrowd()) print(measured);
    if (chosen.has('meshes')) for (const measured of await benchMeshes()) print(measured);
    if (chosen.has('models')) for (const measured of await benchModels()) print(measured);
    if (chosen.has('vibe')) for (const measured of await benchVibe()) print(measured);
    if (chosen.has('rerun')) for (const measured of await benchEdited()) print(measured);
    if (chosen.has('minute')) await benchMade(Number(values.seconds ?? MINUTE), values.quality);
    if (values.long) await benchMade(10 * MINUTE, values.quality);
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
  process.stdout.write(`Load after: ${loadavg()[0]?.toFixed(2)}\n`);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
