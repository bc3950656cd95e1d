import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { JOINT_COUNT } from '#core/body/skeleton';
import { bySeverity, placesOf } from '#core/review/places';
import type { Suspect } from '#core/review/signal';
import { rateSuspicion } from '#core/review/suspicion';
import { BOX_ORIGIN } from '#core/tracks/track';
import { somebody } from './documents';

const truthSchema = z.object({
  fps: z.number(),
  camera: z.object({ width: z.number(), height: z.number() }),
  people: z.array(z.object({ id: z.number() })),
  frames: z.array(
    z.object({
      people: z.array(z.object({ id: z.number(), box: z.array(z.number()), joints3d: z.array(z.array(z.number())) })),
    }),
  ),
});

/** The exact motion of the sample clip: whatever is suspect in it would be a false alarm. */
function truth() {
  const path = join(import.meta.dirname, '../../../resources/sample/sample-truth.json');
  const { fps, camera, people, frames } = truthSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  const n = frames.length;
  const suspects = people.map(({ id }): Suspect => {
    const rows = { boxes: new Float64Array(n * 4), scores: new Float32Array(n), origins: new Uint8Array(n) };
    const joints = new Float32Array(n * JOINT_COUNT * 3);
    frames.forEach((frame, index) => {
      const own = frame.people.find((entry) => entry.id === id);
      if (!own) return;
      rows.boxes.set(own.box, index * 4);
      rows.origins[index] = BOX_ORIGIN.detected;
      joints.set(own.joints3d.flat(), index * JOINT_COUNT * 3);
    });
    const present = rows.origins.map((origin) => (origin === BOX_ORIGIN.detected ? 1 : 0));
    const confidences = new Float32Array(n).fill(0.9);
    return { person: somebody(id), rows, motion: { present, confidences, joints } };
  });
  return { suspects, clip: { seconds: Float64Array.from({ length: n }, (_, at) => at / fps), ...camera } };
}

it('finds nothing wrong with the exact motion of the sample', () => {
  const { suspects, clip } = truth();
  const places = bySeverity(rateSuspicion(suspects, clip).flatMap((suspicion) => placesOf(suspicion, [])));
  expect(places).toEqual([]);
});

it('finds the frames on which its two people were exchanged', () => {
  const { suspects, clip } = truth();
  const [first, second] = suspects;
  if (!first || !second) throw new Error('the sample has two people');
  const swapped = { ...first.rows, boxes: first.rows.boxes.slice() };
  swapped.boxes.set(second.rows.boxes.subarray(100 * 4, 110 * 4), 100 * 4);
  const places = bySeverity(rateSuspicion([{ ...first, rows: swapped }], clip).flatMap((one) => placesOf(one, [])));
  expect(places.map(({ reason, from }) => [reason, from])).toContainEqual(['boxJump', 100]);
});
