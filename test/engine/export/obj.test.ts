import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Mesh, type Object3D } from 'three';
import { OBJLoader } from 'three/examples/jsm/loaders/OBJLoader.js';
import { describe, expect, test } from 'vitest';
import { exportAll, frameOf } from './exportToFolder';
import { syntheticBody, syntheticClip } from './syntheticClip';

function firstMesh(root: Object3D): Mesh {
  const found = root.children[0];
  if (!found || !('isMesh' in found)) throw new Error('no mesh');
  return found as Mesh;
}

describe('OBJ sequence', () => {
  test('one folder per person, numbered as the video, no hole, gaps repeat the mesh before', async () => {
    const clip = syntheticClip();
    const files = await exportAll('obj', clip);
    const names = files.map(({ name }) => name);
    expect(names.filter((name) => name.startsWith('clip_obj/1-jumper/jumper_')).length).toBe(40);
    const second = names.filter((name) => name.startsWith('clip_obj/2-passer_by/'));
    expect(second).toEqual(
      Array.from({ length: 30 }, (_, k) => `clip_obj/2-passer_by/passer_by_${String(k + 5).padStart(6, '0')}.obj`),
    );
    const text = async (frame: number): Promise<string> =>
      readFile(files.find(({ name }) => name.endsWith(`passer_by_0000${frame}.obj`))?.path ?? '', 'utf8');
    expect(await text(18)).toBe(await text(14));
    expect(await text(19)).not.toBe(await text(14));
  });

  test('frames without a body can be left out', async () => {
    const files = await exportAll('obj', syntheticClip(), { gaps: 'leave-out', normals: false });
    const second = files.filter(({ name }) => name.includes('passer_by'));
    expect(second.length).toBe(26);
    expect(await readFile(second[0]?.path ?? '', 'utf8')).toMatch(/\nf \d+ \d+ \d+\n/);
  });

  test("three's OBJLoader finds our vertices, correctives included, in our order", async () => {
    const clip = syntheticClip({ body: syntheticBody(true) });
    const person = clip.people[0]!;
    const files = await exportAll('obj', clip);
    for (const frameIndex of [0, 17, 39]) {
      const path = files.find(({ name }) => name.endsWith(`jumper_${String(frameIndex).padStart(6, '0')}.obj`))?.path;
      const text = await readFile(path ?? '', 'utf8');
      const mesh = firstMesh(new OBJLoader().parse(text));
      expect(mesh.name).toBe('Jumper_Body');
      const found = mesh.geometry.getAttribute('position');
      const { vertices } = await frameOf(person, frameIndex, true);
      expect(found.count).toBe(person.faces.length);
      for (let corner = 0; corner < found.count; corner++) {
        const vertex = person.faces[corner]!;
        expect(Math.abs(found.getX(corner) - vertices![vertex * 3]!)).toBeLessThan(1e-6);
        expect(Math.abs(found.getY(corner) - vertices![vertex * 3 + 1]!)).toBeLessThan(1e-6);
      }
      const lines = text.split('\n');
      expect(lines.filter((line) => line.startsWith('v ')).length).toBe(144);
      for (const line of lines.filter((entry) => /^vn? /.test(entry)))
        expect(line).toMatch(/^vn?( -?\d+\.\d{4,6}){3}$/);
      expect(lines.find((line) => line.startsWith('f '))).toMatch(/^f (\d+)\/\/\1 (\d+)\/\/\2 (\d+)\/\/\3$/);
    }
  });

  test('the second export of a shorter range replaces the folder as a whole, not file by file', async () => {
    const clip = syntheticClip();
    const files = await exportAll('obj', clip);
    const folder = dirname(dirname(dirname(files[0]!.path)));
    const { runExport } = await import('#engine/export/runExport');
    const { findExporter } = await import('#engine/export/registry');
    const running = runExport(
      findExporter('obj'),
      { ...clip, span: { from: 0, to: 3 }, people: clip.people.slice(0, 1) },
      {},
      { folder, baseName: 'clip', ifExists: 'overwrite' },
      new AbortController().signal,
    );
    while (!(await running.next()).done);
    expect(await readdir(join(folder, 'clip_obj', '1-jumper'))).toHaveLength(3);
    expect((await readdir(folder)).sort()).toEqual(['clip_obj', 'clip_obj_retake.json']);
  });
});
