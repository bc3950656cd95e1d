import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { BodyModel } from '#core/body/bodyModel';
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
import type { BodyFileNotes } from './defaultBody';

const aboutSchema = z.object({
  format: z.literal('smpl-exact'),
  id: z.string().min(1),
  title: z.string().min(1),
  vertexCount: z.int().min(4).max(65_535),
  shapeCount: z.int().min(0).max(300),
  influences: z.int().min(1).max(JOINT_COUNT),
  parents: z.array(z.int()).length(JOINT_COUNT),
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
  add('shapeDirections', 'f32', [shapeCount, vertexCount, 3], body.shapeDirections);
  addCorrectives(add, body.poseCorrectives, 'f32');
  addRegressor(add, body.jointRegressor);
  add('skinJoints', 'u8', [vertexCount, skin.influences], skin.joints);
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
  const content = decodeContainer(bytes);
  const parsed = aboutSchema.safeParse(content.about);
  if (!parsed.success) throw bodyInvalid('its description is incomplete', parsed.error);
  const { id, title, vertexCount, shapeCount, influences, parents } = parsed.data;
  checkParents(parents);
  const reader = new ContainerReader(content);
  const faces = Uint32Array.from(reader.u16('triangles'));
  if (faces.length % 3 !== 0) throw bodyInvalid('its triangles are cut off');
  checkIndices('triangles', faces, vertexCount);
  const joints = reader.u8('skinJoints', vertexCount * influences);
  checkIndices('skinJoints', joints, JOINT_COUNT);
  const mirror = reader.has('mirror') ? Uint32Array.from(reader.u16('mirror', vertexCount)) : undefined;
  if (mirror) checkIndices('mirror', mirror, vertexCount);
  return {
    id,
    title,
    vertexCount,
    faceCount: faces.length / 3,
    template: reader.f32('template', vertexCount * 3),
    faces,
    shapeCount,
    shapeDirections: reader.f32('shapeDirections', shapeCount * vertexCount * 3),
    poseCorrectives: readCorrectives(reader, vertexCount, 'f32'),
    jointRegressor: readRegressor(reader, vertexCount),
    skin: { influences, joints, weights: reader.f32('skinWeights', vertexCount * influences) },
    parents,
    ...(mirror ? { mirror } : {}),
  };
}

/**
 * An imported SMPL model from the model store.
 * @throws AppError BODY_INVALID when the file is not there or not such a body
 */
export async function loadSmplBody(path: string): Promise<BodyModel> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new AppError('BODY_INVALID', `The body model could not be read from ${path}.`, {
      hint: 'Import the SMPL model again.',
      cause: error,
    });
  }
  return parseSmplBody(bytes);
}
