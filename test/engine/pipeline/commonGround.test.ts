import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { BodyModel } from '#core/body/bodyModel';
import { JOINT, JOINT_COUNT } from '#core/body/skeleton';
import { loadDefaultBody } from '#engine/bodymodel/defaultBody';
import type { PersonMotion } from '#engine/estimation/estimator';
import { pointToScene, type SceneTransform } from '#engine/export/scene';
import { SkeletonPoser } from '#engine/pipeline/posedJoints';
import { type SceneFrame, standingScene } from '#engine/pipeline/sceneFrame';
import type { FittedPerson } from '#engine/pipeline/upright';
import type { ChosenRows } from '#engine/project/chosenRows';
import { ShownMotion } from '#engine/project/shownMotion';

const FRAMES = 60;
const options = { seconds: Array.from({ length: FRAMES }, (_, frame) => frame / 30) };
let body: BodyModel;

beforeAll(async () => {
  body = await loadDefaultBody(join(import.meta.dirname, '../../../resources/body/default-body.bin'));
});

/** Somebody who stands at a place (pelvis, m from a level camera) and was taken for `size` times as tall as they are. */
function stander(side: number, depth: number, size = 1): PersonMotion {
  const motion: PersonMotion = {
    ...{ start: 0, length: FRAMES, present: new Uint8Array(FRAMES).fill(1) },
    ...{ poses: new Float32Array(FRAMES * 72), translations: new Float32Array(FRAMES * 3) },
    ...{ betas: new Float32Array(10), confidences: new Float32Array(FRAMES).fill(0.9) },
  };
  const pelvis = new SkeletonPoser(body, motion).restJoints;
  for (let row = 0; row < FRAMES; row++) {
    motion.poses[row * 72] = Math.PI;
    [side, 0.6, depth].forEach((place, c) => (motion.translations[row * 3 + c] = place - pelvis[c]!));
  }
  const rows = { slice: () => motion } as unknown as ChosenRows;
  return new ShownMotion(rows, body, 12, new Map([['', size]])).slice({ id: '' }, 0, FRAMES)!;
}

/** What is shown of people whose motion is stored, sized as the scene says. */
function shownOf(stored: readonly PersonMotion[], { sizes }: SceneFrame): { shown: ShownMotion; rows: PersonMotion[] } {
  const store = { slice: (id: string) => stored[Number(id)], addressVersion: () => 77 } as unknown as ChosenRows;
  const shown = new ShownMotion(store, body, 12, new Map(sizes.map((size, k) => [`${k}`, size])));
  return { shown, rows: stored.map((_, k) => shown.slice({ id: `${k}` }, 0, FRAMES)!) };
}

const fitted = (motion: PersonMotion): FittedPerson => ({ body, motion });

function jointsOf(motion: PersonMotion): Float64Array {
  const joints = new Float64Array(JOINT_COUNT * 3);
  new SkeletonPoser(body, motion).pose(10, joints, 0);
  return joints;
}

/** m of the ankles over the scene's ground. */
function ankleHeight(motion: PersonMotion, transform: SceneTransform): number {
  const place = [0, 0, 0];
  pointToScene(transform, jointsOf(motion), place, JOINT.leftAnkle * 3);
  return place[1]!;
}

