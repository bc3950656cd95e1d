import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_RUN_SETTINGS } from '#core/document/schema';
import type { PersonMotion } from '#engine/estimation/estimator';
import { sweepTemporaryFiles } from '#engine/project/atomicFile';
import { DetectionStore } from '#engine/project/detectionStore';
import { DocumentStore } from '#engine/project/documentStore';
import { EarlierResults } from '#engine/project/earlierResults';
import { KeptRuns } from '#engine/project/keptRuns';
import { MotionStore } from '#engine/project/motionStore';
import { disk, stopAtEveryChange } from './dyingDisk';
import { documentOf, somebody } from './documents';
import { newProject, scratchFolder } from './projects';

vi.mock('node:fs', async (original) => {
  const { dyingDisk } = await import('./dyingDisk');
  return dyingDisk(await original());
});

beforeEach(() => disk.revive());

const FRAMES = 2500;

/** Motion of all rows `[start, start + length)` with `value` in everything. */
function motionOf(start: number, length: number, value: number): PersonMotion {
  return {
    ...{ start, length, present: new Uint8Array(length).fill(1), poses: new Float32Array(length * 72).fill(value) },
    ...{ translations: new Float32Array(length * 3).fill(value), confidences: new Float32Array(length).fill(value) },
    ...{ betas: new Float32Array(10).fill(value), channels: { frameBetas: new Float32Array(length * 10).fill(value) } },
  };
}

function write(store: MotionStore, person: string, start: number, length: number, value: number): void {
  store.write(person, motionOf(start, length, value), new Float64Array(length).fill(value), true);
}

/** Everything that is known of a person, but its version, which every opening raises, in short. */
function rowsOf(store: MotionStore, person: string): string {
  const { version: _version, channels = {}, ...rows } = store.get(person) ?? {};
  const digest = (values: unknown) =>
    ArrayBuffer.isView(values)
      ? createHash('sha256').update(new Uint8Array(values.buffer)).digest('hex').slice(0, 12)
      : values;
  return JSON.stringify(
    Object.entries({ ...rows, ...channels })
      .map(([name, values]) => [name, digest(values)])
      .sort(),
  );
}

describe('results, stopped at every change of the disk', () => {
  it('are all as they were or all as they are now, when the shape and some rows changed', async () => {
    const states: string[] = [];
    const changes = await stopAtEveryChange({
      prepare: () => {
        const folder = join(scratchFolder(), 'results');
        const store = new MotionStore(folder, FRAMES);
        write(store, 'p1', 0, FRAMES, 1);
        store.flush();
        states[0] = rowsOf(store, 'p1');
        write(store, 'p1', 1000, 200, 2);
        store.distrust('p1', [{ from: 2100, to: 2200 }]);
        store.judged('p1', 'kinematics', 0, new Float32Array(50).fill(0.5));
        states[1] = rowsOf(store, 'p1');
        return { folder, store };
      },
      act: ({ store }) => store.flush(),
      check: ({ folder }, isDone) => {
        const again = new MotionStore(folder, FRAMES);
        expect(again.warnings).toEqual([]);
        expect(isDone ? states.slice(1) : states).toContain(rowsOf(again, 'p1'));
        write(again, 'p1', 0, FRAMES, 3);
        again.flush();
        expect(readdirSync(join(folder, 'p1')).filter((name) => !name.endsWith('.tmp'))).toHaveLength(4);
        expect(new MotionStore(folder, FRAMES).get('p1')?.betas[0]).toBe(3);
      },
    });
    expect(changes).toBeGreaterThan(15);
    expect(states[0]).not.toBe(states[1]);
  });
});

function rename(store: DocumentStore, name: string): void {
  const patch = (value: string) => [{ op: 'replace' as const, path: ['name'], value }];
  const edit = { label: `Name it ${name}`, patches: patch(name), inverse: patch(store.document.name) };
  store.apply(store.seq, edit);
}

describe('a document, stopped at every change of the disk', () => {
  it('has every edit that was acknowledged and no other but the one under way', async () => {
    const changes = await stopAtEveryChange({
      prepare: () => {
        const folder = newProject(documentOf([somebody(1)]));
        return { folder, acknowledged: { name: 'Clip' } };
      },
      act: ({ folder, acknowledged }) => {
        const store = new DocumentStore(folder, false);
        for (const name of ['a', 'b']) {
          rename(store, name);
          acknowledged.name = name;
        }
        store.save();
        store.undo();
        acknowledged.name = 'a';
        store.close();
      },
      check: ({ folder, acknowledged }, isDone) => {
        const store = new DocumentStore(folder, false);
        const next: Record<string, string> = { Clip: 'a', a: 'b', b: 'a' };
        const allowed = isDone ? [acknowledged.name] : [acknowledged.name, next[acknowledged.name]];
        expect(allowed).toContain(store.document.name);
        rename(store, 'after');
        store.close();
        expect(new DocumentStore(folder, true).document.name).toBe('after');
      },
    });
    expect(changes).toBeGreaterThan(8);
  });

  it('loses neither what is whole in its journal nor the torn end, when that is set aside', async () => {
    await stopAtEveryChange({
      prepare: () => {
        const folder = newProject(documentOf([somebody(1)]));
        const store = new DocumentStore(folder, false);
        rename(store, 'whole');
        appendFileSync(folder.journal, 'torn\nlines');
        return folder;
      },
      act: (folder) => new DocumentStore(folder, false),
      check: (folder) => {
        const store = new DocumentStore(folder, false);
        expect(store.document.name).toBe('whole');
        expect(readFileSync(folder.rejected, 'utf8')).toContain('torn\nlines');
        store.close();
      },
    });
  });
});

