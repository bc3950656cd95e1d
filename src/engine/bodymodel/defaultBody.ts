import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { BetasMap, BodyModel, TextureCoordinates } from '#core/body/bodyModel';
import { BODY_LANDMARKS } from '#core/body/bodyModel';
import { JOINT_COUNT } from '#core/body/skeleton';
import { AppError } from '#core/errors';
import type { ContainerArray } from './bodyContainer';
import { bodyInvalid, ContainerReader, decodeContainer, encodeContainer } from './bodyContainer';
import type { AddArray } from './containerParts';
import {
  addCorrectives,
  addRegressor,
  checkIndices,
  checkParents,
  readCorrectives,
  readRegressor,
} from './containerParts';

const aboutSchema = z.object({
  id: z.string().min(1),
  title: z.string().min(1),
  vertexCount: z.int().min(4).max(65_535),
  shapeCount: z.int().min(0).max(300),
  influences: z.int().min(1).max(8),
  parents: z.array(z.int()).length(JOINT_COUNT),
  landmarks: z.record(z.enum(BODY_LANDMARKS), z.int().min(0)),
  phenotypeInputs: z.array(z.string()),
  measureInputs: z.array(z.string()),
});

type About = z.infer<typeof aboutSchema>;

/** Facts about where a body file comes from, stored in it as they are. */
export type BodyFileNotes = Readonly<Record<string, unknown>>;

/** Quads (0,1,2,3) as triangles (0,1,2), (0,2,3). */
function trianglesOfQuads(quads: Uint16Array): Uint32Array {
  const triangles = new Uint32Array((quads.length / 4) * 6);
  for (let quad = 0; quad * 4 < quads.length; quad++) {
    [0, 1, 2, 0, 2, 3].forEach((corner, k) => {
      triangles[quad * 6 + k] = quads[quad * 4 + corner]!;
    });
  }
  return triangles;
}

function readSkin(reader: ContainerReader, about: About): BodyModel['skin'] {
  const size = about.vertexCount * about.influences;
  const joints = reader.u8('skinJoints', size);
  checkIndices('skinJoints', joints, JOINT_COUNT);
  const stored = reader.u16('skinWeights', size);
  const weights = new Float32Array(size);
  for (let vertex = 0; vertex < about.vertexCount; vertex++) {
    let sum = 0;
    for (let k = 0; k < about.influences; k++) sum += stored[vertex * about.influences + k]!;
    if (sum === 0) throw bodyInvalid(`vertex ${vertex} follows no joint`);
    for (let k = 0; k < about.influences; k++) {
      weights[vertex * about.influences + k] = stored[vertex * about.influences + k]! / sum;
    }
  }
  return { influences: about.influences, joints, weights };
}

function readTexture(reader: ContainerReader, faceCount: number): TextureCoordinates | undefined {
  if (!reader.has('uvs')) return undefined;
  const coordinates = Float32Array.from(reader.u16('uvs'), (value) => value / 65_535);
  const faces = trianglesOfQuads(reader.u16('uvQuads', (faceCount / 2) * 4));
  checkIndices('uvQuads', faces, coordinates.length / 2);
  return { coordinates, faces };
}

function readMap(reader: ContainerReader, name: string, inputs: string[], shapeCount: number): BetasMap | undefined {
  return inputs.length === 0 ? undefined : { inputs, rows: reader.f32(name, inputs.length * shapeCount) };
}

/**
 * Reads the bytes of Retake's own body file (layout in `bodyContainer`).
 * @throws AppError BODY_INVALID when anything in it is missing, cut off or points outside
 */
