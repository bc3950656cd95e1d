import { spawnSync } from 'node:child_process';
import { chmod, copyFile, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ExportClip } from '#engine/export/exportClip';
import { exportAll, frameOf, temporaryFolder } from './exportToFolder';
import { evenTimes, syntheticClip, syntheticMotion, syntheticPerson } from './syntheticClip';
import {
  largestDistance,
  poseAt,
  readFbxWithThree,
  readGlbWithThree,
  skinnedMeshes,
  type ThreeFile,
  worldVertices,
} from './threeReading';

/** Frames that are compared: ends, middle, and the second person's gap border. */
const FRAMES = [0, 5, 14, 19, 27, 39];

async function compare(
  file: ThreeFile,
  clip: ExportClip,
  match: (person: number, vertex: number) => number,
  scale = 1,
): Promise<number> {
  let largest = 0;
  const meshes = skinnedMeshes(file.root);
  expect([...meshes.keys()].sort()).toEqual(clip.people.map(({ name }) => `${name}_Body`).sort());
  for (const frameIndex of FRAMES) {
    poseAt(file, (frameIndex * clip.rate.denominator) / clip.rate.numerator);
    for (const [index, person] of clip.people.entries()) {
      const frame = await frameOf(person, frameIndex, true);
      if (!frame.present || !frame.vertices) continue;
      const mesh = meshes.get(`${person.name}_Body`);
      if (!mesh) throw new Error(`no mesh of ${person.name}`);
      const found = worldVertices(mesh);
      largest = Math.max(
        largest,
        largestDistance(found, frame.vertices, (v) => match(index, v), scale),
      );
    }
  }
  return largest;
}

async function exported(clip: ExportClip, options: unknown = {}): Promise<{ path: string; bytes: Uint8Array }> {
  const [file] = await exportAll('fbx', clip, options);
  const path = file?.path ?? '';
  return { path, bytes: new Uint8Array(await readFile(path)) };
}

describe("three's FBXLoader", () => {
  test.each([
    ['blender', 1],
    ['maya', 0.01],
  ])('%s preset: two people, every vertex where it belongs', async (target, scale) => {
    const clip = syntheticClip();
    const file = readFbxWithThree((await exported(clip, { target })).bytes);
    expect(file.animations.map(({ name }) => name)).toEqual(['Rooftop_jump']);
    expect(file.animations[0]?.duration).toBeCloseTo(39 / 30, 6);
    const largest = await compare(file, clip, (person, corner) => clip.people[person]!.faces[corner]!, scale);
    expect(largest).toBeLessThan(1e-4);
  });

  test('29.97 fps from the source keeps its own times', async () => {
    const clip = syntheticClip({ times: evenTimes(40, 30000, 1001) });
    const file = readFbxWithThree((await exported(clip, { fps: 'source' })).bytes);
    const largest = await compare(file, clip, (person, corner) => clip.people[person]!.faces[corner]!);
    expect(largest).toBeLessThan(1e-4);
  });
});

/**
 * Autodesk's SDK (2019.2) inside the fbx2gltf package: FBX in, GLB out. Its exit code is 0 even for an empty scene, so
 * what it wrote is looked at. Undefined where no binary runs.
 */
async function throughSdk(path: string): Promise<Uint8Array | undefined> {
  const platform = { linux: 'Linux/FBX2glTF', darwin: 'Darwin/FBX2glTF' }[String(process.platform)];
  const folder = dirname(createRequire(import.meta.url).resolve('fbx2gltf/package.json'));
  if (platform === undefined || process.arch !== 'x64') return undefined;
  const work = await temporaryFolder();
  const program = join(work, 'FBX2glTF');
  await copyFile(join(folder, 'bin', platform), program);
  await chmod(program, 0o755);
  const out = join(work, 'sdk.glb');
  const ran = spawnSync(program, ['--input', path, '--output', out, '--binary', '--anim-framerate', 'bake30']);
  if (ran.error) return undefined;
  expect(ran.status).toBe(0);
  return new Uint8Array(await readFile(out));
}

/** Our vertex for each vertex of the converted file, by rest position: the converter splits and reorders vertices. */
function matchByRest(file: ThreeFile, clip: ExportClip): number[][] {
  const meshes = skinnedMeshes(file.root);
  return clip.people.map((person) => {
    const mesh = meshes.get(`${person.name}_Body`);
    const stored = mesh?.geometry.getAttribute('position');
    // The SDK brings a file in metres to centimetres by scaling root objects by 100; the tool then divides by 100.
    const scale = mesh?.scale.x ?? 1;
    const lift = -Math.min(...person.restVertices.filter((_, at) => at % 3 === 1));
    return Array.from({ length: stored?.count ?? 0 }, (_, vertex) => {
      let best = -1;
      let nearest = 1e-4;
      for (let candidate = 0; candidate * 3 < person.restVertices.length; candidate++) {
        const distance = Math.hypot(
          (stored?.getX(vertex) ?? 0) * scale - person.restVertices[candidate * 3]!,
          (stored?.getY(vertex) ?? 0) * scale - person.restVertices[candidate * 3 + 1]! - lift,
          (stored?.getZ(vertex) ?? 0) * scale - person.restVertices[candidate * 3 + 2]!,
        );
        if (distance < nearest) [best, nearest] = [candidate, distance];
      }
      return best;
    });
  });
}

describe("Autodesk's FBX SDK", () => {
  test.each(['blender', 'maya'])('%s preset: loads people, skin and motion in metres', async (target) => {
    const clip = syntheticClip();
    const converted = await throughSdk((await exported(clip, { target })).path);
    if (!converted) return console.warn('skipped: fbx2gltf has no binary for this machine');
    const file = await readGlbWithThree(converted);
    expect(file.animations.length).toBe(1);
    expect(file.animations[0]?.duration).toBeCloseTo(39 / 30, 3);
    const matches = matchByRest(file, clip);
    expect(matches.flat().every((vertex) => vertex >= 0)).toBe(true);
    expect(matches.map((list) => new Set(list).size)).toEqual([144, 144]);
    const largest = await compare(file, clip, (person, vertex) => matches[person]![vertex]!);
    expect(largest).toBeLessThan(1e-4);
  });

  test('unreal preset: one skeleton with the root bone on top', async () => {
    const clip = syntheticClip({ people: [syntheticPerson(1, 'A', syntheticMotion(40, 1))] });
    const converted = await throughSdk((await exported(clip, { target: 'unreal' })).path);
    if (!converted) return console.warn('skipped: fbx2gltf has no binary for this machine');
    const file = await readGlbWithThree(converted);
    const matches = matchByRest(file, clip);
    expect(await compare(file, clip, (person, vertex) => matches[person]![vertex]!)).toBeLessThan(1e-4);
    expect(file.root.getObjectByName('root')?.children.map(({ name }) => name)).toEqual(['Pelvis']);
  });
});
