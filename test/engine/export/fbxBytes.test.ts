import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { ExportClip } from '#engine/export/exportClip';
import { exportAll } from './exportToFolder';
import { child, objects, property, type ReadFile, type ReadNode, readFbx } from './fbxReader';
import { evenTimes, syntheticClip, syntheticMotion, syntheticPerson, variableTimes } from './syntheticClip';

async function written(clip: ExportClip = syntheticClip(), options: unknown = {}): Promise<ReadFile> {
  const [file] = await exportAll('fbx', clip, options);
  return readFbx(new Uint8Array(await readFile(file?.path ?? '')));
}

function numbers(node: ReadNode): number[] {
  const [value] = node.values;
  if (!Array.isArray(value)) throw new Error('no array');
  return value.map(Number);
}

function connections(file: ReadFile): { kind: string; child: bigint; parent: bigint; property: string }[] {
  return child(file, 'Connections').children.map(({ values }) => ({
    kind: String(values[0]),
    child: BigInt(String(values[1])),
    parent: BigInt(String(values[2])),
    property: String(values[3] ?? ''),
  }));
}

describe('container', () => {
  test('carries the three constants without which Autodesk programs load an empty scene', async () => {
    const file = await written();
    expect(file.version).toBe(7400);
    expect(child(file, 'CreationTime').values).toEqual(['1970-01-01 10:00:00:000']);
    expect(child(file, 'FileId').values).toEqual(['28b32aebb624ccc2bfc8b02aa92bfcf1']);
    expect(Buffer.from(file.foot.subarray(0, 16)).toString('hex')).toBe('fabcab09d0c8d466b176fb831cf7267e');
    expect(Buffer.from(file.foot.subarray(-16)).toString('hex')).toBe('f85a8c6adef5d97eece90ce3758f290b');
  });

  test('pads the footer to 16 bytes and repeats the version', async () => {
    const { foot, footOffset } = await written();
    const padding = 16 - ((footOffset + 20) % 16);
    expect(foot.length).toBe(20 + padding + 4 + 120 + 16);
    expect(new DataView(foot.buffer, foot.byteOffset).getUint32(20 + padding, true)).toBe(7400);
    expect((footOffset + 20 + padding) % 16).toBe(0);
  });

  test('counts every object in its definitions', async () => {
    const file = await written();
    const definitions = child(file, 'Definitions');
    const told = new Map(
      definitions.children
        .filter(({ name }) => name === 'ObjectType')
        .map((entry) => [String(entry.values[0]), child(entry, 'Count').values[0]]),
    );
    const found = new Map<string, number>([['GlobalSettings', 1]]);
    for (const { name } of child(file, 'Objects').children) found.set(name, (found.get(name) ?? 0) + 1);
    expect(Object.fromEntries(told)).toEqual(Object.fromEntries(found));
    expect(child(definitions, 'Count').values[0]).toBe([...found.values()].reduce((sum, count) => sum + count, 0));
  });

  test('gives every object an id of its own and connects only what exists', async () => {
    const file = await written();
    const ids = child(file, 'Objects').children.map(({ values }) => BigInt(String(values[0])));
    expect(new Set(ids).size).toBe(ids.length);
    const known = new Set([0n, ...ids]);
    for (const link of connections(file)) {
      expect(known.has(link.child)).toBe(true);
      expect(known.has(link.parent)).toBe(true);
    }
  });

  test('seals empty stacks, layers and references with a null record', async () => {
    const file = await written();
    expect(child(file, 'References').sealed).toBe(true);
    expect(objects(file, 'AnimationLayer')[0]?.node.sealed).toBe(true);
  });

  test('tells its provenance in the scene information and as a property of each armature', async () => {
    const file = await written();
    const comment = child(child(child(child(file, 'FBXHeaderExtension'), 'SceneInfo'), 'MetaData'), 'Comment')
      .values[0];
    const record = JSON.parse(String(comment));
    expect(record).toMatchObject({
      appVersion: '0.1.0',
      units: 'metre',
      frames: { first: 0, last: 39 },
      source: { name: 'rooftop jump.mp4', sampledSha256: 'cd'.repeat(32) },
      notMetric: ['Stature is assumed: 1.70 m'],
    });
    const armature = objects(file, 'Model').find(({ name }) => name === 'Jumper_Armature');
    expect(property(armature!.node, 'retake_provenance')[0]).toBe(comment);
    expect(child(child(child(file, 'FBXHeaderExtension'), 'CreationTimeStamp'), 'Year').values).toEqual([2026]);
  });
});

