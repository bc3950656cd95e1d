import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Workspace } from '#engine/workspace';
import { findInstallation } from '#host/installation';
import { benchDecode } from './decode';
import type { Measurement } from './measure';
import { benchMeshes } from './meshes';
import { benchPipeline } from './pipeline';
import { benchSeek } from './seek';
import { benchVibe } from './vibe';

// npm run bench [-- VIDEO | -- meshes | -- vibe]: ratios of one run, on the sample or on a video of yours. Needs a built checkout (npm run setup).
// `vibe` measures VIBE's networks only, with synthetic weights; against PyTorch where a Python has it.
const ROOT = join(import.meta.dirname, '..', '..');
const data = mkdtempSync(join(tmpdir(), 'retake-bench-'));
const { configuration } = findInstallation(ROOT, data);
const video = process.argv[2] ?? configuration.sampleFile;

async function bench(path: string): Promise<Measurement[]> {
  const workspace = new Workspace({ ...configuration, roots: [] });
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 200);
  try {
    const session = await workspace.openVideo(path, {});
    const { media, ffmpeg } = session.parts;
    const decode = await benchDecode(media, ffmpeg);
    const pipeline = await benchPipeline(workspace, session);
    const seek = await benchSeek(workspace, session);
    const memory = {
      title: 'Peak memory of the process',
      meaning: 'all threads',
      detail: `${Math.round(peak / 1e6)} MB`,
    };
    return [decode, ...pipeline, seek, memory];
  } finally {
    clearInterval(watch);
    await workspace.stop();
    rmSync(data, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  if (process.argv[2] === 'meshes') return report(await benchMeshes());
  if (process.argv[2] === 'vibe') return report(await benchVibe());
  if (!video || !existsSync(video)) throw new Error('There is no video to measure: npm run bench -- VIDEO');
  process.stdout.write(`${video}\nLoad before: ${loadavg()[0]?.toFixed(2)}\n`);
  report([...(await bench(video)), ...(await benchMeshes()), ...(await benchVibe())]);
}

function report(measurements: readonly Measurement[]): void {
  for (const { title, ratio, meaning, detail } of measurements) {
    process.stdout.write(`${title}\n  ${ratio === undefined ? '' : `${ratio.toFixed(2)} (${meaning})\n  `}${detail}\n`);
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
