import type { BodyModel } from '../../src/core/body/bodyModel';
import { JOINT } from '../../src/core/body/skeleton';
import { createMeshEngine } from '../../src/engine/bodymodel/meshEngine';
import { encodePng } from './png';
import { poseOf } from './poses';
import { lookAt, renderMeshes } from './rasterise';

const CELL = { width: 236, height: 300 };
const BACKGROUND = [26, 29, 35] as const;
/** What a picture of the whole body shows. */
const WHOLE = { at: [0, -0.33, 0], scale: 132 } as const;
const SKIN = [196, 178, 164] as const;

/** One picture of the sheet. */
interface Cell {
  betas: readonly number[];
  pose: Float64Array;
  /** Degrees the camera walks round the body; 0 sees the face. */
  turn: number;
  /** Point in the middle of the picture, m, and px a metre; the whole body when absent. */
  closeUp?: { at: readonly [number, number, number]; scale: number };
}

const REST = poseOf({});

/** Arms hanging as in life: collars a little down too. */
const ARMS_DOWN = {
  [JOINT.leftCollar]: [0, 0, -7],
  [JOINT.rightCollar]: [0, 0, 7],
  [JOINT.leftShoulder]: [0, 0, -65],
  [JOINT.rightShoulder]: [0, 0, 65],
} as const;

const POSES = {
  stand: poseOf(ARMS_DOWN),
  walk: poseOf({
    ...ARMS_DOWN,
    [JOINT.leftHip]: [-28, 0, 0],
    [JOINT.leftKnee]: [12, 0, 0],
    [JOINT.rightHip]: [18, 0, 0],
    [JOINT.rightKnee]: [30, 0, 0],
    [JOINT.leftShoulder]: [0, 25, -65],
    [JOINT.rightShoulder]: [0, 30, 65],
    [JOINT.leftElbow]: [0, -20, 0],
    [JOINT.rightElbow]: [0, 30, 0],
  }),
  sit: poseOf({
    ...ARMS_DOWN,
    [JOINT.leftHip]: [-90, 0, 8],
    [JOINT.rightHip]: [-90, 0, -8],
    [JOINT.leftKnee]: [90, 0, 0],
    [JOINT.rightKnee]: [90, 0, 0],
    [JOINT.leftElbow]: [0, -70, 0],
    [JOINT.rightElbow]: [0, 70, 0],
  }),
  squat: poseOf({
    [JOINT.pelvis]: [20, 0, 0],
    [JOINT.leftHip]: [-115, 18, 22],
    [JOINT.rightHip]: [-115, -18, -22],
    [JOINT.leftKnee]: [125, 0, 0],
    [JOINT.rightKnee]: [125, 0, 0],
    [JOINT.leftAnkle]: [-25, 0, 0],
    [JOINT.rightAnkle]: [-25, 0, 0],
    [JOINT.leftShoulder]: [0, -80, 0],
    [JOINT.rightShoulder]: [0, 80, 0],
  }),
  reach: poseOf({
    [JOINT.leftCollar]: [0, 0, 20],
    [JOINT.leftShoulder]: [0, 0, 70],
    [JOINT.rightCollar]: [0, 0, 7],
    [JOINT.rightShoulder]: [0, 0, 65],
    [JOINT.spine2]: [0, 0, -8],
  }),
  bend: poseOf({
    [JOINT.leftShoulder]: [0, -75, -40],
    [JOINT.rightShoulder]: [0, 75, 40],
    [JOINT.spine1]: [28, 0, 0],
    [JOINT.spine2]: [22, 0, 0],
    [JOINT.spine3]: [12, 0, 0],
    [JOINT.leftHip]: [-30, 0, 0],
    [JOINT.rightHip]: [-30, 0, 0],
    [JOINT.pelvis]: [30, 0, 0],
  }),
  foldedArm: poseOf({ ...ARMS_DOWN, [JOINT.leftElbow]: [0, -130, 0] }),
  elbow: poseOf({ [JOINT.leftElbow]: [0, -120, 0] }),
  knee: poseOf({ [JOINT.leftKnee]: [120, 0, 0] }),
  heelToSeat: poseOf({ [JOINT.leftKnee]: [140, 0, 0] }),
  liftedThigh: poseOf({ [JOINT.leftHip]: [-110, 0, 0], [JOINT.leftKnee]: [100, 0, 0] }),
  lunge: poseOf({
    ...ARMS_DOWN,
    [JOINT.leftHip]: [35, 0, 0],
    [JOINT.leftKnee]: [90, 0, 0],
    [JOINT.rightHip]: [-100, 0, 0],
    [JOINT.rightKnee]: [95, 0, 0],
  }),
  straddle: poseOf({ ...ARMS_DOWN, [JOINT.leftHip]: [0, 0, 45], [JOINT.rightHip]: [0, 0, -45] }),
};

