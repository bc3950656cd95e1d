import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BodyLandmark, betasFrom } from '#core/body/bodyModel';
import { createJointTemplate, restJoints, rotationsFromAxisAngles } from '#core/body/kinematics';
import { evaluateReference, shapedVertices } from '#core/body/reference';
import { JOINT, JOINT_MIRROR } from '#core/body/skeleton';
import { AppError } from '#core/errors';
import { loadDefaultBody, parseBodyFile } from './defaultBody';
import { encodeFloat16, widenHalfFloats } from '../weights/halfFloat';

const path = fileURLToPath(new URL('../../../resources/body/default-body.bin', import.meta.url));
const bytes = new Uint8Array(readFileSync(path));
const body = parseBodyFile(bytes);

function point(positions: ArrayLike<number>, vertex: number): [number, number, number] {
  return [positions[vertex * 3]!, positions[vertex * 3 + 1]!, positions[vertex * 3 + 2]!];
}

/** Signed volume in m3. */
function volumeOf(positions: ArrayLike<number>): number {
  let six = 0;
  for (let face = 0; face < body.faces.length; face += 3) {
    const a = point(positions, body.faces[face]!);
    const b = point(positions, body.faces[face + 1]!);
    const c = point(positions, body.faces[face + 2]!);
    six += a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0]) + a[2] * (b[0] * c[1] - b[1] * c[0]);
  }
  return six / 6;
}