describe('people on one ground', () => {
  it('stand on it together though their statures were taken wrongly, and stay where they are in the picture', () => {
    const stored = [stander(-0.5, 4, 1.04), stander(0.6, 5, 0.97)];
    const before = standingScene(stored.map(fitted), { ...options, hasCuts: true });
    const apart = (people: PersonMotion[], { transform }: SceneFrame) =>
      Math.abs(ankleHeight(people[0]!, transform) - ankleHeight(people[1]!, transform));
    expect(apart(stored, before)).toBeGreaterThan(0.08);
    const scene = standingScene(stored.map(fitted), options);
    const { rows } = shownOf(stored, scene);
    expect(apart(rows, scene)).toBeLessThan(0.015);
    for (const row of rows) expect(ankleHeight(row, scene.transform)).toBeGreaterThan(0.05);
    for (const row of rows) expect(ankleHeight(row, scene.transform)).toBeLessThan(0.11);
    stored.forEach((motion, k) => {
      const [old, made] = [jointsOf(motion), jointsOf(rows[k]!)];
      for (let at = 0; at < old.length; at += 3) {
        for (const c of [0, 1]) {
          // 1,000 px of focal length: a person is about 400 px tall.
          const moved = 1000 * Math.abs(made[at + c]! / made[at + 2]! - old[at + c]! / old[at + 2]!);
          expect(moved).toBeLessThan(1.5);
        }
      }
    });
  });

  it('say so, with the statures that they have then', () => {
    const scene = standingScene([stander(-0.5, 4, 1.04), stander(0.6, 5, 0.97)].map(fitted), options);
    expect(scene.assumptions.join('; ')).toMatch(
      /^Scale assumed: 1\.\d\d m(, 1\.\d\d m)? tall; .*the ground is where people stand; People are assumed to stand on one ground, for which their sizes were changed by up to \d %$/,
    );
  });

  it('change nothing that is stored; what is shown has another address with each size', () => {
    const stored = [stander(-0.5, 4, 1.04), stander(0.6, 5, 0.97)];
    const copies = stored.map(({ translations, betas }) => [translations.slice(), betas.slice()]);
    const scene = standingScene(stored.map(fitted), options);
    const { shown, rows } = shownOf(stored, scene);
    stored.forEach(({ translations, betas }, k) => expect([translations, betas]).toEqual(copies[k]));
    expect(rows[0]!.poses).toEqual(stored[0]!.poses);
    const addresses = [shown.addressVersion({ id: '0' }), shown.addressVersion({ id: '1' })];
    const unsized = shownOf(stored, { ...scene, sizes: [1, 1] }).shown.addressVersion({ id: '0' });
    expect(new Set([...addresses, unsized]).size).toBe(3);
    expect(shownOf(stored, scene).shown.addressVersion({ id: '0' })).toBe(addresses[0]);
    expect(shown.addressVersion({ id: 'somebody else' })).toBe(unsized);
  });

  it('have the size that a human gave them', () => {
    const stored = [stander(-0.5, 4, 1.04), stander(0.6, 5)];
    const people = stored.map((motion, k) => ({ ...fitted(motion), isHeightGiven: k === 0 }));
    const scene = standingScene(people, options);
    expect(scene.sizes[0]).toBe(1);
    expect(scene.sizes[1]).toBeGreaterThan(1.005);
    const { shown } = shownOf(stored, { ...scene, sizes: [1.05, 1] });
    const shapeEdit = { bodyModel: body.id, betas: [0.5] };
    expect(shown.slice({ id: '0', shapeEdit }, 0, FRAMES)!.betas[0]).toBe(0.5);
  });

  it('are left as they are where the clip has cuts, and where somebody is alone', () => {
    const stored = [stander(-0.5, 4, 1.04), stander(0.6, 5, 0.97)].map(fitted);
    expect(standingScene(stored, { ...options, hasCuts: true }).sizes).toEqual([1, 1]);
    const alone = standingScene(stored.slice(0, 1), options);
    expect(alone.sizes).toEqual([1]);
    expect(alone.assumptions.join()).toMatch(/the ground is where the lowest contact of the clip is$/);
  });

  it('are left as they are where somebody sits on another level, which is not pressed down', () => {
    const stored = [stander(-0.5, 4), stander(0.6, 5), stander(0.2, 4.5)];
    for (let row = 0; row < FRAMES; row++) stored[2]!.translations[row * 3 + 1]! -= 0.8;
    const scene = standingScene(stored.map(fitted), options);
    expect(scene.sizes).toEqual([1, 1, 1]);
    expect(scene.assumptions.join()).toMatch(/2 of 3 people are assumed to stand on one ground/);
    expect(ankleHeight(stored[2]!, scene.transform)).toBeGreaterThan(0.8);
  });
});
