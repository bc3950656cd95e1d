import type { BodyModel } from '#core/body/bodyModel';
import { axisAngleToMatrix, matrixToAxisAngle } from '#core/body/rotations';
import { JOINT_COUNT, JOINT_NAMES, JOINT_PARENTS } from '#core/body/skeleton';
import type { FrameTimes } from '#core/frames/frameTimes';
import type { Span } from '#core/frames/span';
import type { PersonMotion } from '#engine/estimation/estimator';
import type { ExportClip } from '#engine/export/exportClip';
import { createMotionClip, type MotionPerson } from '#engine/export/motionClip';
import { LEVEL_ROTATION } from '#engine/export/scene';

/** Rest joints of a plain figure, m; the pelvis is not at the origin on purpose. */
const REST: readonly (readonly [number, number, number])[] = [
  [0.01, -0.221, 0.03],
  [0.088, -0.308, 0.025],
  [-0.088, -0.308, 0.025],
  [0, -0.116, 0.005],
  [0.128, -0.701, 0.019],
  [-0.128, -0.701, 0.019],
  [0, 0.01, -0.013],
  [0.114, -1.116, -0.026],
  [-0.114, -1.116, -0.026],
  [0, 0.062, -0.02],
  [0.145, -1.162, 0.1],
  [-0.145, -1.162, 0.1],
  [0, 0.263, -0.007],
  [0.076, 0.198, 0.012],
  [-0.076, 0.198, 0.012],
  [0, 0.347, 0.019],
  [0.176, 0.191, 0.01],
  [-0.176, 0.191, 0.01],
  [0.418, 0.18, -0.012],
  [-0.418, 0.18, -0.012],
  [0.655, 0.185, -0.013],
  [-0.655, 0.185, -0.013],
  [0.75, 0.177, -0.027],
  [-0.75, 0.177, -0.027],
];

/** Deterministic numbers in -1..1. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

const CORNERS = [
  [0.04, 0, 0],
  [-0.04, 0, 0],
  [0, 0.04, 0],
  [0, -0.04, 0],
  [0, 0, 0.04],
  [0, 0, -0.04],
] as const;

/** Octahedron: outward, counter-clockwise. */
const FACES = [0, 2, 4, 2, 1, 4, 1, 3, 4, 3, 0, 4, 2, 0, 5, 1, 2, 5, 3, 1, 5, 0, 3, 5] as const;

/** A body of 144 vertices: an octahedron at every joint, sharing weights with the parent. */
export function syntheticBody(withCorrectives = false): BodyModel {
  const vertexCount = JOINT_COUNT * 6;
  const template = new Float32Array(vertexCount * 3);
  const faces: number[] = [];
  const joints = new Uint8Array(vertexCount * 4);
  const weights = new Float32Array(vertexCount * 4);
  const rowStarts = Uint32Array.from({ length: JOINT_COUNT + 1 }, (_, row) => row * 6);
  REST.forEach((place, joint) => {
    CORNERS.forEach((corner, k) => {
      const vertex = joint * 6 + k;
      for (let c = 0; c < 3; c++) template[vertex * 3 + c] = place[c]! + corner[c]!;
      const parent = Math.max(0, JOINT_PARENTS[joint] ?? 0);
      const share = parent === joint ? 0 : [0, 0.25, 0.3, 0.1, 0.5, 1 / 3][k]!;
      joints.set(share > 0 ? [joint, parent] : [joint], vertex * 4);
      weights.set(share > 0 ? [1 - share, share] : [1], vertex * 4);
    });
    faces.push(...FACES.map((vertex) => joint * 6 + vertex));
  });
  const random = createRandom(3);
  return {
    id: 'synthetic',
    title: 'Synthetic',
    vertexCount,
    faceCount: faces.length / 3,
    template,
    faces: Uint32Array.from(faces),
    shapeCount: 2,
    shapeDirections: Float32Array.from({ length: 2 * vertexCount * 3 }, () => random() * 0.01),
    poseCorrectives: withCorrectives
      ? [
          {
            joint: 4,
            vertices: Uint32Array.of(24, 25),
            directions: Float32Array.from({ length: 54 }, () => random() * 0.01),
          },
        ]
      : [],
    jointRegressor: {
      rowStarts,
      columns: Uint32Array.from({ length: vertexCount }, (_, k) => k),
      values: new Float32Array(vertexCount).fill(1 / 6),
    },
    skin: { influences: 4, joints, weights },
    parents: JOINT_PARENTS,
  };
}