function betasWith(index: number, value: number): number[] {
  return Array.from({ length: 10 }, (_, k) => (k === index ? value : 0));
}

const CELLS: readonly (readonly Cell[])[] = [
  [0, 45, 90, 135, 180]
    .map((turn) => ({ betas: [], pose: REST, turn }))
    .concat([{ betas: [], pose: POSES.stand, turn: 0 }]),
  [0, 1, 2].flatMap((index) =>
    [-2, 2].map((value) => ({ betas: betasWith(index, value), pose: POSES.stand, turn: 20 })),
  ),
  [3, 4]
    .flatMap((index) => [-2, 2].map((value) => ({ betas: betasWith(index, value), pose: POSES.stand, turn: 20 })))
    .concat([
      { betas: betasWith(1, 1.5), pose: POSES.sit, turn: 50 },
      { betas: [-0.6, -0.3, 1.2], pose: POSES.walk, turn: 60 },
    ]),
  [
    { betas: [], pose: POSES.walk, turn: 60 },
    { betas: [], pose: POSES.sit, turn: 60 },
    { betas: [], pose: POSES.squat, turn: 50 },
    { betas: [], pose: POSES.reach, turn: 15 },
    { betas: [], pose: POSES.bend, turn: 75 },
    { betas: [0.7, 0.3, -1.2], pose: POSES.stand, turn: 150 },
  ],
  [
    { betas: [], pose: POSES.elbow, turn: 20, closeUp: { at: [0.38, 0.18, 0], scale: 520 } },
    { betas: [], pose: POSES.foldedArm, turn: 40, closeUp: { at: [0.2, 0.05, 0], scale: 380 } },
    { betas: [], pose: POSES.knee, turn: 100, closeUp: { at: [0.13, -0.7, -0.1], scale: 380 } },
    { betas: [], pose: POSES.heelToSeat, turn: 60, closeUp: { at: [0.13, -0.7, -0.1], scale: 380 } },
    { betas: [], pose: POSES.liftedThigh, turn: 60, closeUp: { at: [0.1, -0.35, 0.1], scale: 300 } },
    { betas: [], pose: POSES.sit, turn: 25, closeUp: { at: [0, -0.35, 0.1], scale: 300 } },
  ],
  [
    { betas: [], pose: POSES.squat, turn: 40, closeUp: { at: [0, -0.35, 0.1], scale: 300 } },
    { betas: [], pose: POSES.stand, turn: 0, closeUp: { at: [0, 0.1, 0], scale: 330 } },
    { betas: [], pose: POSES.stand, turn: 140, closeUp: { at: [0, 0.1, 0], scale: 330 } },
    { betas: [], pose: POSES.reach, turn: -20, closeUp: { at: [0.1, 0.15, 0], scale: 330 } },
    { betas: [], pose: POSES.lunge, turn: -60, closeUp: { at: [0, -0.4, 0], scale: 250 } },
    { betas: [], pose: POSES.straddle, turn: 0, closeUp: { at: [0, -0.35, 0], scale: 250 } },
  ],
];

/** PNG bytes of a sheet: the T-pose from five sides, betas at -2 and +2, several poses, and folds from near. */
export function drawContactSheet(body: BodyModel): Uint8Array {
  const engine = createMeshEngine(body);
  const columns = Math.max(...CELLS.map((row) => row.length));
  const sheet = { width: columns * CELL.width, height: CELLS.length * CELL.height };
  const rgb = new Uint8Array(sheet.width * sheet.height * 3);
  CELLS.forEach((cells, row) => {
    cells.forEach((cell, column) => {
      const { positions } = engine.evaluateSync({ betas: cell.betas, frames: 1, poses: cell.pose, normals: false });
      const turn = (cell.turn * Math.PI) / 180;
      const { at, scale } = cell.closeUp ?? WHOLE;
      const eye = [at[0] + 5 * Math.sin(turn), at[1] + 0.43, at[2] + 5 * Math.cos(turn)] as const;
      const picture = renderMeshes({
        ...CELL,
        samples: 2,
        camera: lookAt(eye, at, [CELL.width / 2, CELL.height / 2], { kind: 'orthographic', scale }),
        light: { direction: [Math.sin(turn - 0.6), 0.8, Math.cos(turn - 0.6)], ambient: 0.35 },
        meshes: [{ positions, faces: body.faces, vertexColours: SKIN }],
        background: BACKGROUND,
      });
      for (let y = 0; y < CELL.height; y++) {
        const to = ((row * CELL.height + y) * sheet.width + column * CELL.width) * 3;
        rgb.set(picture.subarray(y * CELL.width * 3, (y + 1) * CELL.width * 3), to);
      }
    });
  });
  return encodePng(sheet.width, sheet.height, rgb);
}
