import { z } from 'zod';
import type { BodyModel } from '#core/body/bodyModel';
import { JOINT_COUNT } from '#core/body/skeleton';
import type { ContainerArray } from './bodyContainer';
import { bodyInvalid, encodeContainer } from './bodyContainer';
import type { AddArray } from './containerParts';
import { aboutFields, addShape, checkIndices, openBody, readBody, readMirror, readShape } from './containerParts';
import type { BodyFileNotes } from './defaultBody';

const aboutSchema = z.object({
  format: z.literal('smpl-exact'),
  ...aboutFields,
  influences: z.int().min(1).max(JOINT_COUNT),
});

/**
 * Bytes of an imported SMPL model for the user's model store: Retake's body container with exact float32 numbers, so that
 * it poses as its source does. The same model gives the same bytes.
 * @param notes facts about where it comes from, stored as they are
 */
export function encodeSmplBody(body: BodyModel, notes: BodyFileNotes): Uint8Array {
  const { id, title, vertexCount, shapeCount, skin, parents } = body;
  const arrays = new Map<string, ContainerArray>();
  const add: AddArray = (name, type, shape, values) => {
    arrays.set(name, { type, shape, values });
  };
  add('template', 'f32', [vertexCount, 3], body.template);
  add('triangles', 'u16', [body.faceCount, 3], body.faces);
  addShape(add, body, 'f32');
  add('skinWeights', 'f32', [vertexCount, skin.influences], skin.weights);
  if (body.mirror) add('mirror', 'u16', [vertexCount], body.mirror);
  const about = {
    format: 'smpl-exact',
    id,
    title,
    vertexCount,
    shapeCount,
    influences: skin.influences,
    parents,
    notes,
  };
  return encodeContainer(about, arrays);
}

/**
 * Reads what {@link encodeSmplBody} wrote.
 * @throws AppError BODY_INVALID when anything in it is missing, cut off or points outside
 */
export function parseSmplBody(bytes: Uint8Array): BodyModel {
  const { about, reader } = openBody(bytes, aboutSchema);
  const { id, title, vertexCount, shapeCount, influences, parents } = about;
  const faces = Uint32Array.from(reader.u16('triangles'));
  if (faces.length % 3 !== 0) throw bodyInvalid('its triangles are cut off');
  checkIndices('triangles', faces, vertexCount);
  const { skinJoints: joints, ...shape } = readShape(reader, about, 'f32');
  return {
    id,
    title,
    vertexCount,
    faceCount: faces.length / 3,
    faces,
    shapeCount,
    ...shape,
    skin: { influences, joints, weights: reader.f32('skinWeights', vertexCount * influences) },
    parents,
    ...(reader.has('mirror') ? { mirror: readMirror(reader, vertexCount) } : {}),
  };
}

/**
 * An imported SMPL model from the model store.
 * @param title its name for people
 * @throws AppError BODY_INVALID when the file is not there or not such a body
 */
export async function loadSmplBody(path: string, title: string): Promise<BodyModel> {
  return readBody(path, parseSmplBody, {
    what: `The imported body ${title}`,
    hint: `Remove ${title} on the models page and import its SMPL file again.`,
  });
}
