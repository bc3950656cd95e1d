import { readFile } from 'node:fs/promises';
import { validateBytes } from 'gltf-validator';
import { describe, expect, test } from 'vitest';
import type { ExportClip } from '#engine/export/exportClip';
import { exportAll, frameOf } from './exportToFolder';
import { evenTimes, syntheticClip, syntheticMotion, syntheticPerson, variableTimes } from './syntheticClip';
import { largestDistance, poseAt, readGlbWithThree, skinnedMeshes, worldVertices } from './threeReading';

async function written(clip: ExportClip, options: unknown = {}): Promise<Uint8Array> {
  const [file] = await exportAll('glb', clip, options);
  return new Uint8Array(await readFile(file?.path ?? ''));
}

function json(bytes: Uint8Array): Record<string, unknown> {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(12, true);
  return JSON.parse(new TextDecoder().decode(bytes.subarray(20, 20 + length)));
}

describe('GLB', () => {
  test.each([
    ['two people with a gap', () => syntheticClip(), {}],
    ['a variable rate', () => syntheticClip({ times: variableTimes(40) }), {}],
    ['resampled to 24', () => syntheticClip({ times: evenTimes(40, 30000, 1001) }), { fps: '24' }],
    [
      'one frame',
      () => syntheticClip({ times: evenTimes(1, 30), people: [syntheticPerson(1, '', syntheticMotion(1, 1))] }),
      { root: 'in-place' },
    ],
  ])('the Khronos validator has nothing to say: %s', async (_, clip, options) => {
    const report = await validateBytes(await written(clip(), options));
    expect(report.issues.messages).toEqual([]);
    expect(report.issues).toMatchObject({ numErrors: 0, numWarnings: 0, numInfos: 0, numHints: 0 });
    expect(report.info.animationCount).toBe(1);
  });

  test.each([
    ['even', evenTimes(40, 30000, 1001)],
    ['variable', variableTimes(40)],
  ])('three skins every vertex to where ours is, %s rate', async (_, times) => {
    const clip = syntheticClip({ times });
    const file = await readGlbWithThree(await written(clip));
    const meshes = skinnedMeshes(file.root);
    let largest = 0;
    for (const frameIndex of [0, 5, 14, 20, 39]) {
      const tick = times.timeBase.numerator / times.timeBase.denominator;
      poseAt(file, (times.pts[frameIndex]! - times.pts[0]!) * tick);
      for (const person of clip.people) {
        const frame = await frameOf(person, frameIndex, true);
        if (!frame.vertices) continue;
        const found = worldVertices(meshes.get(`${person.name}_Body`)!);
        largest = Math.max(
          largest,
          largestDistance(found, frame.vertices, (vertex) => vertex),
        );
      }
    }
    expect(largest).toBeGreaterThan(0);
    expect(largest).toBeLessThan(2e-5);
  });

  test('all channels share one time accessor, and quaternions keep their hemisphere', async () => {
    const content = json(await written(syntheticClip()));
    const animations = content['animations'];
    if (!Array.isArray(animations)) throw new Error('no animations');
    expect(animations.length).toBe(1);
    const inputs = animations[0].samplers.map((sampler: { input: number }) => sampler.input);
    expect(inputs.length).toBe(50);
    expect(new Set(inputs).size).toBe(1);
    const file = await readGlbWithThree(await written(syntheticClip()));
    for (const track of file.animations[0]?.tracks ?? []) {
      if (!track.name.endsWith('quaternion')) continue;
      for (let at = 4; at < track.values.length; at += 4) {
        let cosine = 0;
        for (let k = 0; k < 4; k++) cosine += track.values[at + k]! * track.values[at - 4 + k]!;
        expect(cosine).toBeGreaterThanOrEqual(0);
      }
    }
  });

  test('skinned meshes stand at the root of the scene; provenance, rate and units are in the asset', async () => {
    const content = json(await written(syntheticClip()));
    expect(content['asset']).toMatchObject({
      generator: 'Retake 0.1.0',
      version: '2.0',
      extras: {
        fps: 30,
        units: 'metre',
        retake: { source: { name: 'rooftop jump.mp4' }, frames: { first: 0, last: 39 }, samples: { resampled: false } },
      },
    });
    const nodes = content['nodes'];
    const scenes = content['scenes'];
    if (!Array.isArray(nodes) || !Array.isArray(scenes)) throw new Error('no nodes');
    nodes.forEach((node: { mesh?: number }, index: number) => {
      if (node.mesh !== undefined) expect(scenes[0].nodes).toContain(index);
    });
  });
});
