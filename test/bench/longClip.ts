import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { availableParallelism, loadavg } from 'node:os';
import type { Measurement } from './measure';
import { type TreeUsage, treeUsage } from './processTree';

/** Frames of the sample on which one person is there alone; forth and back they make a clip of any length. */
const ALONE_FRAMES = 36;
const RATE = 30;
const SAMPLE_EVERY_MS = 250;

/** A made clip of one walking person, 1920 x 1080, 30 fps, H.264. @throws what ffmpeg says */
export function makeLongClip(ffmpeg: string, sample: string, seconds: number, file: string): void {
  const loop = `loop=${Math.ceil((seconds * RATE) / (2 * ALONE_FRAMES))}:${2 * ALONE_FRAMES}:0`;
  const filter = `trim=end_frame=${ALONE_FRAMES},split[a][b];[b]reverse[c];[a][c]concat,${loop},setpts=N/${RATE}/TB,scale=1920:1080`;
  const coding = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '20', '-pix_fmt', 'yuv420p'];
  const args = ['-loglevel', 'error', '-nostdin', '-y', '-i', sample, '-filter_complex', filter, '-r', `${RATE}`];
  const made = spawnSync(ffmpeg, [...args, '-t', `${seconds}`, ...coding, file], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`The clip could not be made: ${made.stderr || String(made.error)}`);
}

interface Watched {
  seconds: number;
  /** In order of time, one every quarter of a second. */
  usage: TreeUsage[];
}

/** Runs `retake run` in a process of its own and watches what it and its children use. */
function watchedRun(root: string, clip: string, out: string, quality: string): Promise<Watched> {
  const start = performance.now();
  const args = [join(root, 'bin', 'retake.mjs'), 'run', clip, '--out', out, '--quality', quality, '--export', 'joints'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const usage: TreeUsage[] = [];
  const timer = setInterval(() => {
    const now = child.pid === undefined ? undefined : treeUsage(child.pid);
    if (now) usage.push(now);
  }, SAMPLE_EVERY_MS);
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-2000);
  });
  return new Promise((resolve, reject) => {
    child.on('exit', (code) => {
      clearInterval(timer);
      if (code === 0) resolve({ seconds: (performance.now() - start) / 1000, usage });
      else reject(new Error(`retake run ended with ${code}: ${said}`));
    });
  });
}

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

/** Largest memory of the samples in a part of the time, 0 to 1. */
function peakWithin(usage: readonly TreeUsage[], from: number, to: number): number {
  const part = usage.slice(Math.floor(from * usage.length), Math.ceil(to * usage.length));
  return Math.max(0, ...part.map(({ residentBytes }) => residentBytes));
}

/** Speed and memory of a whole run of a made clip with one person, everything in a process of its own. */
export async function benchLongClip(
  root: string,
  clip: string,
  clipSeconds: number,
  out: string,
  quality: string,
): Promise<Measurement[]> {
  const { seconds, usage } = await watchedRun(root, clip, out, quality);
  const cpu = usage.at(-1)?.cpuSeconds;
  const cores = availableParallelism();
  const name = `${clipSeconds} s of 1080p, 30 fps, one person, ${quality}`;
  const speed: Measurement = {
    title: `Whole run, ${name}`,
    ratio: seconds / clipSeconds,
    meaning: 'times real time; 3 is the limit on 2 free cores',
    detail: [
      `${seconds.toFixed(1)} s, ${((clipSeconds * RATE) / seconds).toFixed(1)} frames/s`,
      cpu === undefined ? '' : `${cpu.toFixed(1)} s of processor time: ${(cpu / cores / clipSeconds).toFixed(2)} times`,
      cpu === undefined ? '' : `real time if ${cores} cores were free, load ${loadavg()[0]?.toFixed(1)}`,
    ]
      .filter(Boolean)
      .join(', '),
  };
  if (usage.length === 0) return [speed];
  const [early, late] = [peakWithin(usage, 0.15, 0.5), peakWithin(usage, 0.5, 1)];
  return [
    speed,
    {
      title: `Memory of that run`,
      ratio: late / early,
      meaning: 'second half over first half; 1 is flat',
      detail: `peak ${megabytes(peakWithin(usage, 0, 1))} with all threads and ffmpeg; the limit is 1,500 MB`,
    },
  ];
}
