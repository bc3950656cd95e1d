import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { BodyModel } from '#core/body/bodyModel';
import { AppError } from '#core/errors';
import { planMoveBox } from '#core/tracks/boxEdits';
import { planSwap } from '#core/tracks/identityEdits';
import { chooseRun, keepRun, listRuns, removeRun } from '#engine/pipeline/compareRuns';
import type { ProjectSession } from '#engine/project/projectSession';
import { applyPlan, FakeProject, personAt, run } from './fakeProject';
import { walker } from './madeUpVideo';

vi.mock('#engine/video/decodeStream', async (original) => {
  const { fakeDecodeFrames } = await import('./fakeDecoder');
  return { ...(await original<object>()), decodeFrames: fakeDecodeFrames };
});

const FRAMES = 120;

/** A run that is kept, and a newer one after an edit of all boxes around frame 60. */
async function twoRuns() {
  const project = new FakeProject([walker(100), walker(700)], FRAMES);
  const session = project.open();
  await run(session);
  const a = keepRun(session);
  const [first, second] = [personAt(session, 0), personAt(session, 1)];
  const old = rows(session, first);
  applyPlan(session, planMoveBox(session.document, first, 60, { x: 10, y: 20, width: 100, height: 300 }));
  await run(session, { scope: 'outOfDate' });
  return { project, session, a, first, second, old, fresh: rows(session, first) };
}

/** First pose number of every frame as it is shown. */
function rows(session: ProjectSession, person: string): number[] {
  const motion = session.shown.slice(session.requirePerson(person), 0, FRAMES);
  return Array.from({ length: FRAMES }, (_, frame) => motion?.poses[frame * 72] ?? Number.NaN);
}

