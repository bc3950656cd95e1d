import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { evaluateMotion } from '#core/evaluation/evaluateMotion';
import { LIMB_JOINTS } from '#core/evaluation/jointSeries';
import { rotationsFromAxisAngles } from '#core/body/kinematics';
import { evaluateReference } from '#core/body/reference';
import { readSmpl } from '#engine/bodymodel/smpl/readSmpl';
import { readMotion } from '#engine/evaluation/readMotion';
import { threeDpwMotion } from '#engine/evaluation/threeDpw';
import { NdArray } from '#engine/weights/numpy/ndArray';
import { parseNumpyType } from '#engine/weights/numpy/dtype';
import { npzBytes } from '../../fixtures/vibe/writeNpz';

const fixtures = join(import.meta.dirname, '..', '..', 'fixtures', 'vibe');
const read = (name: string): Uint8Array => new Uint8Array(readFileSync(join(fixtures, name)));

const FRAMES = 6;

/** 24 joints that stand still, hips 0.2 m apart; joint 21 (right wrist) moves by `wrist(t)` along x. */
function joints(wrist: (t: number) => number, shift = 0): Float64Array {
  const values = new Float64Array(FRAMES * 72);
  for (let t = 0; t < FRAMES; t++) {
    for (let joint = 0; joint < 24; joint++) {
      const at = (t * 24 + joint) * 3;
      values.set([(joint % 2 ? 0.1 : -0.1) + shift, joint / 10 + shift, 2 + shift], at);
    }
    values[(t * 24 + 21) * 3]! += wrist(t);
  }
  return values;
}

/** An npz with joints and two vertices a frame, the second of them `off` m away along z. */
function npz(
  wrist: (t: number) => number,
  off: number,
  shift: number,
  extra: Parameters<typeof npzBytes>[0] = {},
): Uint8Array {
  const vertices = Float32Array.from({ length: FRAMES * 6 }, (_, k) => (k % 6 === 5 ? off : 0) + shift);
  return npzBytes({
    joints3d: [joints(wrist, shift), [FRAMES, 24, 3]],
    vertices: [vertices, [FRAMES, 2, 3]],
    trans: [new Float64Array(FRAMES * 3).fill(shift), [FRAMES, 3]],
    ...extra,
  });
}

const fps = (rate: number): Parameters<typeof npzBytes>[0] => ({ fps: [Float64Array.of(rate), []] });