describe('what the detector found, stopped at every change of the disk', () => {
  it('reaches as far as a whole chunk', async () => {
    const box = { x: 1, y: 2, width: 3, height: 4 };
    await stopAtEveryChange({
      prepare: () => {
        const folder = join(scratchFolder(), 'd');
        const store = new DetectionStore(folder, 100);
        for (const to of [10, 50]) store.add(to, new Map([[to - 1, [{ box, score: 1 }]]]));
        return { folder, store };
      },
      act: ({ store }) => store.flush(),
      check: ({ folder }, isDone) => {
        const again = new DetectionStore(folder, 100);
        expect(isDone ? [50] : [0, 10, 50]).toContain(again.detectedFrames);
        expect(again.detections.filter(Boolean).length).toBe([0, 10, 50].indexOf(again.detectedFrames));
      },
    });
  });
});

describe('kept runs, stopped at every change of the disk', () => {
  const toKeep = (motion: MotionStore) => ({
    ...{ motion, settings: DEFAULT_RUN_SETTINGS, bodyModel: 'b', people: ['p1'] },
  });
  const prepare = () => {
    const root = scratchFolder();
    const motion = new MotionStore(join(root, 'results'), FRAMES);
    write(motion, 'p1', 0, FRAMES, 1);
    motion.flush();
    const kept = new KeptRuns(join(root, 'runs'), FRAMES, false);
    const first = kept.keep({ ...toKeep(motion), name: 'first' });
    return { root, motion, kept, first, rows: rowsOf(motion, 'p1') };
  };
  type Place = ReturnType<typeof prepare>;
  /** Every run that is there is whole; nothing else is. */
  const namesIn = ({ root, rows }: Place): string[] => {
    const again = new KeptRuns(join(root, 'runs'), FRAMES, false);
    for (const { id } of again.list()) expect(rowsOf(again.motion(id), 'p1')).toBe(rows);
    expect(readdirSync(join(root, 'runs'))).toHaveLength(again.list().length);
    const below = readdirSync(join(root, 'runs'), { recursive: true, encoding: 'utf8' });
    expect(below.filter((name) => name.endsWith('.tmp'))).toEqual([]);
    return again.list().map(({ name }) => name);
  };

  it('are whole or not there, when one is kept', async () => {
    const changes = await stopAtEveryChange({
      prepare,
      act: ({ kept, motion }) => kept.keep({ ...toKeep(motion), name: 'second' }),
      check: (place, isDone) => {
        const both = ['first', 'second'];
        const found = namesIn(place);
        if (isDone) expect(found).toEqual(both);
        else expect([['first'], both]).toContainEqual(found);
      },
    });
    expect(changes).toBeGreaterThan(8);
  });

  it('have their old name or the new one, when one is renamed', async () => {
    await stopAtEveryChange({
      prepare,
      act: ({ kept, first }) => kept.rename(first.id, 'better'),
      check: (place, isDone) => expect(isDone ? [['better']] : [['first'], ['better']]).toContainEqual(namesIn(place)),
    });
  });

  it('stay whole, when one is removed and brought back', async () => {
    await stopAtEveryChange({
      prepare,
      act: ({ kept, first }) => {
        kept.remove(first.id);
        kept.restore(first.id);
      },
      check: (place, isDone) => expect(isDone ? [['first']] : [['first'], []]).toContainEqual(namesIn(place)),
    });
  });

  it('do not change when the results they share files with do, wherever that stops', async () => {
    await stopAtEveryChange({
      prepare: () => {
        const place = prepare();
        write(place.motion, 'p1', 0, FRAMES, 2);
        return place;
      },
      act: ({ motion }) => motion.flush(),
      check: (place) => expect(namesIn(place)).toEqual(['first']),
    });
  });
});

describe('overwritten results, stopped at every change of the disk', () => {
  it('come back whole or not at all', async () => {
    const rows = { span: { from: 0, to: 100 }, support: { from: 0, to: 100 }, digest: 1, shape: 2 };
    await stopAtEveryChange({
      prepare: () => {
        const root = scratchFolder();
        const motion = new MotionStore(join(root, 'results'), 100);
        write(motion, 'p1', 0, 100, 1);
        const before = rowsOf(motion, 'p1');
        const earlier = new EarlierResults(join(root, 'earlier'), 1e9);
        earlier.keep(motion, 'p1', rows);
        write(motion, 'p1', 0, 100, 2);
        return { root, motion, earlier, before };
      },
      act: ({ earlier, motion }) => {
        earlier.flush();
        motion.flush();
      },
      check: ({ root, before }, isDone) => {
        sweepTemporaryFiles(join(root, 'earlier'), true);
        const again = new EarlierResults(join(root, 'earlier'), 1e9);
        const motion = new MotionStore(join(root, 'results'), 100);
        const [entry] = again.of(motion, 'p1');
        // What overwrote them is there only when they can come back.
        if (isDone || motion.get('p1')) expect(entry).toBeDefined();
        if (entry) expect(again.putBack(motion, 'p1', entry)).toBe(true);
        if (entry) expect(rowsOf(motion, 'p1')).toBe(before);
        if (!entry) expect(existsSync(join(root, 'results', 'p1', 'shape.bundle'))).toBe(false);
      },
    });
  });
});
