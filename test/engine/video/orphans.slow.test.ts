import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder, testFfmpeg } from './clipFolder';
import { makeNumberedClip } from './numberedClip';

const folder = temporaryFolder();

/** Processes whose command line contains `text`. */
function processesWith(text: string): string[] {
  const { stdout } = spawnSync('ps', ['-eo', 'pid,args']);
  return stdout
    .toString()
    .split('\n')
    .filter((line) => line.includes(text) && !line.includes('ps -eo'));
}

/** A program that decodes, opens and previews a video all at once and never ends by itself. */
const PROGRAM = `
import { decodeFrames } from '#engine/video/decodeStream';
import { createFrameServer } from '#engine/video/frameServer';
import { findFfmpeg } from '#engine/video/findFfmpeg';
import { probeVideo } from '#engine/video/probe';
const [path, cacheDirectory] = process.argv.slice(-2);
(async () => {
  const ffmpeg = await findFfmpeg();
  const media = await probeVideo(path, { ffmpeg, decodeBudget: 0 });
  const server = createFrameServer({ media, ffmpeg, cacheDirectory, budgetBytes: 1e9 });
  void server.fill();
  void probeVideo(path, { ffmpeg, decodeBudget: Infinity });
  void (async () => {
    for await (const frame of decodeFrames({ media, ffmpeg, span: { from: 0, to: media.frameCount } })) {
      if (frame.frameIndex === 20) await new Promise(() => setTimeout(() => 0, 1e6));
    }
  })();
  setTimeout(() => console.log('working'), 600);
})();
`;

it.skipIf(process.platform === 'win32')(
  'an engine that is killed leaves no ffmpeg running',
  async () => {
    const recipe = {
      extension: 'mp4',
      frames: 900,
      width: 1280,
      height: 720,
      arguments: ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'],
    };
    const path = await makeNumberedClip(recipe, { folder, ffmpeg: await testFfmpeg(), name: 'orphan-watch' });
    const args = ['--import', 'tsx', '--input-type=module', '-e', PROGRAM, path, join(folder, 'cache')];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    expect(processesWith(`file:${path}`).length).toBeGreaterThanOrEqual(2);
    child.kill('SIGKILL');
    await once(child, 'exit');
    for (let waited = 0; waited < 50 && processesWith(`file:${path}`).length > 0; waited++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(processesWith(`file:${path}`)).toEqual([]);
  },
  120_000,
);
