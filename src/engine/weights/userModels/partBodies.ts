import { join } from 'node:path';
import type { SmplGender } from '../../bodymodel/smpl/smplModel';
import { loadSmplBody } from '../../bodymodel/smplBodyFile';
import type { ImportedBody } from '../../bodymodel/bodyLibrary';
import type { UserModelStore } from './userModelStore';

/** File of an SMPL body in a part. */
export const BODY_FILE = 'body.bin';

/** Kinds of part that are SMPL bodies, by gender, in the order in which one is chosen where nothing is said. */
export const BODY_KINDS = {
  neutral: 'smpl-neutral',
  male: 'smpl-male',
  female: 'smpl-female',
} as const satisfies Record<SmplGender, string>;

/** The SMPL bodies in use, the neutral one first; for the body library. */
export function importedBodies(store: UserModelStore): ImportedBody[] {
  const parts = store.list().filter((part) => part.inUse);
  return Object.values(BODY_KINDS).flatMap((kind) => {
    const part = parts.find((candidate) => candidate.record.kind === kind);
    if (!part) return [];
    const { bodyId, bodyTitle } = part.record.facts;
    const load = () => loadSmplBody(join(part.folder, BODY_FILE), String(bodyTitle));
    return [{ id: String(bodyId), title: String(bodyTitle), load }];
  });
}