export function parseBodyFile(bytes: Uint8Array): BodyModel {
  const content = decodeContainer(bytes);
  const parsed = aboutSchema.safeParse(content.about);
  if (!parsed.success) throw bodyInvalid('its description is incomplete', parsed.error);
  const about = parsed.data;
  const { vertexCount, shapeCount, parents } = about;
  checkParents(parents);
  checkIndices('landmarks', Object.values(about.landmarks), vertexCount);
  const reader = new ContainerReader(content);
  const faces = trianglesOfQuads(reader.u16('quads'));
  checkIndices('quads', faces, vertexCount);
  const mirror = Uint32Array.from(reader.u16('mirror', vertexCount));
  checkIndices('mirror', mirror, vertexCount);
  const texture = readTexture(reader, faces.length / 3);
  const phenotypeToBetas = readMap(reader, 'phenotypeToBetas', about.phenotypeInputs, shapeCount);
  const measureToBetas = readMap(reader, 'measureToBetas', about.measureInputs, shapeCount);
  return {
    id: about.id,
    title: about.title,
    vertexCount,
    faceCount: faces.length / 3,
    template: reader.f32('template', vertexCount * 3),
    faces,
    shapeCount,
    shapeDirections: reader.f16('shapeDirections', shapeCount * vertexCount * 3),
    poseCorrectives: readCorrectives(reader, vertexCount, 'f16'),
    jointRegressor: readRegressor(reader, vertexCount),
    skin: readSkin(reader, about),
    parents,
    landmarks: about.landmarks,
    mirror,
    ...(texture === undefined ? {} : { texture }),
    ...(phenotypeToBetas === undefined ? {} : { phenotypeToBetas }),
    ...(measureToBetas === undefined ? {} : { measureToBetas }),
  };
}

/**
 * The default body from its file, normally resources/body/default-body.bin.
 * @throws AppError BODY_INVALID when the file is not there or not a body
 */
export async function loadDefaultBody(path: string): Promise<BodyModel> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new AppError('BODY_INVALID', `The default body could not be read from ${path}.`, {
      hint: 'Install Retake again, or rebuild the file with "npm run build:body".',
      cause: error,
    });
  }
  return parseBodyFile(bytes);
}

/** What {@link encodeBodyFile} needs beyond the model: faces as quads, since the file stores those. */
export interface BodyFileParts {
  body: BodyModel;
  /** quadCount * 4 vertex indices; `body.faces` is their triangulation. */
  quads: ArrayLike<number>;
  /** quadCount * 4 indices of texture coordinates. */
  uvQuads: ArrayLike<number>;
  notes: BodyFileNotes;
}

/** Bytes of the body file; the same parts always give the same bytes. The body must have landmarks and a mirror map. */
export function encodeBodyFile({ body, quads, uvQuads, notes }: BodyFileParts): Uint8Array {
  const { vertexCount, shapeCount, skin, jointRegressor } = body;
  const arrays = new Map<string, ContainerArray>();
  const add: AddArray = (name, type, shape, values) => {
    arrays.set(name, { type, shape, values });
  };
  add('template', 'f32', [vertexCount, 3], body.template);
  add('quads', 'u16', [quads.length / 4, 4], quads);
  add('shapeDirections', 'f16', [shapeCount, vertexCount, 3], body.shapeDirections);
  addCorrectives(add, body.poseCorrectives, 'f16');
  addRegressor(add, jointRegressor);
  add('skinJoints', 'u8', [vertexCount, skin.influences], skin.joints);
  add(
    'skinWeights',
    'u16',
    [vertexCount, skin.influences],
    skin.weights.map((weight) => Math.round(weight * 65_535)),
  );
  if (body.mirror) add('mirror', 'u16', [vertexCount], body.mirror);
  if (body.texture) {
    const { coordinates } = body.texture;
    add(
      'uvs',
      'u16',
      [coordinates.length / 2, 2],
      coordinates.map((value) => Math.round(value * 65_535)),
    );
    add('uvQuads', 'u16', [uvQuads.length / 4, 4], uvQuads);
  }
  for (const [name, map] of [
    ['phenotypeToBetas', body.phenotypeToBetas],
    ['measureToBetas', body.measureToBetas],
  ] as const) {
    if (map) add(name, 'f32', [map.inputs.length, shapeCount], map.rows);
  }
  const about = {
    id: body.id,
    title: body.title,
    vertexCount,
    shapeCount,
    influences: skin.influences,
    parents: body.parents,
    landmarks: body.landmarks,
    phenotypeInputs: body.phenotypeToBetas?.inputs ?? [],
    measureInputs: body.measureToBetas?.inputs ?? [],
    notes,
  };
  return encodeContainer(about, arrays);
}
