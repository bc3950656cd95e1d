import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  poseCorrectivesFromDense,
  skinWeightsFromDense,
  sparseRowsFromDense,
  type BodyModel,
} from '#core/body/bodyModel';
import { rotationsFromAxisAngles } from '#core/body/kinematics';
import { evaluateReference } from '#core/body/reference';
import { axisAngleToMatrix, matrixToAxisAngle, rotation6dToMatrix } from '#core/body/rotations';
import { JOINT_PARENTS } from '#core/body/skeleton';
import { syntheticSmpl } from '../../../test/fixtures/body/syntheticSmpl';
import { readNpz } from '../weights/numpy/npz';

const fixtures = new URL('../../../test/fixtures/body/', import.meta.url);

function read(name: string): Uint8Array {
  return readFileSync(new URL(name, fixtures));
}

function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length);
  let largest = 0;
  for (let k = 0; k < expected.length; k++) largest = Math.max(largest, Math.abs(actual[k]! - expected[k]!));
  return largest;
}

describe('against the original Python code', () => {
  it('poses the synthetic SMPL the same on 16 cases (1e-5 m)', () => {
    const arrays = readNpz(read('synthetic-smpl-expected.npz'));
    const body = syntheticSmpl();
    const [poses, betas] = [arrays.get('pose')!.data, arrays.get('betas')!.data];
    const [joints, vertices] = [arrays.get('joints45_f64')!.data, arrays.get('verts_f64_every97')!.data];
    for (let at = 0; at < 16; at++) {
      const posed = evaluateReference(body, {
        betas: betas.slice(at * 10, at * 10 + 10),
        rotations: rotationsFromAxisAngles(poses.slice(at * 72, at * 72 + 72)),
      });
      expect(largestDifference(posed.joints, joints.slice(at * 135, at * 135 + 72))).toBeLessThan(1e-5);
      const picked = Array.from({ length: 216 }, (_, k) => posed.vertices[Math.floor(k / 3) * 97 * 3 + (k % 3)]!);
      expect(largestDifference(picked, vertices.slice(at * 216, at * 216 + 216))).toBeLessThan(1e-5);
    }
  });

  it('converts rotations the same', () => {
    const arrays = readNpz(read('rotations-expected.npz'));
    const matrices = new Float64Array(336 * 9);
    const axisAngles = arrays.get('aa_in')!.data;
    for (let k = 0; k < 336; k++) axisAngleToMatrix(axisAngles, matrices, k * 3, k * 9);
    // The original adds 1e-8 to each component before taking the angle.
    expect(largestDifference(matrices, arrays.get('rodrigues_smplx_f64')!.data)).toBeLessThan(1e-7);
    const logs = new Float64Array(360 * 3);
    for (let k = 0; k < 360; k++) matrixToAxisAngle(arrays.get('rotmat_in')!.data, logs, k * 9, k * 3);
    expect(largestDifference(logs, arrays.get('rotmat_to_aa_f64')!.data)).toBeLessThan(1e-9);
    // Rows from 65 on are degenerate and amplify rounding.
    const sixD = new Float64Array(65 * 9);
    for (let k = 0; k < 65; k++) rotation6dToMatrix(arrays.get('rot6d_in')!.data, sixD, k * 6, k * 9);
    expect(largestDifference(sixD, arrays.get('rot6d_to_rotmat_f64')!.data.slice(0, 585))).toBeLessThan(1e-9);
  });
});

const goldenSchema = z.record(
  z.string(),
  z.object({
    betas: z.array(z.number()),
    pose_axis_angle: z.array(z.array(z.number())),
    joints: z.array(z.array(z.number())),
    vertex_index: z.array(z.number()),
    vertices: z.array(z.array(z.number())),
  }),
);

function prototypeBody(path: string): BodyModel {
  const arrays = readNpz(readFileSync(path));
  const get = (name: string): Float32Array => Float32Array.from(arrays.get(name)!.data);
  const template = get('v_template');
  const size = template.length;
  const directions = get('shapedirs');
  const shapeDirections = Float32Array.from(
    { length: size * 10 },
    (_, at) => directions[(at % size) * 10 + Math.floor(at / size)]!,
  );
  return {
    id: 'prototype',
    title: 'Prototype',
    vertexCount: size / 3,
    faceCount: get('f').length / 3,
    template,
    faces: Uint32Array.from(get('f')),
    shapeCount: 10,
    shapeDirections,
    poseCorrectives: poseCorrectivesFromDense(get('posedirs'), size / 3),
    jointRegressor: sparseRowsFromDense(get('J_regressor'), 24),
    skin: skinWeightsFromDense(get('weights'), size / 3),
    parents: JOINT_PARENTS,
  };
}

describe('against the numpy prototype of the default body', () => {
  const shared = process.env['RETAKE_SHARED'] ?? join(process.cwd(), '..', 'shared');
  const path = join(shared, 'fixtures', 'body', 'prototype-body.npz');
  const missing = !existsSync(path);
  if (missing) console.log(`skipped: ${path} is not there (RETAKE_SHARED names its folder)`);
  it.skipIf(missing)('poses it the same (1e-4 m)', () => {
    const golden = goldenSchema.parse(JSON.parse(new TextDecoder().decode(read('golden-eval.json'))));
    const body = prototypeBody(path);
    for (const expected of Object.values(golden)) {
      const posed = evaluateReference(body, {
        betas: expected.betas,
        rotations: rotationsFromAxisAngles(expected.pose_axis_angle.flat()),
      });
      expect(largestDifference(posed.joints, expected.joints.flat())).toBeLessThan(1e-4);
      const picked = expected.vertex_index.flatMap((vertex) => [...posed.vertices.slice(vertex * 3, vertex * 3 + 3)]);
      expect(largestDifference(picked, expected.vertices.flat())).toBeLessThan(1e-4);
    }
  });
});