describe('axes, units and time', () => {
  test.each([
    ['blender', 100, 1],
    ['maya', 1, 100],
    ['unity', 1, 100],
    ['unreal', 1, 100],
  ])('%s: unit factor %d, values times %d, never a scaled bone', async (target, factor, scale) => {
    const clip = syntheticClip();
    const file = await written(clip, { target });
    const settings = child(file, 'GlobalSettings');
    for (const [name, value] of [
      ['UpAxis', 1],
      ['UpAxisSign', 1],
      ['FrontAxis', 2],
      ['FrontAxisSign', 1],
      ['CoordAxis', 0],
      ['CoordAxisSign', 1],
      ['UnitScaleFactor', factor],
      ['OriginalUnitScaleFactor', factor],
    ] as const) {
      expect([name, ...property(settings, name)]).toEqual([name, value]);
    }
    const person = clip.people[0]!;
    const geometry = objects(file, 'Geometry')[0]!.node;
    const vertices = numbers(child(geometry, 'Vertices'));
    expect(vertices.length).toBe(person.restVertices.length);
    expect(Math.min(...vertices.filter((_, at) => at % 3 === 1))).toBeCloseTo(0, 6);
    expect(vertices[3]! - vertices[0]!).toBeCloseTo((person.restVertices[3]! - person.restVertices[0]!) * scale, 4);
    for (const { node } of objects(file, 'Model')) expect(property(node, 'Lcl Scaling')).toEqual([1, 1, 1]);
  });

  test.each([
    [30, 1, 6, 1],
    [30000, 1001, 9, 1],
    [24000, 1001, 13, 1],
    [60000, 1001, 17, 1],
    [25, 1, 10, 1],
    [12, 1, 14, 1],
    [15, 2, 14, 1],
  ])('%d/%d fps is time mode %d, keys stand exactly on the frames', async (numerator, denominator, mode) => {
    const times = evenTimes(20, numerator, denominator);
    const clip = syntheticClip({ times, people: [syntheticPerson(1, 'A', syntheticMotion(20, 1))] });
    const file = await written(clip, { fps: 'source' });
    const settings = child(file, 'GlobalSettings');
    expect(property(settings, 'TimeMode')).toEqual([mode]);
    expect(property(settings, 'CustomFrameRate')).toEqual([numerator / denominator]);
    const curve = objects(file, 'AnimationCurve')[0]!.node;
    const keys = child(curve, 'KeyTime').values[0];
    const exact = Array.from({ length: 20 }, (_, k) => BigInt(Math.round((k * denominator * 46186158000) / numerator)));
    expect(keys).toEqual(exact);
    expect(property(objects(file, 'AnimationStack')[0]!.node, 'LocalStop')).toEqual([exact[19]]);
  });

  test('a variable rate keeps the times of the table', async () => {
    const times = variableTimes(20);
    const clip = syntheticClip({ times, people: [syntheticPerson(1, 'A', syntheticMotion(20, 1))] });
    const file = await written(clip, { fps: 'source' });
    const keys = child(objects(file, 'AnimationCurve')[0]!.node, 'KeyTime').values[0];
    expect(keys).toEqual(times.pts.map((pts) => BigInt(pts - 40) * 46186158n));
    expect(property(child(file, 'GlobalSettings'), 'TimeMode')).toEqual([14]);
  });

  test('Blender gets whole frames per second of a 29.97 clip', async () => {
    const clip = syntheticClip({ times: evenTimes(40, 30000, 1001) });
    const file = await written(clip);
    expect(property(child(file, 'GlobalSettings'), 'TimeMode')).toEqual([6]);
    const keys = numbers(child(objects(file, 'AnimationCurve')[0]!.node, 'KeyTime'));
    expect(keys.every((time, k) => time === (k * 46186158000) / 30)).toBe(true);
    expect(keys.length).toBe(40);
  });
});

