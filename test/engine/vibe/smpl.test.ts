import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { BodyModel } from '#core/body/bodyModel';
import { rotationsFromAxisAngles } from '#core/body/kinematics';
import { evaluateReference } from '#core/body/reference';
import { AppError } from '#core/errors';
import { readSmpl, smplGenderOf, smplOfCheckpoint } from '#engine/bodymodel/smpl/readSmpl';
import { encodeSmplBody, loadSmplBody, parseSmplBody } from '#engine/bodymodel/smplBodyFile';
import { TorchTensor } from '#engine/weights/torch/torchTensor';
import { STORAGE_TYPES } from '#engine/weights/torch/torchTypes';
import { largestDifference, readExpected } from '../../fixtures/vibe/expected';
import {
  ruleFaces,
  ruleJointRegressor,
  ruleKintree,
  rulePosedirs,
  ruleShapedirs,
  ruleTemplate,
  ruleWeights,
  SMPL_VERTEX_COUNT,
} from '../../fixtures/vibe/smplArrays';
import { npzBytes } from '../../fixtures/vibe/writeNpz';

const containers = new URL('../../fixtures/vibe/containers/', import.meta.url);
const read = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(name, containers)));

type Arrays = Record<string, readonly [ArrayBufferView, readonly number[]]>;

const V = SMPL_VERTEX_COUNT;

/** The synthetic SMPL as an npz file with doubles, like the official one. */
function syntheticArrays(): Arrays {
  return {
    v_template: [ruleTemplate(), [V, 3]],
    shapedirs: [ruleShapedirs(), [V, 3, 10]],
    posedirs: [rulePosedirs(), [V, 3, 207]],
    J_regressor: [ruleJointRegressor().dense, [24, V]],
    weights: [ruleWeights(), [V, 24]],
    kintree_table: [ruleKintree(), [2, 24]],
    f: [ruleFaces(), [13776, 3]],
  };
}

const TINY = [
  'smpl_tiny_py2_proto2.pkl',
  'smpl_tiny_py2_proto0.pkl',
  'smpl_tiny_py2_select_proto2.pkl',
  'smpl_tiny_chumpy_py3_proto4.pkl',
  'smpl_tiny_plain_py3_proto2.pkl',
  'smpl_tiny_plain_py3_proto3.pkl',
  'smpl_tiny_plain_py3_proto4.pkl',
  'smpl_tiny_plain_py3_proto5.pkl',
];

interface TensorDescription {
  data: number[];
}

const tinyExpected = (
  JSON.parse(new TextDecoder().decode(read('expected_containers.json'))) as {
    smpl_tiny_lbs: Record<'pose' | 'betas' | 'verts' | 'joints24', TensorDescription>;
  }
).smpl_tiny_lbs;

function posed(
  body: BodyModel,
  pose: ArrayLike<number>,
  betas: ArrayLike<number>,
): ReturnType<typeof evaluateReference> {
  return evaluateReference(body, {
    betas: Float64Array.from(betas),
    rotations: rotationsFromAxisAngles(Float64Array.from(pose)),
  });
}

function sentenceOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof AppError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'nothing wrong';
}