/** A violent motion: the body faces the camera, turns round fully, limbs swing, some through the gimbal. */
export function syntheticMotion(length: number, seed: number, start = 0, absent: readonly Span[] = []): PersonMotion {
  const random = createRandom(seed);
  const speeds = Float64Array.from({ length: JOINT_COUNT * 3 }, () => random() * 0.12);
  const phases = Float64Array.from({ length: JOINT_COUNT * 3 }, () => random() * 3);
  const poses = new Float32Array(length * 72);
  const translations = new Float32Array(length * 3);
  const present = new Uint8Array(length).fill(1);
  const matrix = new Float64Array(9);
  const turned = new Float64Array(9);
  for (let row = 0; row < length; row++) {
    for (let k = 3; k < 72; k++) poses[row * 72 + k] = 1.1 * Math.sin(phases[k]! + speeds[k]! * row);
    // Left shoulder sweeps through 90 degrees about y: the gimbal of XYZ.
    poses.set([0, (row / length) * Math.PI, 0], row * 72 + 16 * 3);
    // Camera axes: upright and facing the camera is half a turn about x; then it turns about its own axis.
    axisAngleToMatrix([0, 0.05 * row + seed, 0], matrix);
    for (let k = 0; k < 9; k++) turned[k] = k < 3 ? matrix[k]! : -matrix[k]!;
    matrixToAxisAngle(turned, poses, 0, row * 72);
    translations.set(
      [0.4 * Math.sin(row * 0.05) + 0.3 * (seed - 1), 0.9 + 0.02 * Math.sin(row), 4 + 0.01 * row],
      row * 3,
    );
  }
  for (const span of absent) present.fill(0, span.from - start, span.to - start);
  return {
    start,
    length,
    present,
    poses,
    translations,
    betas: Float32Array.from({ length: 10 }, (_, k) => (k < 2 ? random() : 0)),
    confidences: new Float32Array(length).fill(1),
  };
}

/** Times of an even clip in a fine time base. */
export function evenTimes(count: number, numerator: number, denominator = 1): FrameTimes {
  return {
    timeBase: { numerator: denominator, denominator: numerator },
    pts: Array.from({ length: count }, (_, k) => k + 7),
  };
}

/** Times of a phone: milliseconds, uneven. */
export function variableTimes(count: number): FrameTimes {
  const pts: number[] = [];
  let at = 40;
  for (let k = 0; k < count; k++) {
    pts.push(at);
    at += k % 5 === 3 ? 50 : 31 + (k % 3);
  }
  return { timeBase: { numerator: 1, denominator: 1000 }, pts };
}

/** A person of the clip with a plain box. */
export function syntheticPerson(number: number, title: string, motion: PersonMotion): MotionPerson {
  return {
    id: `person-${number}`,
    number,
    title,
    motion,
    boxAt: (frameIndex) =>
      frameIndex >= motion.start && frameIndex < motion.start + motion.length
        ? { x: 10 + frameIndex, y: 20, width: 100, height: 300 }
        : undefined,
  };
}

/** A clip of synthetic people; two of 40 frames at 30 fps unless said otherwise, the second one with a gap. */
export function syntheticClip(parts: Partial<Parameters<typeof createMotionClip>[0]> = {}): ExportClip {
  const count = parts.times?.pts.length ?? 40;
  return createMotionClip({
    title: 'Rooftop jump',
    body: syntheticBody(),
    jointNames: JOINT_NAMES,
    camera: { focal: 1000, width: 1280, height: 720 },
    times: evenTimes(count, 30),
    span: { from: 0, to: count },
    scene: { rotation: LEVEL_ROTATION, lift: 1.5 },
    people: parts.people ?? [
      syntheticPerson(1, 'Jumper', syntheticMotion(count, 1)),
      syntheticPerson(2, 'Passer-by', syntheticMotion(count - 10, 2, 5, [{ from: 15, to: 19 }])),
    ],
    provenance: {
      estimation: { estimator: 'blazepose', quality: 'best', options: {} },
      appVersion: '0.1.0',
      models: [{ name: 'pose-heavy', sha256: 'ab'.repeat(32) }],
      sourceName: 'rooftop jump.mp4',
      sourceSampledSha256: 'cd'.repeat(32),
      createdAt: '2026-05-04T03:02:01.000Z',
      notMetric: ['Stature is assumed: 1.70 m'],
    },
    ...parts,
  });
}
