import { readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Box } from '#core/tracks/box';
import type { ProjectSession } from '#engine/project/projectSession';
import { Workspace } from '#engine/workspace';
import { findRoot } from '#host/installation';
import { scratchFolder } from '../project/projects';

const root = findRoot(import.meta.dirname);
/** The sample clip. */
export const sample = join(root, 'resources', 'sample', 'sample.mp4');

interface Truth {
  frames: { people: { id: number; box: [number, number, number, number] }[] }[];
}
const truth = JSON.parse(readFileSync(join(root, 'resources', 'sample', 'sample-truth.json'), 'utf8')) as Truth;

/** Frames of the sample. */
export const frameCount = truth.frames.length;

/** The true box of a person (1 walks, 2 passes by) on a frame; undefined where there is none. */
export function truthBox(frame: number, id: number): Box | undefined {
  const box = truth.frames[frame]?.people.find((person) => person.id === id)?.box;
  return box && { x: box[0], y: box[1], width: box[2], height: box[3] };
}

/** The sample as a project of its own, in an engine that computes nothing. */
export async function openSample(
  data = realpathSync(scratchFolder()),
): Promise<{ session: ProjectSession; workspace: Workspace; data: string }> {
  const computeEntry = join(data, 'compute.mjs');
  writeFileSync(
    computeEntry,
    "import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => { throw new Error('computes nothing'); });",
  );
  const workspace = new Workspace({
    ...{ appVersion: '0', dataFolder: data, modelsFolder: data, computeEntry, roots: [] },
    defaultBodyFile: join(root, 'resources', 'body', 'default-body.bin'),
  });
  onTestFinished(() => workspace.stop());
  return { session: await workspace.openVideo(sample), workspace, data };
}
