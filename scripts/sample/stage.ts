import type { BodyModel } from '#core/body/bodyModel';
import { JOINT } from '#core/body/skeleton';
import type { Camera, Colour, RenderMesh } from '../body/rasterise';
import { renderMeshes } from '../body/rasterise';
import type { Dancer } from './choreography';

/** Size of the picture, px. */
export const STAGE = { width: 1280, height: 720 } as const;

/** The true camera: level, 1.35 m above the floor, 4.7 m in front of the middle of the stage. */
export const STAGE_CAMERA = { focal: 1150, height: 1.35, distance: 4.7 } as const;

/** Light from above left, as a window would give it. */
export const STAGE_LIGHT = { direction: [-0.5, 0.9, 0.75] as const, ambient: 0.42 };

/** The camera of the renderer, from scene axes. */
export const renderCamera: Camera = {
  kind: 'perspective',
  focal: STAGE_CAMERA.focal,
  rotation: [1, 0, 0, 0, -1, 0, 0, 0, -1],
  translation: [0, STAGE_CAMERA.height, STAGE_CAMERA.distance],
  centre: [STAGE.width / 2, STAGE.height / 2],
};

const SKIN: Colour = [206, 158, 128];
const SHOES: Colour = [232, 232, 228];

/** Clothes by colour: each vertex takes the colour of the joint it follows most. */
export function dress(body: BodyModel, dancer: Dancer): Uint8Array {
  const colours = new Uint8Array(body.vertexCount * 3);
  const legs = new Set<number>([JOINT.pelvis, JOINT.leftHip, JOINT.rightHip, JOINT.leftKnee, JOINT.rightKnee]);
  const feet = new Set<number>([JOINT.leftAnkle, JOINT.rightAnkle, JOINT.leftFoot, JOINT.rightFoot]);
  const bare = new Set<number>([
    JOINT.head,
    JOINT.neck,
    JOINT.leftWrist,
    JOINT.rightWrist,
    JOINT.leftHand,
    JOINT.rightHand,
  ]);
  const { influences, joints } = body.skin;
  let crown = -Infinity;
  for (let vertex = 0; vertex < body.vertexCount; vertex++) crown = Math.max(crown, body.template[vertex * 3 + 1] ?? 0);
  for (let vertex = 0; vertex < body.vertexCount; vertex++) {
    const joint = joints[vertex * influences] ?? 0;
    const [x, y, z] = [0, 1, 2].map((k) => body.template[vertex * 3 + k] ?? 0) as [number, number, number];
    let colour: Colour = dancer.shirt;
    if (feet.has(joint)) colour = SHOES;
    else if (legs.has(joint)) colour = dancer.trousers;
    else if (bare.has(joint)) colour = SKIN;
    else if (Math.abs(x) > 0.36) colour = SKIN;
    const isHair = joint === JOINT.head && (y > crown - 0.055 || (z < 0.02 && y > crown - 0.19));
    colours.set(isHair ? dancer.hair : colour, vertex * 3);
  }
  return colours;
}

function quad(corners: readonly (readonly [number, number, number])[], colour: Colour): RenderMesh {
  return {
    positions: corners.flat(),
    faces: [0, 1, 2, 0, 2, 3],
    vertexColours: colour,
    doubleSided: true,
    unlit: true,
  };
}

function floorTiles(): RenderMesh[] {
  const tiles: RenderMesh[] = [];
  for (let i = -8; i < 8; i++) {
    for (let j = -6; j < 9; j++) {
      const [x, z] = [i * 0.75, j * 0.75 - 2];
      const shade = ((i + j) & 1) === 0 ? 0 : 9;
      const colour: Colour = [150 - shade + j * 2, 140 - shade + j * 2, 126 - shade + j];
      const ring = [
        [x, 0, z],
        [x + 0.75, 0, z],
        [x + 0.75, 0, z + 0.75],
        [x, 0, z + 0.75],
      ] as const;
      tiles.push(quad(ring, colour));
    }
  }
  return tiles;
}

function wall(): RenderMesh[] {
  const z = -3.6;
  const panels: RenderMesh[] = [];
  for (let i = -6; i < 6; i++) {
    const x = i * 1.2;
    const tone = 168 + ((i * 37) % 11);
    panels.push(
      quad(
        [
          [x, 0.25, z],
          [x + 1.2, 0.25, z],
          [x + 1.2, 4, z],
          [x, 4, z],
        ],
        [tone, tone + 4, tone + 9],
      ),
    );
  }
  panels.push(
    quad(
      [
        [-8, 0, z],
        [8, 0, z],
        [8, 0.25, z],
        [-8, 0.25, z],
      ],
      [110, 112, 118],
    ),
  );
  panels.push(
    quad(
      [
        [1.5, 1.1, z + 0.02],
        [3.1, 1.1, z + 0.02],
        [3.1, 2.5, z + 0.02],
        [1.5, 2.5, z + 0.02],
      ],
      [206, 224, 236],
    ),
  );
  panels.push(
    quad(
      [
        [-3.4, 1.0, z + 0.02],
        [-2.2, 1.0, z + 0.02],
        [-2.2, 2.3, z + 0.02],
        [-3.4, 2.3, z + 0.02],
      ],
      [120, 96, 84],
    ),
  );
  return panels;
}

/** Film grain that stays the same on every frame: a generator with a fixed seed. */
function addGrain(picture: Uint8Array): void {
  let state = 12345;
  for (let at = 0; at < picture.length; at++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    picture[at] = Math.max(0, Math.min(255, (picture[at] ?? 0) + ((state >>> 16) % 7) - 3));
  }
}

/** The empty stage, drawn once. */
export function renderStage(): Uint8Array {
  const meshes = [...floorTiles(), ...wall()];
  const picture = renderMeshes({ ...STAGE, camera: renderCamera, meshes, background: [150, 160, 172], samples: 2 });
  addGrain(picture);
  return picture;
}

/** A soft shadow on the floor below a body: discs that darken what is there. */
export function castShadow(picture: Uint8Array, x: number, z: number): void {
  const { focal, height, distance } = STAGE_CAMERA;
  const depth = distance - z;
  const centreX = STAGE.width / 2 + (focal * (x + 0.12)) / depth;
  const centreY = STAGE.height / 2 + (focal * height) / depth;
  const radiusX = (focal * 0.42) / depth;
  const radiusY = radiusX * 0.24;
  for (let row = Math.floor(centreY - radiusY); row <= centreY + radiusY; row++) {
    for (let column = Math.floor(centreX - radiusX); column <= centreX + radiusX; column++) {
      if (row < 0 || row >= STAGE.height || column < 0 || column >= STAGE.width) continue;
      const reach = ((column - centreX) / radiusX) ** 2 + ((row - centreY) / radiusY) ** 2;
      if (reach >= 1) continue;
      const keep = 1 - 0.5 * (1 - reach) ** 0.8;
      for (let k = 0; k < 3; k++) {
        const at = (row * STAGE.width + column) * 3 + k;
        picture[at] = Math.round((picture[at] ?? 0) * keep);
      }
    }
  }
}
