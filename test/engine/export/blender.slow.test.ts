import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import type { BodyModel } from '#core/body/bodyModel';
import { loadDefaultBody } from '#engine/bodymodel/defaultBody';
import type { ExportClip } from '#engine/export/exportClip';
import { exportAll, frameOf } from './exportToFolder';
import { evenTimes, syntheticClip, syntheticMotion, syntheticPerson } from './syntheticClip';

interface Told {
  fps: number;
  objects: { name: string; type: string; scale: number[]; parent: string | null }[];
  armatures: Record<string, string[]>;
  actions: { name: string; range: number[]; offGrid: number }[];
  vertices: Record<string, number[]>;
}

const SCRIPT = fileURLToPath(new URL('./readInBlender.py', import.meta.url));
/** Set RETAKE_BLENDER to check against another Blender. */
const program = process.env['RETAKE_BLENDER'] ?? 'blender';
const hasBlender = spawnSync(program, ['--version']).status === 0;
if (!hasBlender) console.warn('skipped: no Blender on PATH or in RETAKE_BLENDER');

/** What Blender says of a file; frames are Blender's own, key 0 stands on frame 1. Undefined where it cannot read it. */
function inBlender(path: string, frames: readonly number[]): Told | undefined {
  const ran = spawnSync(program, ['-b', '--factory-startup', '--python', SCRIPT, '--', path, JSON.stringify(frames)], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  const line = ran.stdout.split('\n').find((text) => text.startsWith('TOLD '));
  if (line !== undefined) return JSON.parse(line.slice(5));
  if (`${ran.stdout}${ran.stderr}`.includes("No module named 'numpy'")) return undefined;
  throw new Error(`${ran.stdout}\n${ran.stderr}`);
}

/** Largest distance in m of Blender's vertices (z up, front -y) from ours (y up, front +z). */
async function difference(told: Told, clip: ExportClip, keys: readonly number[], offset: number): Promise<number> {
  let largest = 0;
  for (const key of keys) {
    for (const person of clip.people) {
      const { present, vertices } = await frameOf(person, key, true);
      if (!present || !vertices) continue;
      const found = told.vertices[`${person.name}_Body@${key + offset}`];
      expect(found?.length).toBe(vertices.length);
      for (let at = 0; at < vertices.length; at += 3) {
        const [x = 0, y = 0, z = 0] = found?.slice(at, at + 3) ?? [];
        largest = Math.max(largest, Math.hypot(x - vertices[at]!, z - vertices[at + 1]!, -y - vertices[at + 2]!));
      }
    }
  }
  return largest;
}

describe.skipIf(!hasBlender)('real Blender with the default body', () => {
  let body: BodyModel;
  let clip: ExportClip;
  const keys = [0, 7, 20, 39];

  beforeAll(async () => {
    const whole = await loadDefaultBody(
      fileURLToPath(new URL('../../../resources/body/default-body.bin', import.meta.url)),
    );
    // Plain skinning is what FBX and GLB promise.
    body = { ...whole, poseCorrectives: [] };
    clip = syntheticClip({ body });
  });

  test('FBX: one armature each, scale 1, 30 fps, keys on frames, every vertex in place', async () => {
    const [file] = await exportAll('fbx', clip);
    const told = inBlender(
      file?.path ?? '',
      keys.map((key) => key + 1),
    );
    if (!told) throw new Error('Blender read nothing');
    expect(told.fps).toBe(30);
    expect(Object.keys(told.armatures).sort()).toEqual(['Jumper_Armature', 'Passer_by_Armature']);
    for (const bones of Object.values(told.armatures)) expect(bones.length).toBe(24);
    for (const { scale } of told.objects) for (const value of scale) expect(value).toBeCloseTo(1, 6);
    expect(
      told.objects
        .filter(({ type }) => type === 'MESH')
        .map(({ parent }) => parent)
        .sort(),
    ).toEqual(['Jumper_Armature', 'Passer_by_Armature']);
    for (const action of told.actions) {
      expect(action.range).toEqual([1, 40]);
      expect(action.offGrid).toBeLessThan(1e-4);
    }
    const largest = await difference(told, clip, keys, 1);
    console.info(`Blender, FBX: largest vertex difference ${(largest * 1000).toFixed(4)} mm, ${file?.bytes} bytes`);
    expect(largest).toBeLessThan(1e-4);
  }, 120_000);

  test('FBX: 29.97 fps becomes 30 with keys on whole frames', async () => {
    const broadcast = syntheticClip({ body, times: evenTimes(40, 30000, 1001) });
    const [file] = await exportAll('fbx', broadcast);
    const told = inBlender(file?.path ?? '', []);
    expect(told?.fps).toBe(30);
    for (const action of told?.actions ?? []) expect(action.offGrid).toBeLessThan(1e-4);
  }, 120_000);

  test('GLB: every vertex in place', async () => {
    const [file] = await exportAll('glb', clip);
    const told = inBlender(file?.path ?? '', keys);
    if (!told) return console.warn('skipped: this Blender has no numpy, which its glTF reader needs');
    expect(Object.values(told.armatures).map((bones) => bones.length)).toEqual([24, 24]);
    const largest = await difference(told, clip, keys, 0);
    console.info(`Blender, GLB: largest vertex difference ${(largest * 1000).toFixed(4)} mm, ${file?.bytes} bytes`);
    expect(largest).toBeLessThan(1e-4);
  }, 120_000);

  test('OBJ: upright, facing the front view, with correctives', async () => {
    const whole = await loadDefaultBody(
      fileURLToPath(new URL('../../../resources/body/default-body.bin', import.meta.url)),
    );
    const corrected = syntheticClip({
      body: whole,
      times: evenTimes(8, 30),
      people: [syntheticPerson(1, 'Jumper', syntheticMotion(8, 1))],
    });
    const files = await exportAll('obj', corrected);
    const told = inBlender(files[7]?.path ?? '', [7]);
    if (!told) throw new Error('Blender read nothing');
    const largest = await difference(told, corrected, [7], 0);
    console.info(`Blender, OBJ: largest vertex difference ${(largest * 1000).toFixed(4)} mm, ${files[7]?.bytes} bytes`);
    expect(largest).toBeLessThan(1e-4);
  }, 120_000);
});