describe('an evaluation of npz files', () => {
  it('gives the figures that paper and pencil give', () => {
    // The wrist is 24 mm off at every frame: 24 / 12 joints = 2 mm. One of two vertices is 10 mm off: 5 mm.
    const truth = readMotion(
      npz(() => 0, 0, 0, fps(30)),
      'truth.npz',
    );
    const still = evaluateMotion(
      readMotion(
        npz(() => 0.024, 0.01, 0.5),
        'result.npz',
      ),
      truth,
    ).people[0]?.score;
    expect(still?.mpjpe).toBeCloseTo(2, 9);
    // The best similarity has no larger root mean square than none, 24 / sqrt(12), and the mean is below that.
    expect(still?.paMpjpe).toBeLessThan(24 / Math.sqrt(12));
    expect(
      evaluateMotion(
        readMotion(
          npz(() => 0, 0, 0.5),
          'x.npz',
        ),
        truth,
      ).people[0]?.score?.paMpjpe,
    ).toBeCloseTo(0, 6);
    expect(still?.pve).toBeCloseTo(5, 4);
    expect(still?.accelerationPerFrame).toBeCloseTo(0, 6);
    // x = 6 t^2 mm has second differences of 12 mm per frame squared: 1 mm over the 12 joints.
    const moving = evaluateMotion(
      readMotion(
        npz((t) => 0.006 * t * t, 0, 0),
        'result.npz',
      ),
      truth,
    ).people[0]?.score;
    expect(moving?.accelerationPerFrame).toBeCloseTo(1, 6);
    expect(moving?.acceleration).toBeCloseTo(0.9, 6);
    expect(moving?.pve).toBeCloseTo(0, 6);
  });

  it('needs a frame rate on one side, and no other on the other', () => {
    const file = (extra = {}): ReturnType<typeof readMotion> =>
      readMotion(
        npz(() => 0, 0, 0, extra),
        'x.npz',
      );
    expect(() => evaluateMotion(file(), file())).toThrow(/Neither the result nor the truth/);
    expect(() => evaluateMotion(file(fps(25)), file(fps(30)))).toThrow(/25 fps/);
  });

  it('says what is missing', () => {
    const poses = new Float64Array(144);
    expect(() => readMotion(npzBytes({ poses: [poses, [2, 72]] }), 'x.npz')).toThrow(/x.npz holds no motion/);
    const both = npzBytes({ poses: [poses, [2, 72]], betas: [new Float64Array(10), [10]] });
    expect(() => readMotion(both, 'x.npz')).toThrow(/need a body model/);
  });

  it('poses parameters with a body, translation left out', () => {
    const body = readSmpl(read('containers/smpl_tiny_plain_py3_proto4.pkl'), 'neutral', 'tiny');
    const poses = Float64Array.from({ length: 2 * 156 }, (_, k) => Math.sin(k));
    const arrays = npzBytes({
      poses: [poses, [2, 156]],
      betas: [Float64Array.from({ length: 16 }, (_, k) => k / 10), [16]],
      trans: [new Float64Array(6).fill(9), [2, 3]],
      mocap_framerate: [Float64Array.of(60), []],
    });
    const motion = readMotion(arrays, 'amass.npz', body);
    expect(motion.fps).toBe(60);
    const row = poses.slice(156);
    const angles = Float64Array.of(...row.slice(0, 69), ...row.slice(111, 114));
    const expected = evaluateReference(body, {
      betas: Array.from({ length: 10 }, (_, k) => k / 10),
      rotations: rotationsFromAxisAngles(angles),
    });
    const [person] = motion.people;
    const vertices = person!.mesh!.at(1)!;
    expect(vertices).toHaveLength(expected.vertices.length);
    // The mesh engine works in single precision.
    expected.vertices.forEach((value, at) => expect(Math.abs(vertices[at]! - value)).toBeLessThan(1e-6));
    const limb = LIMB_JOINTS.indexOf(19);
    for (const c of [0, 1, 2]) {
      expect(Math.abs(person!.joints.positions[(12 + limb) * 3 + c]! - expected.joints[57 + c]!)).toBeLessThan(1e-6);
    }
  });

  it('gives the PVE of the exact kernel', () => {
    const body = readSmpl(read('containers/smpl_tiny_plain_py3_proto4.pkl'), 'neutral', 'tiny');
    const frames = 8;
    const betas = Array.from({ length: 10 }, (_, k) => k / 5 - 1);
    const poses = (by: number) => Float64Array.from({ length: frames * 72 }, (_, k) => by * Math.sin(k * 0.7));
    const file = (by: number) =>
      readMotion(
        npzBytes({
          poses: [poses(by), [frames, 72]],
          betas: [Float64Array.from(betas), [10]],
          fps: [Float64Array.of(30), []],
        }),
        'poses.npz',
        body,
      );
    const exact = (by: number, frame: number) =>
      evaluateReference(body, {
        betas,
        rotations: rotationsFromAxisAngles(poses(by).subarray(frame * 72, frame * 72 + 72)),
      }).vertices;
    let sum = 0;
    for (let frame = 0; frame < frames; frame++) {
      const [own, other] = [exact(0.5, frame), exact(0.55, frame)];
      for (let at = 0; at < own.length; at += 3) {
        sum += Math.hypot(own[at]! - other[at]!, own[at + 1]! - other[at + 1]!, own[at + 2]! - other[at + 2]!);
      }
    }
    const pve = (sum / (frames * body.vertexCount)) * 1000;
    expect(pve).toBeGreaterThan(1);
    expect(evaluateMotion(file(0.55), file(0.5)).people[0]?.score?.pve).toBeCloseTo(pve, 3);
  });
});

function array(data: Float64Array, shape: number[]): NdArray {
  return new NdArray('test', parseNumpyType('<f8')!, shape, false, new Uint8Array(data.buffer));
}

