import { z } from 'zod';
import type { BetasMap, BodyModel, TextureCoordinates } from '#core/body/bodyModel';
import { BODY_LANDMARKS } from '#core/body/bodyModel';
import type { ContainerArray } from './bodyContainer';
import { bodyInvalid, type ContainerReader, encodeContainer } from './bodyContainer';
import type { AddArray } from './containerParts';
import { aboutFields, addShape, checkIndices, openBody, readBody, readMirror, readShape } from './containerParts';

const aboutSchema = z.object({
  ...aboutFields,
  influences: z.int().min(1).max(8),
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

function readSkin(reader: ContainerReader, about: About, joints: Uint8Array): BodyModel['skin'] {
  const size = joints.length;
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
  const { about, reader } = openBody(bytes, aboutSchema);
  const { vertexCount, shapeCount, parents } = about;
  checkIndices('landmarks', Object.values(about.landmarks), vertexCount);
  const faces = trianglesOfQuads(reader.u16('quads'));
  checkIndices('quads', faces, vertexCount);
  const { skinJoints, ...shape } = readShape(reader, about, 'f16');
  const texture = readTexture(reader, faces.length / 3);
  const phenotypeToBetas = readMap(reader, 'phenotypeToBetas', about.phenotypeInputs, shapeCount);
  const measureToBetas = readMap(reader, 'measureToBetas', about.measureInputs, shapeCount);
  return {
    id: about.id,
    title: about.title,
    vertexCount,
    faceCount: faces.length / 3,
    faces,
    shapeCount,
    ...shape,
    skin: readSkin(reader, about, skinJoints),
    parents,
    landmarks: about.landmarks,
    mirror: readMirror(reader, vertexCount),
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
  return readBody(path, parseBodyFile, {
    what: 'The default body',
    hint: 'Install Retake again, or rebuild the file with "npm run build:body".',
  });
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
  const { vertexCount, shapeCount, skin } = body;
  const arrays = new Map<string, ContainerArray>();
  const add: AddArray = (name, type, shape, values) => {
    arrays.set(name, { type, shape, values });
  };
  add('template', 'f32', [vertexCount, 3], body.template);
  add('quads', 'u16', [quads.length / 4, 4], quads);
  addShape(add, body, 'f16');
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
