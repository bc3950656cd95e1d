import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { sampleFile } from '../cli/terminal';

/** Runs ffmpeg with `args`. @throws Error with what it said when it fails */
export function ffmpeg(...args: string[]): void {
  const { status, stderr } = spawnSync('ffmpeg', ['-v', 'error', '-y', ...args]);
  if (status !== 0) throw new Error(`ffmpeg ${args.join(' ')}: ${stderr}`);
}

const ENCODE = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '16', '-an'];

/** Frames of the sample through `filter` (an ffmpeg filter chain), encoded as `name` in `folder`. */
export function fromSample(folder: string, name: string, filter: string, frames: number, ...more: string[]): string {
  const file = join(folder, name);
  if (!existsSync(file)) {
    ffmpeg('-i', sampleFile, '-vf', filter, '-frames:v', String(frames), ...ENCODE, ...more, file);
  }
  return file;
}

const schema = z.object({
  frames: z.array(
    z.object({
      frame: z.int(),
      people: z.array(
        z.object({
          id: z.number(),
          box: z.array(z.number()).nullable(),
          joints3d: z.array(z.array(z.number())),
          joints2d: z.array(z.array(z.number())),
        }),
      ),
    }),
  ),
});

/** People by id: the frames they are on. */
export function peopleOf(jointsFile: string): Map<number, number[]> {
  const people = new Map<number, number[]>();
  for (const { frame, people: found } of schema.parse(JSON.parse(readFileSync(jointsFile, 'utf8'))).frames) {
    for (const { id } of found) people.set(id, [...(people.get(id) ?? []), frame]);
  }
  return people;
}

/** Largest distance, as a share of the box height, that a joint lies outside the box of its person. */
export function farthestOutside(jointsFile: string): number {
  let farthest = 0;
  for (const { people } of schema.parse(JSON.parse(readFileSync(jointsFile, 'utf8'))).frames) {
    for (const { box, joints2d } of people) {
      const [x = 0, y = 0, width = 0, height = 1] = box ?? [];
      for (const [u = 0, v = 0] of joints2d) {
        const beyond = Math.max(x - u, u - x - width, y - v, v - y - height, 0);
        farthest = Math.max(farthest, beyond / height);
      }
    }
  }
  return farthest;
}
