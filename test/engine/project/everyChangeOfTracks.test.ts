import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { effectiveBoxAt } from '#core/tracks/effectiveBoxes';
import { importTracks } from '#engine/pipeline/exchangeTracks';
import { importPeople } from '#engine/pipeline/importVibeOutput';
import { sweepTemporaryFiles } from '#engine/project/atomicFile';
import { sweepOrphans } from '#engine/project/orphans';
import type { ProjectSession } from '#engine/project/projectSession';
import { projectFolder } from '#engine/project/projectFolder';
import { FakeProject, personAt, resultsOf, trackOf } from '../pipeline/fakeProject';
import { walker } from '../pipeline/madeUpVideo';
import { disk, stopAtEveryChange } from './dyingDisk';

vi.mock('node:fs', async (original) => {
  const { dyingDisk } = await import('./dyingDisk');
  return dyingDisk(await original());
});

beforeEach(() => disk.revive());

const FRAMES = 60;
const VIBE_RESULT = join(import.meta.dirname, '..', '..', 'fixtures', 'vibe', 'joblib', 'joblib0_14_1.pkl');

/** Opens a project as a workspace does that holds its lock. */
function reopened(project: FakeProject): ProjectSession {
  sweepTemporaryFiles(project.root, true);
  sweepOrphans(projectFolder(project.root));
  return project.open();
}

/** Whom the document has, as far as they are on the frames of their pieces. */
function boxesOf(session: ProjectSession): string[] {
  return session.document.people.map((person) => {
    const frames = Array.from({ length: FRAMES }, (_, frame) => effectiveBoxAt(person, session.tracks, frame)?.box.x);
    for (const { from, to } of person.segments) {
      if (frames.slice(from, to).every((x) => x === undefined)) throw new Error(`${person.name} follows nothing`);
    }
    return frames.map((x) => (x === undefined ? '-' : Math.round(x))).join(' ');
  });
}

function filesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort() : [];
}

/** Nothing is left of an import that did not come, unless a torn line that was set aside names it. */
function expectNoOrphans({ root }: FakeProject, imports: number): void {
  const folder = projectFolder(root);
  if (existsSync(folder.rejected)) return;
  expect(filesIn(folder.imports)).toHaveLength(imports);
  expect(filesIn(folder.results).filter((name) => name.includes('person-'))).toEqual([]);
}

describe('given boxes, stopped at every change of the disk', () => {
  const first = [trackOf('given-0', walker(100), 0, 40), trackOf('given-1', walker(700), 10, FRAMES)];
  const second = [trackOf('given-0', walker(400), 5, 50)];
  const boxesIn = async (given: typeof first) => {
    const session = new FakeProject([], FRAMES).open(given);
    const boxes = boxesOf(session);
    await session.close();
    return boxes;
  };

  it('are all there or not at all when they come, and the document follows nothing that is not there', async () => {
    const after = await boxesIn(first);
    expect(after).toHaveLength(2);
    const changes = await stopAtEveryChange({
      prepare: () => new FakeProject([], FRAMES),
      act: (project) => project.open(first).close(),
      check: async (project, isDone) => {
        const session = reopened(project);
        const found = boxesOf(session);
        if (isDone || found.length > 0) expect(found).toEqual(after);
        expect(session.boxesGiven).toBe(found.length > 0);
        await session.close();
        expect(filesIn(projectFolder(project.root).tracks).length).toBeLessThanOrEqual(1);
      },
    });
    expect(changes).toBeGreaterThan(6);
  });

  it('are the earlier ones or the new ones when others take their place', async () => {
    const states: string[] = [];
    const prepare = async () => {
      const project = new FakeProject([], FRAMES);
      await project.open(first).close();
      return project;
    };
    const changes = await stopAtEveryChange({
      prepare: async () => {
        const project = await prepare();
        const session = project.open();
        states[0] = JSON.stringify(boxesOf(session));
        await session.close();
        return project;
      },
      act: (project) => project.open(second).close(),
      check: async (project, isDone) => {
        const session = reopened(project);
        expect(session.boxesGiven).toBe(true);
        const found = JSON.stringify(boxesOf(session));
        if (found !== states[0]) states[1] ??= found;
        expect(isDone ? [states[1]] : states).toContain(found);
        await session.close();
        const { tracks } = projectFolder(project.root);
        expect(filesIn(tracks).filter((name) => name.endsWith('.bundle'))).toHaveLength(1);
      },
    });
    expect(changes).toBeGreaterThan(8);
    expect(states).toHaveLength(2);
  });
});

it('given boxes whose file is damaged are missed in a sentence, and nothing of it is thrown away', async () => {
  const project = new FakeProject([], FRAMES);
  await project.open([trackOf('given-0', walker(100), 0, 40)]).close();
  const path = join(projectFolder(project.root).tracks, '1.bundle');
  const half = readFileSync(path).subarray(0, 300);
  writeFileSync(path, half);
  const session = reopened(project);
  expect(session.snapshot().warnings).toEqual([expect.stringContaining('give it again')]);
  expect(session.document.people).toHaveLength(1);
  await session.close();
  expect(readFileSync(path)).toEqual(half);
});

describe('a result of VIBE, stopped at every change of the disk', () => {
  it('comes with people, boxes, bodies and run options as one step, or leaves nothing', async () => {
    const changes = await stopAtEveryChange({
      prepare: () => {
        const project = new FakeProject([], FRAMES);
        return { project, session: project.open() };
      },
      act: ({ session }) => importPeople(session, 'vibe-output', VIBE_RESULT),
      check: async ({ project }, isDone) => {
        const session = reopened(project);
        const { people, settings } = session.document;
        if (isDone) expect(people).toHaveLength(2);
        if (people.length > 0) {
          expect([settings.estimator, session.store.history().undo.length]).toEqual(['vibe-output', 1]);
          expect(boxesOf(session)).toHaveLength(2);
          expect(resultsOf(session, 0).current).toEqual([
            { from: 0, to: 2 },
            { from: 4, to: 5 },
          ]);
          session.store.undo();
          expect([session.document.people, session.document.settings.estimator]).toEqual([[], 'blazepose']);
          session.store.redo();
          expect(session.motion.get(personAt(session, 1))?.present[11]).toBe(1);
        } else {
          expect([settings.estimator, session.store.seq]).toEqual(['blazepose', 0]);
          expectNoOrphans(project, 0);
        }
        await session.close();
      },
    });
    expect(changes).toBeGreaterThan(15);
  });
});

describe('imported boxes, stopped at every change of the disk', () => {
  it('are people with boxes, or leave nothing; what is undone can still be redone after a restart', async () => {
    await stopAtEveryChange({
      prepare: async () => {
        const project = new FakeProject([], FRAMES);
        const session = project.open();
        importTracks(session, 'vibe-output', VIBE_RESULT);
        session.store.undo();
        await session.close();
        return { project, session: project.open() };
      },
      act: ({ session }) => importTracks(session, 'vibe-output', VIBE_RESULT),
      check: async ({ project }, isDone) => {
        const session = reopened(project);
        const there = boxesOf(session);
        if (isDone) expect(there).toHaveLength(2);
        if (there.length === 0) {
          expectNoOrphans(project, 1);
          session.store.redo();
          expect(boxesOf(session)).toHaveLength(2);
        }
        await session.close();
      },
    });
  });
});