describe('geometry and skin', () => {
  test('ends each polygon with a complement and keeps shared vertices', async () => {
    const clip = syntheticClip();
    const file = await written(clip);
    const geometry = objects(file, 'Geometry')[0]!.node;
    const indices = numbers(child(geometry, 'PolygonVertexIndex'));
    const faces = indices.map((value, at) => (at % 3 === 2 ? ~value : value));
    expect(indices.every((value, at) => (at % 3 === 2 ? value < 0 : value >= 0))).toBe(true);
    expect(faces).toEqual([...clip.people[0]!.faces]);
    expect(numbers(child(child(geometry, 'LayerElementNormal'), 'Normals')).length).toBe(faces.length * 3);
  });

  test('bind matrices agree: TransformLink, its inverse, bind pose, rest hierarchy', async () => {
    const file = await written();
    const models = new Map(objects(file, 'Model').map((model) => [model.id, model]));
    const parents = new Map(
      connections(file)
        .filter(
          ({ kind, child: id, parent }) => kind === 'OO' && models.has(id) && (parent === 0n || models.has(parent)),
        )
        .map((link) => [link.child, link.parent]),
    );
    const place = (id: bigint): number[] => {
      const model = models.get(id);
      if (!model) return [0, 0, 0];
      const above = place(parents.get(id) ?? 0n);
      return property(model.node, 'Lcl Translation').map((value, c) => Number(value) + above[c]!);
    };
    const bindPoses = objects(file, 'Pose').flatMap(({ node }) =>
      node.children
        .filter(({ name }) => name === 'PoseNode')
        .map((entry) => [BigInt(String(child(entry, 'Node').values[0])), numbers(child(entry, 'Matrix'))] as const),
    );
    const poses = new Map(bindPoses);
    const clusters = objects(file, 'Deformer').filter(({ type }) => type === 'Cluster');
    expect(clusters.length).toBe(48);
    for (const cluster of clusters) {
      const bone = connections(file).find(({ parent, child: id }) => parent === cluster.id && models.has(id))!.child;
      const link = numbers(child(cluster.node, 'TransformLink'));
      expect(poses.get(bone)).toEqual(link);
      const rest = place(bone);
      for (let c = 0; c < 3; c++) {
        expect(link[12 + c]).toBeCloseTo(rest[c]!, 9);
        expect(numbers(child(cluster.node, 'Transform'))[12 + c]).toBeCloseTo(-rest[c]!, 9);
      }
    }
  });

  test('weights of all clusters are those of the body', async () => {
    const clip = syntheticClip();
    const file = await written(clip);
    const person = clip.people[0]!;
    const sums = new Float64Array(person.restVertices.length / 3);
    const skin = objects(file, 'Deformer').find(({ type, name }) => type === 'Skin' && name === 'Jumper')!;
    const own = new Set(
      connections(file)
        .filter(({ parent }) => parent === skin.id)
        .map((link) => link.child),
    );
    for (const { node, id } of objects(file, 'Deformer')) {
      if (!own.has(id)) continue;
      const weights = numbers(child(node, 'Weights'));
      numbers(child(node, 'Indexes')).forEach((vertex, k) => {
        sums[vertex]! += weights[k]!;
      });
    }
    expect(Math.max(...sums.map((sum) => Math.abs(sum - 1)))).toBeLessThan(1e-6);
  });
});

