import { expect, it } from 'vitest';
import { exactMeshes } from './exactMeshes';
import { ComputeLanes } from './lanes';
import type { ComputeTaskName, ComputeTasks } from './task';

/** Answers each frame with one vertex: its first pose number, its first beta, its depth. */
class EchoLanes extends ComputeLanes {
  readonly asked: number[] = [];

  constructor() {
    super('nowhere', { modelsFolder: '', userModelsFolder: '', defaultBodyFile: '', networkThreads: 1 }, 1);
  }

  override run<Name extends ComputeTaskName>(_task: Name, input: ComputeTasks[Name]['input']) {
    const { poses, betas, translations, frames } = input as ComputeTasks['vertices']['input'];
    this.asked.push(frames);
    const positions = new Float32Array(frames * 3);
    for (let row = 0; row < frames; row++) {
      const beta = betas[betas.length === frames * 10 ? row * 10 : 0]!;
      positions.set([poses[row * 72]!, beta, translations[row * 3 + 2]!], row * 3);
    }
    return Promise.resolve(positions as ComputeTasks[Name]['output']);
  }
}

function requestOf(frames: number, betasOf: (row: number) => number, shapes: number) {
  const poses = new Float32Array(frames * 72);
  const translations = new Float32Array(frames * 3);
  const betas = new Float32Array(shapes * 10);
  for (let row = 0; row < frames; row++) {
    poses[row * 72] = row;
    translations[row * 3 + 2] = row * 2;
    if (row < shapes) betas[row * 10] = betasOf(row);
  }
  return { bodyModel: 'any', betas, poses, translations, frames };
}

it('shares many frames between the mesh threads and keeps their order', async () => {
  const lanes = new EchoLanes();
  const meshes = await exactMeshes(
    lanes,
    requestOf(70, (row) => row + 0.5, 70),
  );
  expect(lanes.asked).toEqual([35, 35]);
  expect(meshes.map((mesh) => [...mesh])).toEqual(Array.from({ length: 70 }, (_, row) => [row, row + 0.5, row * 2]));
});

it('asks one thread for few frames, with one shape for all', async () => {
  const lanes = new EchoLanes();
  const meshes = await exactMeshes(
    lanes,
    requestOf(20, () => 7, 1),
  );
  expect(lanes.asked).toEqual([20]);
  expect(meshes.map((mesh) => mesh[1])).toEqual(new Array(20).fill(7));
  expect(
    await exactMeshes(
      lanes,
      requestOf(0, () => 7, 1),
    ),
  ).toEqual([]);
});