describe('the default body', () => {
  it('is the file that its card describes', () => {
    const card = readFileSync(new URL('../../../resources/body/README.md', import.meta.url), 'utf8');
    expect(card).toContain(createHash('sha256').update(bytes).digest('hex'));
  });

  it('keeps what betas and joints mean as long as it keeps its id', () => {
    const hash = createHash('sha256');
    const { jointRegressor, skin } = body;
    for (const part of [
      ...[body.template, body.shapeDirections, body.faces, jointRegressor.rowStarts, jointRegressor.columns],
      ...[jointRegressor.values, skin.joints, skin.weights, body.phenotypeToBetas!.rows, body.measureToBetas!.rows],
    ]) {
      hash.update(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
    }
    // Another shape space, skeleton or skin needs another id: motion of the old one would be shown wrongly on it.
    expect({ id: body.id, shape: hash.digest('hex') }).toEqual({
      id: 'retake-default-1',
      shape: '9f04f0bb06a50ebb8cca54295563a56ace6aa2f881772fecbcc503a5ad7bc67d',
    });
  });

  it('is at most 3 MB', () => {
    expect(bytes.length).toBeLessThan(3_000_000);
  });

  it('is a person of ordinary size in a T-pose', () => {
    const heights = Array.from({ length: body.vertexCount }, (_, vertex) => body.template[vertex * 3 + 1]!);
    const stature = Math.max(...heights) - Math.min(...heights);
    expect(stature).toBeGreaterThan(1.6);
    expect(stature).toBeLessThan(1.78);
    expect(volumeOf(body.template)).toBeGreaterThan(0.055);
    expect(volumeOf(body.template)).toBeLessThan(0.08);
  });

  it('is closed: every edge is used once in each direction', () => {
    const edges = new Set<number>();
    for (let face = 0; face < body.faces.length; face += 3) {
      for (let k = 0; k < 3; k++) edges.add(body.faces[face + k]! * 65_536 + body.faces[face + ((k + 1) % 3)]!);
    }
    expect(edges.size).toBe(body.faces.length);
    const open = [...edges].filter((edge) => !edges.has((edge % 65_536) * 65_536 + Math.floor(edge / 65_536)));
    expect(open).toEqual([]);
  });

  it('is its own mirror image, in shape, joints and skin', () => {
    const joints = createJointTemplate(body).joints;
    for (let joint = 0; joint < 24; joint++) {
      const [x, y, z] = point(joints, joint);
      const [mx, my, mz] = point(joints, JOINT_MIRROR[joint]!);
      expect(Math.hypot(x + mx, y - my, z - mz)).toBeLessThan(1e-5);
    }
    let largest = 0;
    for (let vertex = 0; vertex < body.vertexCount; vertex++) {
      const [x, y, z] = point(body.template, vertex);
      const [mx, my, mz] = point(body.template, body.mirror![vertex]!);
      largest = Math.max(largest, Math.hypot(x + mx, y - my, z - mz));
    }
    expect(largest).toBeLessThan(1e-5);
  });

  it('has skin weights that sum to 1', () => {
    let worst = 0;
    for (let vertex = 0; vertex < body.vertexCount; vertex++) {
      let sum = 0;
      for (let k = 0; k < body.skin.influences; k++) sum += body.skin.weights[vertex * body.skin.influences + k]!;
      worst = Math.max(worst, Math.abs(sum - 1));
    }
    expect(worst).toBeLessThan(1e-6);
  });

  it('has landmarks where their names say', () => {
    const landmarks = body.landmarks!;
    const of = (name: BodyLandmark): [number, number, number] => point(body.template, landmarks[name]);
    const joints = createJointTemplate(body).joints;
    expect(of('nose')[0]).toBeCloseTo(0, 3);
    expect(of('nose')[2]).toBeGreaterThan(of('leftEye')[2]);
    expect(of('leftEye')[1]).toBeGreaterThan(of('nose')[1]);
    expect(of('nose')[1]).toBeGreaterThan(of('mouthLeft')[1]);
    expect(of('leftEar')[0]).toBeGreaterThan(of('leftEye')[0]);
    expect(of('leftEar')[2]).toBeLessThan(of('leftEye')[2]);
    expect(of('leftHeel')[2]).toBeLessThan(joints[JOINT.leftAnkle * 3 + 2]!);
    expect(of('leftToe')[2]).toBeGreaterThan(joints[JOINT.leftFoot * 3 + 2]! + 0.03);
    const hand = point(joints, JOINT.leftHand);
    expect(Math.hypot(of('leftIndexKnuckle')[0] - hand[0], of('leftIndexKnuckle')[2] - hand[2] - 0.033)).toBeLessThan(
      0.02,
    );
    expect(Math.hypot(of('leftPinkyKnuckle')[0] - hand[0], of('leftPinkyKnuckle')[2] - hand[2] + 0.033)).toBeLessThan(
      0.02,
    );
    for (const name of ['Eye', 'Ear', 'Heel', 'Toe', 'IndexKnuckle', 'PinkyKnuckle'] as const) {
      expect(of(`left${name}`)[0]).toBeGreaterThan(0);
      expect(of(`right${name}`)[0]).toBeCloseTo(-of(`left${name}`)[0], 5);
    }
  });

  it('grows with beta 0 and gains weight with beta 1', () => {
    const heightOf = (betas: number[]): number => {
      const ys = shapedVertices(body, betas).filter((_, k) => k % 3 === 1);
      return Math.max(...ys) - Math.min(...ys);
    };
    expect(heightOf([2]) - heightOf([-2])).toBeGreaterThan(0.25);
    expect(volumeOf(shapedVertices(body, [0, 2])) / volumeOf(shapedVertices(body, [0, -2]))).toBeGreaterThan(1.5);
  });

  it('turns measures into betas that have these measures', () => {
    for (const [stature, volume, gender] of [
      [1.62, 0.06, 0],
      [1.8, 0.085, 1],
    ] as const) {
      const betas = betasFrom(body.measureToBetas!, [stature, Math.cbrt(volume), gender]);
      const vertices = shapedVertices(body, betas);
      const ys = vertices.filter((_, k) => k % 3 === 1);
      expect(Math.abs(Math.max(...ys) - Math.min(...ys) - stature)).toBeLessThan(0.02);
      expect(Math.abs(volumeOf(vertices) / volume - 1)).toBeLessThan(0.05);
    }
  });

  it('keeps the volume of a bent knee better than plain skinning', () => {
    const pose = new Float64Array(72);
    pose[JOINT.leftKnee * 3] = Math.PI / 2;
    const rotations = rotationsFromAxisAngles(pose);
    const withCorrectives = volumeOf(evaluateReference(body, { betas: [], rotations }).vertices);
    const without = volumeOf(evaluateReference({ ...body, poseCorrectives: [] }, { betas: [], rotations }).vertices);
    const rest = volumeOf(body.template);
    expect(rest - withCorrectives).toBeLessThan(0.5 * (rest - without));
  });

  it('has rest joints that follow betas linearly', () => {
    const template = createJointTemplate(body);
    const joints = restJoints(template, [1, -0.5]);
    expect(joints).toHaveLength(72);
    const vertices = shapedVertices(body, [1, -0.5]);
    let x = 0;
    const { rowStarts, columns, values } = body.jointRegressor;
    for (let k = rowStarts[4]!; k < rowStarts[5]!; k++) x += values[k]! * vertices[columns[k]! * 3]!;
    expect(joints[12]).toBeCloseTo(x, 6);
  });
});

describe('parseBodyFile', () => {
  const codeOf = (run: () => unknown): string => {
    try {
      run();
      return 'none';
    } catch (error) {
      return error instanceof AppError ? error.code : `crashed: ${String(error)}`;
    }
  };

  it('answers damage in the header or the indices with BODY_INVALID', () => {
    fc.assert(
      fc.property(fc.nat({ max: 3000 }), fc.nat({ max: 255 }), (at, byte) => {
        const damaged = bytes.slice();
        damaged[at] = byte;
        expect(['none', 'BODY_INVALID']).toContain(codeOf(() => parseBodyFile(damaged)));
      }),
      { numRuns: 60 },
    );
  });

  it('answers a cut file with BODY_INVALID', () => {
    for (const share of [0, 0.00001, 0.001, 0.5, 0.999]) {
      expect(codeOf(() => parseBodyFile(bytes.slice(0, Math.floor(bytes.length * share))))).toBe('BODY_INVALID');
    }
  });

  it('says which file is missing', async () => {
    await expect(loadDefaultBody('/nowhere/body.bin')).rejects.toThrow('/nowhere/body.bin');
  });
});

describe('half precision', () => {
  it('is exact both ways for every bit pattern', () => {
    const bits = Uint16Array.from({ length: 65_536 }, (_, k) => k);
    const values = widenHalfFloats(new Uint8Array(bits.buffer));
    const wrong = [...bits].filter((k) => !Number.isNaN(values[k]!) && encodeFloat16(values[k]!) !== k);
    expect(wrong).toEqual([]);
  });

  it('rounds to the nearest', () => {
    fc.assert(
      fc.property(fc.double({ min: -1000, max: 1000, noNaN: true }), (value) => {
        const back = widenHalfFloats(new Uint8Array(Uint16Array.of(encodeFloat16(value)).buffer))[0]!;
        expect(Math.abs(back - value)).toBeLessThanOrEqual(Math.max(2 ** -25, Math.abs(value) * 2 ** -11));
      }),
    );
  });
});