describe('a SMPL model', () => {
  it('of full size poses as the original code does on all 16 cases (1e-5 m)', () => {
    const body = readSmpl(npzBytes(syntheticArrays()), 'neutral', 'synthetic.npz');
    const expected = readExpected('expected_smpl.npz');
    const [poses, betas, vertices, joints] = ['pose', 'betas', 'verts_f32', 'joints45_f64'].map(expected);
    for (let at = 0; at < 16; at++) {
      const result = posed(body, poses!.slice(at * 72, at * 72 + 72), betas!.slice(at * 10, at * 10 + 10));
      expect(largestDifference(result.vertices, vertices!.slice(at * V * 3, (at + 1) * V * 3))).toBeLessThan(1e-5);
      expect(largestDifference(result.joints, joints!.slice(at * 135, at * 135 + 72))).toBeLessThan(1e-5);
    }
    expect(body.id).toMatch(/^smpl-neutral-[0-9a-f]{12}$/);
  });

  it.each(TINY)('in %s poses as the original code does (1e-5 m), every skin weight kept', (name) => {
    const body = readSmpl(read(name), 'male', name);
    const { pose, betas, verts, joints24 } = tinyExpected;
    for (let at = 0; at < 2; at++) {
      const result = posed(body, pose.data.slice(at * 72, at * 72 + 72), betas.data.slice(at * 10, at * 10 + 10));
      expect(largestDifference(result.vertices, verts.data.slice(at * 120, at * 120 + 120))).toBeLessThan(1e-5);
      expect(largestDifference(result.joints, joints24.data.slice(at * 72, at * 72 + 72))).toBeLessThan(1e-5);
    }
    expect(body.skin.influences).toBeGreaterThan(4);
    expect(body.mirror).toHaveLength(40);
  });

  it('has one id whatever file it comes from, and another for another gender', () => {
    const ids = new Set(TINY.map((name) => readSmpl(read(name), 'male', name).id));
    expect(ids.size).toBe(1);
    expect(readSmpl(read(TINY[0]!), 'female', 'f').id).toBe([...ids][0]?.replace('male', 'female'));
  });

  it('comes out of its body file exactly as it went in', async () => {
    const body = readSmpl(read(TINY[0]!), 'male', TINY[0]!);
    const bytes = encodeSmplBody(body, { source: 'test' });
    const folder = mkdtempSync(join(tmpdir(), 'retake-smpl-'));
    writeFileSync(join(folder, 'body.bin'), bytes);
    // It names the file that it came out of, too.
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(await loadSmplBody(join(folder, 'body.bin'), 'SMPL neutral')).toEqual({ ...body, sha256 });
    // An import can be made good by importing again, not by installing again.
    writeFileSync(join(folder, 'cut.bin'), bytes.slice(0, 200));
    for (const name of ['cut.bin', 'none.bin']) {
      await expect(loadSmplBody(join(folder, name), 'SMPL neutral')).rejects.toMatchObject({
        code: 'BODY_INVALID',
        hint: 'Remove SMPL neutral on the models page and import its SMPL file again.',
      });
    }
    rmSync(folder, { recursive: true });
    for (const end of [0, 20, 200, bytes.length - 8]) {
      expect(sentenceOf(() => parseSmplBody(bytes.slice(0, end)))).toMatch(/^BODY_INVALID/);
    }
  });

  it('is told by its file name', () => {
    expect(
      [
        'basicModel_neutral_lbs_10_207_0_v1.0.0.pkl',
        'basicmodel_m_lbs_10_207_0_v1.1.0.pkl',
        'basicModel_f_lbs_10_207_0_v1.0.0.pkl',
        'C:\\male\\SMPL_FEMALE.npz',
        'model.pkl',
      ].map(smplGenderOf),
    ).toEqual(['neutral', 'male', 'female', 'female', undefined]);
  });
});

/** Synthetic arrays of few vertices: everything of the right shape, for what can be wrong with a file. */
function smallArrays(vertices = 8): Arrays {
  const weights = new Float64Array(vertices * 24);
  for (let vertex = 0; vertex < vertices; vertex++) weights[vertex * 24 + (vertex % 24)] = 1;
  return {
    v_template: [Float64Array.from({ length: vertices * 3 }, (_, k) => k / 100), [vertices, 3]],
    shapedirs: [Float64Array.from({ length: vertices * 36 }, (_, k) => k % 12), [vertices, 3, 12]],
    posedirs: [new Float64Array(vertices * 621), [vertices, 3, 207]],
    J_regressor: [new Float64Array(24 * vertices).fill(1 / vertices), [24, vertices]],
    weights: [weights, [vertices, 24]],
    kintree_table: [ruleKintree(), [2, 24]],
    f: [Uint32Array.of(0, 1, 2, 2, 1, 3), [2, 3]],
  };
}