describe('animation', () => {
  test('translation only on the pelvis, rotation on all joints, each key described by one shared attribute', async () => {
    const file = await written();
    const curveNodes = objects(file, 'AnimationCurveNode');
    expect(curveNodes.filter(({ name }) => name === 'T').length).toBe(2);
    expect(curveNodes.filter(({ name }) => name === 'R').length).toBe(48);
    const driven = connections(file).filter(({ property: name }) => name === 'Lcl Translation');
    const pelvis = objects(file, 'Model').filter(({ name }) => name.endsWith('Pelvis'));
    expect(driven.map(({ parent }) => parent)).toEqual(pelvis.map(({ id }) => id));
    for (const { node } of objects(file, 'AnimationCurve')) {
      expect(child(node, 'KeyAttrRefCount').values).toEqual([[40]]);
      expect(child(node, 'KeyAttrFlags').values).toEqual([[24836]]);
      expect(child(node, 'KeyVer').values).toEqual([4008]);
    }
    expect(objects(file, 'AnimationStack').length).toBe(1);
  });

  test('no rotation curve jumps', async () => {
    const clip = syntheticClip({ people: [syntheticPerson(1, 'A', syntheticMotion(40, 1))] });
    const file = await written(clip);
    for (const { node } of objects(file, 'AnimationCurve')) {
      const values = numbers(child(node, 'KeyValueFloat'));
      const steps = values.slice(1).map((value, k) => Math.abs(value - values[k]!));
      expect(Math.max(...steps)).toBeLessThan(100);
    }
  });
});

describe('people and names', () => {
  test('each skeleton hangs below an object of its own, bone names differ between people', async () => {
    const file = await written();
    const names = objects(file, 'Model').map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining(['Jumper_Armature', 'Passer_by_Armature', 'P1_Pelvis', 'P2_L_Wrist']));
    const nulls = objects(file, 'Model').filter(({ type }) => type === 'Null');
    const links = connections(file);
    for (const model of nulls) {
      expect(links.some(({ child: id, parent }) => id === model.id && parent === 0n)).toBe(true);
      expect(links.some(({ child: id, parent }) => id !== model.id && parent === model.id)).toBe(true);
    }
  });

  test('one person has plain bone names', async () => {
    const clip = syntheticClip();
    const file = await written({ ...clip, people: clip.people.slice(0, 1) }, { boneNames: 'humanik' });
    const bones = objects(file, 'Model').filter(({ type }) => type === 'LimbNode');
    expect(bones.map(({ name }) => name).slice(0, 3)).toEqual(['Hips', 'LeftUpLeg', 'RightUpLeg']);
  });

  test('Unreal gets a file per person with one root bone that carries the way over the ground', async () => {
    const clip = syntheticClip();
    const files = await exportAll('fbx', clip, { target: 'unreal' });
    expect(files.map(({ name }) => name)).toEqual([
      'clip_1-jumper.fbx',
      'clip_2-passer_by.fbx',
      'clip_fbx_retake.json',
    ]);
    const file = readFbx(new Uint8Array(await readFile(files[0]!.path)));
    const links = connections(file);
    const top = objects(file, 'Model').filter(({ id }) =>
      links.some((link) => link.child === id && link.parent === 0n),
    );
    expect(top.map(({ name, type }) => `${name} ${type}`).sort()).toEqual(['Jumper_Body Mesh', 'root LimbNode']);
    const curves = (bone: string, axis: string): number[] => {
      const model = objects(file, 'Model').find(({ name }) => name === bone)!;
      const curveNode = links.find(({ parent, property: name }) => parent === model.id && name === 'Lcl Translation')!;
      const curve = links.find(({ parent, property: name }) => parent === curveNode.child && name === `d|${axis}`)!;
      return numbers(
        child(objects(file, 'AnimationCurve').find(({ id }) => id === curve.child)!.node, 'KeyValueFloat'),
      );
    };
    expect(new Set(curves('root', 'Y'))).toEqual(new Set([0]));
    expect(new Set(curves('Pelvis', 'X')).size).toBe(1);
    expect(Math.max(...curves('root', 'X')) - Math.min(...curves('root', 'X'))).toBeGreaterThan(10);
  });

  test('a skeleton alone has no mesh, skin or material', async () => {
    const file = await written(syntheticClip(), { mesh: false });
    expect(objects(file, 'Geometry').length + objects(file, 'Deformer').length + objects(file, 'Material').length).toBe(
      0,
    );
    expect(objects(file, 'Model').filter(({ type }) => type === 'LimbNode').length).toBe(48);
  });
});