describe('kept runs', () => {
  it('stay as they were while results change, over a restart, with name and settings', async () => {
    const { project, session, a, first, old, fresh } = await twoRuns();
    expect(fresh).not.toEqual(old);
    expect(a).toMatchObject({ number: 1, name: 'Run 1', bodyModel: 'retake-default-1', settings: { quality: 'best' } });
    session.kept.rename(a.id, 'Before');
    await session.close();
    const again = project.open();
    expect(again.kept.list().map(({ name, people }) => [name, people.length])).toEqual([['Before', 2]]);
    const kept = again.kept.motion(a.id).slice(first, 0, FRAMES);
    expect(Array.from({ length: FRAMES }, (_, frame) => kept?.poses[frame * 72])).toEqual(old);
    await again.close();
  });

  it('are shown on the frames chosen for a person, as an undoable edit, with their own shape', async () => {
    const { session, a, first, old, fresh } = await twoRuns();
    const before = session.shown.addressVersion(session.requirePerson(first));
    chooseRun(session, { person: first, span: { from: 55, to: 65 }, run: a.id });
    const expected = fresh.map((value, frame) => (frame >= 55 && frame < 65 ? old[frame] : value));
    expect(rows(session, first)).toEqual(expected);
    expect(session.shown.addressVersion(session.requirePerson(first))).not.toBe(before);
    expect(session.results().people[0]?.version).toBe(session.shown.addressVersion(session.requirePerson(first)));
    const shown = session.shown.slice(session.requirePerson(first), 0, FRAMES);
    expect(shown?.channels?.frameBetas?.slice(600, 610)).toEqual(session.kept.motion(a.id).get(first)?.betas);
    expect(shown?.channels?.frameBetas?.[0]).toBeNaN();
    expect(session.store.history().undo.at(-1)?.label).toBe('Use Run 1, frames 55–64');
    chooseRun(session, { person: first, span: { from: 58, to: 60 }, run: null });
    expect(session.document.people[0]?.choices).toHaveLength(2);
    chooseRun(session, { person: first, span: { from: 58, to: 60 }, run: a.id });
    expect(session.document.people[0]?.choices).toEqual([{ from: 55, to: 65, run: a.id, person: first }]);
    while (session.store.history().undo.at(-1)?.label.startsWith('Use ')) session.store.undo();
    expect(rows(session, first)).toEqual(fresh);
    expect(session.shown.addressVersion(session.requirePerson(first))).toBe(before);
    expect(session.document.people[0]).not.toHaveProperty('choices');
    await session.close();
  });

  it('keep to the body they show when identities are swapped', async () => {
    const { session, a, first, second, old } = await twoRuns();
    chooseRun(session, { person: first, span: { from: 50, to: 70 }, run: a.id });
    applyPlan(session, planSwap(session.document, first, second, { from: 0, to: FRAMES }));
    expect(rows(session, second).slice(50, 70)).toEqual(old.slice(50, 70));
    await session.close();
  });

  it('are compared with people as large as they are shown, by the ground or by hand', async () => {
    const { session, a, first } = await twoRuns();
    const body = session.requireBody();
    const shownTo = () => session.shown.slice(session.requirePerson(first), 0, FRAMES);
    const newest = session.compared.newest();
    expect(newest.slice(first, 0, FRAMES)).toEqual(shownTo());
    expect(newest.version(first)).toBe(session.results().people[0]?.newestVersion);
    // What is compared is what a choice shows.
    chooseRun(session, { person: first, span: { from: 0, to: FRAMES }, run: a.id });
    expect(session.compared.of(a.id, body).slice(first, 10, 20)?.translations).toEqual(
      shownTo()?.translations.slice(30, 60),
    );
    session.store.undo();

    const versions = () => session.compared.list()[0]?.people.map(({ version }) => version);
    const before = { versions: versions(), newest: newest.version(first) };
    const betas = [1.5, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    session.applyEdit(session.store.seq, {
      label: 'Shape',
      patches: [{ op: 'add', path: ['people', 0, 'shapeEdit'], value: { bodyModel: body.id, betas } }],
      inverse: [{ op: 'remove', path: ['people', 0, 'shapeEdit'] }],
    });
    expect(session.compared.of(a.id, body).slice(first, 0, FRAMES)?.betas[0]).toBe(1.5);
    expect(session.compared.newest().slice(first, 0, FRAMES)).toEqual(shownTo());
    expect(versions()?.[0]).not.toBe(before.versions?.[0]);
    expect(session.compared.newest().version(first)).not.toBe(before.newest);
    session.store.undo();
    expect(versions()).toEqual(before.versions);
    await session.close();
  });

  it('of another body stand on their own ground', async () => {
    const { session, a, first } = await twoRuns();
    const body = session.requireBody();
    const other = { ...body, id: 'other' };
    const ours = session.compared.of(a.id, body).slice(first, 0, FRAMES);
    expect(session.compared.of(a.id, other).slice(first, 0, FRAMES)?.poses).toEqual(ours?.poses);
    await session.close();
  });

  it('of another body have addresses of its file: the same on the same one, others on one that was made anew', async () => {
    const { session, a, first } = await twoRuns();
    vi.spyOn(session.kept, 'list').mockReturnValue([{ ...session.kept.run(a.id), bodyModel: 'smpl-neutral' }]);
    const bodyOf = (sha256: string) => ({ ...session.requireBody(), id: 'smpl-neutral', sha256: sha256.repeat(16) });
    const listed = async (load: () => Promise<BodyModel>) => {
      const [run] = await listRuns(session, { load });
      return run?.people.find(({ person }) => person === first)?.version;
    };
    const [one, same, other] = [bodyOf('ab12'), bodyOf('ab12'), bodyOf('cd34')];
    const address = await listed(() => Promise.resolve(one));
    // What the bulk plane answers under, so that it may be kept by browsers.
    expect(address).toBe(session.compared.of(a.id, one).version(first));
    expect(await listed(() => Promise.resolve(same))).toBe(address);
    expect(await listed(() => Promise.resolve(other))).not.toBe(address);
    expect(session.compared.of(a.id, other).version(first)).not.toBe(address);
    const gone = await listed(() => Promise.reject(new AppError('NOT_FOUND', 'It is not on this computer.')));
    expect(gone).toBe(session.kept.motion(a.id).addressVersion(first));
    expect(gone).not.toBe(address);
    await session.close();
  });

  it('of another body are refused in a sentence and never mixed in', async () => {
    const { session, a, first, fresh } = await twoRuns();
    chooseRun(session, { person: first, span: { from: 50, to: 70 }, run: a.id });
    vi.spyOn(session.kept, 'run').mockReturnValue({ ...a, bodyModel: 'smpl-neutral', bodyTitle: 'SMPL neutral' });
    expect(() => chooseRun(session, { person: first, span: { from: 0, to: 9 }, run: a.id })).toThrow(
      '"Run 1" was made for another body (SMPL neutral), so its frames cannot stand among those of Tiny.',
    );
    expect(rows(session, first)).toEqual(fresh);
    await session.close();
  });

  it('tell which frames they show, and in a sentence where they cannot be followed', async () => {
    const { session, a, first } = await twoRuns();
    const rowsOfA = session.kept.motion(a.id).get(first);
    rowsOfA?.present.fill(0, 60, 63);
    const body = session.motion.get(first);
    body?.present.fill(0, 50, 58);
    const fresh = rows(session, first);
    chooseRun(session, { person: first, span: { from: 55, to: 65 }, run: a.id });
    const [results] = session.results().people;
    expect(results?.chosen).toEqual([
      { from: 55, to: 60 },
      { from: 63, to: 65 },
    ]);
    // The newest run has no body on 50 to 57; what was chosen is there all the same.
    expect(results?.present.some(({ from, to }) => from <= 55 && to > 57)).toBe(true);
    expect(results?.present.some(({ from, to }) => from <= 54 && to > 54)).toBe(false);
    expect(results?.newestVersion).toBe(session.compared.newest().version(first));
    expect(rows(session, first).slice(60, 63)).toEqual(fresh.slice(60, 63));
    const { name } = session.requirePerson(first);
    const missing = `${name} shows the newest run on frames 60–62 instead of "Run 1", which has no body there.`;
    expect(session.results().passedOver).toEqual([missing]);
    vi.spyOn(session.kept, 'run').mockReturnValue({ ...a, bodyModel: 'smpl-neutral', bodyTitle: 'SMPL neutral' });
    expect(session.results().passedOver).toEqual([
      `${name} shows the newest run on frames 55–64 instead of "Run 1", which was made for another body (SMPL neutral).`,
    ]);
    expect(session.results().people[0]?.chosen).toEqual([]);
    await session.close();
  });

  it('are removed only while nobody shows them, and come back', async () => {
    const { project, session, a, first } = await twoRuns();
    chooseRun(session, { person: first, span: { from: 50, to: 70 }, run: a.id });
    expect(() => removeRun(session, a.id)).toThrow(/so it stays/);
    session.store.undo();
    removeRun(session, a.id);
    expect(session.kept.list()).toEqual([]);
    expect(() => chooseRun(session, { person: first, span: { from: 0, to: 9 }, run: a.id })).toThrow(/not there/);
    expect(session.kept.restore(a.id)).toMatchObject({ id: a.id, name: 'Run 1' });
    expect(keepRun(session, 'Second').number).toBe(2);
    removeRun(session, a.id);
    await session.close();
    const again = project.open();
    expect(again.kept.list().map(({ name }) => name)).toEqual(['Second']);
    expect(readdirSync(join(project.root, 'runs'))).toHaveLength(1);
    await again.close();
  });

  it('appear whole or not at all, and need a body', async () => {
    const project = new FakeProject([walker(100)], FRAMES);
    const unfinished = join(project.root, 'runs', '.left.tmp');
    mkdirSync(unfinished, { recursive: true });
    writeFileSync(join(unfinished, 'run.json'), '{}');
    const session = project.open();
    expect(existsSync(unfinished)).toBe(false);
    expect(() => keepRun(session)).toThrow(/no body to keep/);
    await session.close();
  });
});