/** A sequence of two frames: the camera of the second stands 1 m to the left and is turned by 90 degrees about y. */
function sequence(betas = new Float64Array(10)): Map<string, unknown> {
  const world = joints(() => 0).slice(0, 144);
  const cameras = Float64Array.of(
    1,
    0,
    0,
    0,
    0,
    1,
    0,
    0,
    0,
    0,
    1,
    0,
    0,
    0,
    0,
    1,
    0,
    0,
    1,
    1,
    0,
    1,
    0,
    0,
    -1,
    0,
    0,
    3,
    0,
    0,
    0,
    1,
  );
  const points = new Float64Array(2 * 54);
  for (let row = 0; row < 2; row++) {
    for (let k = 0; k < 18; k++) {
      points[row * 54 + k] = 100 + k;
      points[row * 54 + 18 + k] = 200 + 2 * k;
      points[row * 54 + 36 + k] = k < 10 ? 0.9 : 0;
    }
  }
  return new Map<string, unknown>([
    ['jointPositions', [array(world, [2, 72])]],
    ['poses', [array(new Float64Array(144), [2, 72])]],
    ['betas', [array(betas, [betas.length])]],
    ['trans', [array(new Float64Array(6), [2, 3])]],
    ['poses2d', [array(points, [2, 3, 18])]],
    ['cam_poses', array(cameras, [2, 4, 4])],
    ['cam_intrinsics', array(Float64Array.of(1000, 0, 500, 0, 1000, 400, 0, 0, 1), [3, 3])],
    ['campose_valid', [array(Float64Array.of(1, 1), [2])]],
    ['genders', ['m']],
  ]);
}

describe('a sequence file of 3DPW', () => {
  it('has its joints in the camera, its boxes from the seen key points and its rate', () => {
    const motion = threeDpwMotion(sequence(), 'seq.pkl', undefined);
    const [person] = motion.people;
    expect([motion.fps, motion.frameCount, person?.mesh]).toEqual([30, 2, undefined]);
    // Right wrist (21): world (0.1, 2.1, 2); second camera: (z + 1, y, 3 - x) = (3, 2.1, 2.9).
    const at = (row: number): unknown[] =>
      Array.from({ length: 3 }, (_, c) => person!.joints.positions[(row * 12 + 11) * 3 + c]);
    expect(at(0)).toEqual([0.1, 2.1, 2]);
    expect(at(1)).toEqual([3, 2.1, 2.9]);
    expect([person!.picture.positions[22], person!.picture.positions[23]]).toEqual([550, 1450]);
    expect(person?.boxes[0]).toEqual({ x: 100, y: 200, width: 9, height: 18 });
  });

  it('leaves out frames whose camera is not known', () => {
    const values = sequence().set('campose_valid', [array(Float64Array.of(0, 1), [2])]);
    expect([...threeDpwMotion(values, 'seq.pkl', undefined).people[0]!.joints.present]).toEqual([0, 1]);
  });

  it("has vertices with a body of the actor's gender only, turned into the camera", () => {
    const tiny = read('containers/smpl_tiny_plain_py3_proto4.pkl');
    const male = readSmpl(tiny, 'male', 'tiny');
    expect(threeDpwMotion(sequence(), 'seq.pkl', readSmpl(tiny, 'neutral', 'tiny')).people[0]?.mesh).toBeUndefined();
    const mesh = threeDpwMotion(sequence(), 'seq.pkl', male).people[0]!.mesh!;
    const still = evaluateReference(male, { betas: [], rotations: rotationsFromAxisAngles(new Float64Array(72)) });
    const [x, y, z] = still.vertices;
    const [jx, jy, jz] = still.joints;
    // The body turns about its pelvis: (x, y, z) -> (z, y, -x) around it.
    expect(mesh.at(1)![0]).toBeCloseTo(z! - jz! + jx!, 6);
    expect(mesh.at(1)![1]).toBeCloseTo(y! - jy! + jy!, 6);
    expect(mesh.at(1)![2]).toBeCloseTo(-(x! - jx!) + jz!, 6);
  });

  it('says what is missing', () => {
    const values = sequence();
    values.delete('genders');
    expect(() => threeDpwMotion(values, 'seq.pkl', undefined)).toThrow(/seq.pkl is not a sequence file of 3DPW/);
  });
});

describe("VIBE's own result", () => {
  it('compares with itself without error, with its boxes, joints by name and vertices', () => {
    const motion = readMotion(read('joblib/joblib0_14_1.pkl'), 'vibe_output.pkl');
    expect([motion.fps, motion.frameCount, motion.people.map(({ id }) => id)]).toEqual([undefined, 12, ['1', '7']]);
    const { people } = evaluateMotion(motion, { ...motion, fps: 30 });
    expect(people.map(({ estimate, score }) => [estimate, score?.frames, score?.mpjpe, score?.pve])).toEqual([
      ['1', 3, 0, 0],
      ['7', 2, 0, 0],
    ]);
    // OP LHip is joint 12 of the 49: arange / 8 + 5 at 36.
    expect(motion.people[0]!.joints.positions[0]).toBe(36 / 8 + 5);
  });
});
