import { AppError } from '#core/errors';
import type { BodyModel } from '#core/body/bodyModel';
import type { PartKind } from '#core/protocol/modelMessages';
import { readSmpl, smplGenderOf, smplOfCheckpoint } from '../../bodymodel/smpl/readSmpl';
import type { SmplGender } from '../../bodymodel/smpl/smplModel';
import { encodeSmplBody } from '../../bodymodel/smplBodyFile';
import { tensorsOf } from '../torch/stateDict';
import { BODY_FILE, BODY_KINDS } from '../userModels/partBodies';
import type { CompiledPart, CompiledSource } from './pendingPart';

/**
 * An SMPL body from a pickle or an npz.
 * @param expected the slot that a person chose: says whose body it is where the name does not
 * @throws AppError WEIGHTS_INVALID, BODY_INVALID
 */
export function compileBody(bytes: Uint8Array, name: string, expected: PartKind | undefined): CompiledSource {
  const chosen = expected && genderOf(expected);
  const named = smplGenderOf(name);
  // Read before its gender is asked for, so that what is no SMPL body at all says so first.
  const body = readSmpl(bytes, named ?? chosen ?? 'neutral', name);
  if (named ?? chosen) return { parts: [bodyPart(body, named ?? chosen ?? 'neutral', {})], notes: [] };
  throw new AppError(
    'WEIGHTS_INVALID',
    `${name} is an SMPL body, but neither its content nor its name says whether it is the neutral, male or female one.`,
    {
      hint: 'Choose it with "Where to get it" at its place on the models page, or with "retake models import --as KIND".',
    },
  );
}

/** The neutral body that a VIBE checkpoint carries; none where it was taken out. @throws AppError BODY_INVALID */
export function compileEmbeddedBody(stateDict: unknown, name: string): CompiledPart[] {
  const body = smplOfCheckpoint(tensorsOf(stateDict, name), name);
  if (!body) return [];
  return [{ ...bodyPart(body, 'neutral', { from: 'VIBE checkpoint' }), isEmbedded: true }];
}

function bodyPart(body: BodyModel, gender: SmplGender, more: CompiledPart['facts']): CompiledPart {
  const { id, title, vertexCount, shapeCount } = body;
  return {
    kind: BODY_KINDS[gender],
    // Notes stay empty: the same body from two files gives the same bytes.
    files: new Map([[BODY_FILE, [encodeSmplBody(body, {})]]]),
    facts: { bodyId: id, bodyTitle: title, vertices: vertexCount, shapes: shapeCount, ...more },
  };
}

function genderOf(kind: PartKind): SmplGender | undefined {
  return (Object.keys(BODY_KINDS) as SmplGender[]).find((gender) => BODY_KINDS[gender] === kind);
}
