import { createHash } from 'node:crypto';
import type { ProjectSession } from '#engine/project/projectSession';

/** Digests of the motion of everybody in each kept run, by its id. */
export function keptDigests({ kept }: ProjectSession): Record<string, string> {
  return Object.fromEntries(
    kept.list().map(({ id, people }) => {
      const hash = createHash('sha256');
      for (const { person } of people) {
        const { keys, poses, translations, betas } = kept.motion(id).get(person) ?? {};
        for (const values of [keys, poses, translations, betas]) if (values) hash.update(new Uint8Array(values.buffer));
      }
      return [id, hash.digest('hex').slice(0, 16)];
    }),
  );
}
