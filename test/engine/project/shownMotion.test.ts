import { existsSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import fc from 'fast-check';
import { planResetPose, planResetShape, planShape, planTurnJoint } from '#core/document/bodyEdits';
import type { ProjectSession } from '#engine/project/projectSession';
import { answerBulk } from '#engine/bulk';
import { SkeletonPoser } from '#engine/pipeline/posedJoints';
import { loadDefaultBody } from '#engine/bodymodel/defaultBody';
import { createJointTemplate } from '#core/body/kinematics';
import { editedBetas, reshapedTranslations } from '#core/body/shapeLayer';
import type { Workspace } from '#engine/workspace';
import { applyPlan, FakeProject, personAt, resultsOf, run } from '../pipeline/fakeProject';
import { walker } from '../pipeline/madeUpVideo';

vi.mock('#engine/video/decodeStream', async (original) => {
  const { fakeDecodeFrames } = await import('../pipeline/fakeDecoder');
  return { ...(await original<object>()), decodeFrames: fakeDecodeFrames };
});

const FRAMES = 90;
const BODY = 'retake-default-1';

async function finished() {
  const project = new FakeProject([walker(100)], FRAMES);
  const session = project.open();
  await run(session);
  return { project, session };
}

const shownOf = (session: ProjectSession, from = 0, to = FRAMES) =>
  session.shown.slice(session.requirePerson(personAt(session, 0)), from, to);

function turnKnee(session: ProjectSession, x = 0.7): void {
  const wanted = [x, 0, 0];
  const turn = { frame: 40, joint: 4, kind: 'offset', estimate: [0, 0, 0], wanted } as const;
  applyPlan(session, planTurnJoint(session.document, personAt(session, 0), turn));
}

const shape = { bodyModel: BODY, betas: [1.5, -0.5] };

describe('motion as it is shown', () => {
  it('has another address on another file of the body, which keeps its id, and the same on the same', async () => {
    const { project, session } = await finished();
    const before = [resultsOf(session, 0).version, resultsOf(session, 0).newestVersion];
    await session.close();
    project.bodyFile = 'ab12'.repeat(16);
    const other = project.open();
    const after = [resultsOf(other, 0).version, resultsOf(other, 0).newestVersion];
    turnKnee(other);
    const edited = resultsOf(other, 0).version;
    await other.close();
    expect(after[0]).not.toBe(before[0]);
    expect(after[1]).not.toBe(before[1]);
    const again = project.open();
    expect(resultsOf(again, 0).version).toBe(edited);
    await again.close();
    project.bodyFile = 'cd34'.repeat(16);
    const third = project.open();
    expect(resultsOf(third, 0).version).not.toBe(edited);
    await third.close();
  });

  it('is the estimate bit by bit without edits, and again after undo and after a reset', async () => {
    const { session } = await finished();
    const estimate = session.shown.estimate(personAt(session, 0), 0, FRAMES);
    const { version } = resultsOf(session, 0);
    expect(shownOf(session)).toEqual(estimate);
    turnKnee(session);
    applyPlan(session, planShape(session.document, personAt(session, 0), shape));
    expect(shownOf(session)).not.toEqual(estimate);
    expect(session.shown.estimate(personAt(session, 0), 0, FRAMES)).toEqual(estimate);
    session.store.undo();
    session.store.undo();
    expect(shownOf(session)).toEqual(estimate);
    expect(resultsOf(session, 0).version).toBe(version);
    session.store.redo();
    session.store.redo();
    applyPlan(session, planResetPose(session.document, personAt(session, 0)));
    applyPlan(session, planResetShape(session.document, personAt(session, 0)));
    expect(shownOf(session)).toEqual(estimate);
    await session.close();
  });

  it('survives a restart, and a rerun of the estimate does not take it away', async () => {
    const { project, session } = await finished();
    turnKnee(session);
    const before = shownOf(session);
    await session.close();
    const again = project.open();
    expect(shownOf(again)).toEqual(before);
    await run(again);
    expect(shownOf(again)?.poses[40 * 72 + 12]).toBeCloseTo(0.7, 5);
    await again.close();
  });

  it('has another address for each state, and keeps nothing under an address that is not its own', async () => {
    const { session } = await finished();
    const versions = new Set([resultsOf(session, 0).version]);
    const old = resultsOf(session, 0).version;
    for (const x of [0.1, 0.2, 0.3]) {
      turnKnee(session, x);
      versions.add(resultsOf(session, 0).version);
    }
    applyPlan(session, planShape(session.document, personAt(session, 0), shape));
    const now = resultsOf(session, 0).version;
    versions.add(now);
    expect(versions.size).toBe(5);
    expect([...versions].every(Number.isSafeInteger)).toBe(true);
    const workspace = { session: () => session } as unknown as Workspace;
    const ask = (version: number) =>
      answerBulk(
        workspace,
        `/bulk/projects/p/motion?person=${personAt(session, 0)}&from=0&to=9&version=${version}`,
        new AbortController().signal,
      );
    expect((await ask(now)).headers['Cache-Control']).toContain('immutable');
    expect((await ask(old)).headers['Cache-Control']).toBe('no-store');
    await session.close();
  });

  it('never shows a shape on a body it was not made for', async () => {
    const { session } = await finished();
    const before = shownOf(session);
    const { version } = resultsOf(session, 0);
    applyPlan(session, planShape(session.document, personAt(session, 0), { ...shape, bodyModel: 'smpl-other' }));
    expect(shownOf(session)).toEqual(before);
    expect(resultsOf(session, 0).version).toBe(version);
    await session.close();
  });

  it('says that a height is given where it is', async () => {
    const { session } = await finished();
    expect(session.results().assumptions[0]).toMatch(/^Scale assumed: /);
    applyPlan(session, planShape(session.document, personAt(session, 0), shape));
    expect(session.results().assumptions[0]).toMatch(/^Height given: /);
    await session.close();
  });

  it('makes no edit of what is locked, outside of the clip or no number', async () => {
    const { session } = await finished();
    const turn = { frame: 40, joint: 4, kind: 'offset', estimate: [0, 0, 0], wanted: [0, 0, 0] } as const;
    const id = personAt(session, 0);
    expect(planTurnJoint(session.document, id, { ...turn, frame: FRAMES })).toBeUndefined();
    expect(planTurnJoint(session.document, id, { ...turn, wanted: [Number.NaN, 0, 0] })).toBeUndefined();
    expect(planShape(session.document, id, { ...shape, betas: [Infinity] })).toBeUndefined();
    const people = session.document.people.map((person) => ({ ...person, locked: true }));
    expect(planTurnJoint({ ...session.document, people }, id, turn)).toBeUndefined();
    await session.close();
  });
});

describe('another shape', () => {
  const file = 'resources/body/default-body.bin';

  it.runIf(existsSync(file))('keeps the feet on their place in the picture and the legs in proportion', async () => {
    const body = await loadDefaultBody(file);
    const template = createJointTemplate(body);
    const beta = fc.double({ min: -2, max: 2, noNaN: true });
    fc.assert(
      fc.property(beta, fc.double({ min: 2, max: 8, noNaN: true }), (stature, depth) => {
        // Upside down in camera axes is upright in the picture.
        const poses = new Float32Array(72);
        poses[0] = Math.PI;
        const before = new Float32Array(10);
        const after = editedBetas(before, [stature]);
        const rows = { length: 1, present: Uint8Array.of(1), translations: Float32Array.of(0.2, 0.1, depth) };
        const translations = reshapedTranslations(template, rows, () => before, after);
        const ankleOf = (betas: Float32Array, moved: Float32Array) => {
          const joints = new Float64Array(72);
          new SkeletonPoser(body, { poses, translations: moved, betas }).pose(0, joints, 0);
          return [7, 8].flatMap((joint) => {
            const [x = 0, y = 0, z = 1] = joints.subarray(joint * 3, joint * 3 + 3);
            return [(1000 * x) / z, (1000 * y) / z];
          });
        };
        const [one, other] = [ankleOf(before, rows.translations), ankleOf(after, translations)];
        // px at a focal length of 1000 px: hips do not grow quite as legs do.
        one.forEach((value, k) => expect(Math.abs(value - (other[k] ?? 0))).toBeLessThan(12));
      }),
      { numRuns: 20 },
    );
  });
});