describe('a file that is no SMPL model', () => {
  const bad = (change: Partial<Arrays>): string => {
    const arrays = Object.fromEntries(
      Object.entries({ ...smallArrays(), ...change }).filter(
        (entry): entry is [string, Arrays[string]] => entry[1] !== undefined,
      ),
    );
    return sentenceOf(() => readSmpl(npzBytes(arrays), 'neutral', 'x.npz'));
  };
  const halved = new Float64Array(8 * 24).fill(0.5 / 24);
  const holed = Float64Array.from({ length: 24 }, (_, k) => (k === 5 ? NaN : k));
  const otherTree = ruleKintree().map((parent, k) => (k === 5 ? 1 : parent));

  it('is read when nothing is wrong, with its first ten shape components', () => {
    const body = readSmpl(npzBytes(smallArrays()), 'neutral', 'x.npz');
    expect([body.shapeCount, [...body.shapeDirections.subarray(24 * 9, 24 * 9 + 3)]]).toEqual([10, [9, 9, 9]]);
  });

  it.each<[string, Partial<Record<string, Arrays[string] | undefined>>, RegExp]>([
    ['SMPL-X', { weights: [new Float64Array(8 * 55), [8, 55]] }, /55 joints, so it is a SMPL-X model/],
    ['SMPL-H', { weights: [new Float64Array(8 * 52), [8, 52]] }, /52 joints, so it is a SMPL-H model/],
    ['SMPL-H by its hands', { hands_meanl: [new Float64Array(45), [45]] }, /has hands, so it is a SMPL-H model/],
    ['MANO', { weights: [new Float64Array(8 * 16), [8, 16]] }, /16 joints, so it is a MANO model/],
    ['wrong shapes', { posedirs: [new Float64Array(8 * 30), [8, 3, 10]] }, /posedirs is 8 x 3 x 10 where 8 x 3 x 207/],
    ['few shape components', { shapedirs: [new Float64Array(48), [8, 3, 2]] }, /2 shape components/],
    ['weights that do not sum to one', { weights: [halved, [8, 24]] }, /vertex 0 sum to 0.5000/],
    ['NaN', { v_template: [holed, [8, 3]] }, /not finite/],
    ['another tree', { kintree_table: [otherTree, [2, 24]] }, /kintree_table/],
    ['a face beyond the vertices', { f: [Uint32Array.of(0, 1, 9), [1, 3]] }, /points at vertex 9 of 8/],
    ['a missing array', { J_regressor: undefined }, /has no J_regressor/],
  ])('%s is said in one sentence', (_, change, sentence) => {
    const said = bad(change as Partial<Arrays>);
    expect(said).toMatch(sentence);
    expect(said).toMatch(/^BODY_INVALID: x.npz /);
  });
});

describe('the SMPL model in a VIBE checkpoint', () => {
  it('is the one of the file, under the same id', () => {
    const arrays = smallArrays();
    const tensor = (data: ArrayLike<number>, shape: number[]): TorchTensor => {
      const values = Float32Array.from(data);
      const type = STORAGE_TYPES.get('torch.FloatStorage')!;
      const stride = shape.map((_, axis) => shape.slice(axis + 1).reduce((total, size) => total * size, 1));
      const storage = { type, count: values.length, bytes: () => new Uint8Array(values.buffer) };
      return new TorchTensor('checkpoint', storage, { offset: 0, shape, stride });
    };
    const numbers = (key: string): ArrayLike<number> => arrays[key]![0] as unknown as ArrayLike<number>;
    const tensors = new Map(
      Object.entries({
        v_template: tensor(numbers('v_template'), [8, 3]),
        shapedirs: tensor(numbers('shapedirs'), [8, 3, 12]),
        posedirs: tensor(numbers('posedirs'), [207, 24]),
        J_regressor: tensor(numbers('J_regressor'), [24, 8]),
        lbs_weights: tensor(numbers('weights'), [8, 24]),
        parents: tensor(
          Array.from(ruleKintree().subarray(0, 24), (parent) => (parent > 24 ? -1 : parent)),
          [24],
        ),
        faces_tensor: tensor(numbers('f'), [2, 3]),
      }).map(([key, value]) => [`regressor.smpl.${key}`, value]),
    );
    const body = smplOfCheckpoint(tensors, 'checkpoint');
    expect(body?.id).toBe(readSmpl(npzBytes(arrays), 'neutral', 'x.npz').id);
    expect(smplOfCheckpoint(new Map(), 'checkpoint')).toBeUndefined();
  });
});
