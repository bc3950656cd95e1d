import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Detection } from '#core/tracks/track';
import type { PersonMotion } from '#engine/estimation/estimator';
import { DetectionStore, detectedFramesByName } from '#engine/project/detectionStore';
import { MotionStore } from '#engine/project/motionStore';
import { MotionStores } from '#engine/project/motionStores';
import { writeStoredBundle } from '#engine/project/storedBundle';
import { readTracks, writeTracks } from '#engine/project/trackFile';
import { scratchFolder } from './projects';

function damage(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at % bytes.length]! ^= 1;
  writeFileSync(path, bytes);
}

function detection(x: number, hasKeypoints = true): Detection {
  const box = { x: x + 0.1, y: 2, width: 30, height: 60 };
  return { box, score: 0.7, ...(hasKeypoints ? { keypoints: new Float32Array(51).fill(x) } : {}) };
}

function chunkOf(from: number, to: number): Map<number, Detection[]> {
  const found = new Map<number, Detection[]>();
  for (let frame = from; frame < to; frame += 3) {
    found.set(
      frame,
      Array.from({ length: frame % 4 }, (_, k) => detection(frame + k)),
    );
  }
  return found;
}

function detected(folder: string, borders: readonly number[], frameCount = 300): DetectionStore {
  const store = new DetectionStore(folder, frameCount);
  for (const to of borders) store.add(to, chunkOf(store.detectedFrames, to));
  store.flush();
  return store;
}

describe('what the detector found', () => {
  it('is there again after a restart, to the last bit, asked and unasked frames told apart', () => {
    const folder = join(scratchFolder(), 'd');
    const store = detected(folder, [60, 90, 300]);
    const again = new DetectionStore(folder, 300);
    expect(again.detectedFrames).toBe(300);
    expect(again.detections).toEqual(store.detections);
    expect([again.detections[0], again.detections[1]]).toEqual([[], undefined]);
    expect(detectedFramesByName(folder)).toBe(300);
  });

  it('is kept without keypoints where the detector has none', () => {
    const folder = join(scratchFolder(), 'd');
    const store = new DetectionStore(folder, 300);
    store.add(10, new Map([[0, [detection(4, false)]]]));
    store.flush();
    expect(new DetectionStore(folder, 300).detections[0]).toEqual(store.detections[0]);
  });

  it('is not on disk before it is flushed', () => {
    const folder = join(scratchFolder(), 'd');
    const store = new DetectionStore(folder, 300);
    store.add(60, chunkOf(0, 60));
    expect(new DetectionStore(folder, 300).detectedFrames).toBe(0);
    store.flush();
    expect(new DetectionStore(folder, 300).detectedFrames).toBe(60);
  });

  it.each([
    ['missing', (path: string) => rmSync(path)],
    ['damaged', (path: string) => damage(path, 200)],
    ['cut off', (path: string) => writeFileSync(path, readFileSync(path).subarray(0, 100))],
    ['empty', (path: string) => writeFileSync(path, '')],
  ])('ends before a chunk that is %s, and goes on over it', (_, spoil) => {
    const folder = join(scratchFolder(), 'd');
    detected(folder, [60, 90, 300]);
    const name = readdirSync(folder).find((entry) => entry.endsWith('60-90.bundle')) ?? '';
    spoil(join(folder, name));
    const again = new DetectionStore(folder, 300);
    expect(again.detectedFrames).toBe(60);
    expect(again.detections[63]).toBeUndefined();
    again.add(120, chunkOf(60, 120));
    again.add(300, chunkOf(120, 300));
    again.flush();
    const third = new DetectionStore(folder, 300);
    expect(third.detectedFrames).toBe(300);
    expect(third.detections).toEqual(again.detections);
  });

  it('does not take chunks that reach behind the end of the clip', () => {
    const folder = join(scratchFolder(), 'd');
    detected(folder, [60, 300]);
    expect(new DetectionStore(folder, 200).detectedFrames).toBe(60);
  });
});

function motionOf(start: number, length: number, seed: number, beta = 1): PersonMotion {
  const fill = (size: number) => Float32Array.from({ length: size }, (_, k) => Math.sin(seed + k));
  return {
    start,
    length,
    present: Uint8Array.from({ length }, (_, k) => ((seed + k) % 5 === 0 ? 0 : 1)),
    poses: fill(length * 72),
    translations: fill(length * 3),
    betas: new Float32Array(10).fill(beta),
    confidences: fill(length),
  };
}

function keysOf(length: number, seed: number): Float64Array {
  return Float64Array.from({ length }, (_, k) => 2 ** 40 + seed * 1000 + k);
}

const FRAMES = 2500;

function rowsOf(store: MotionStore): unknown {
  const { version: _version, ...rows } = store.get('p1') ?? {};
  return rows;
}

describe('motion on disk', () => {
  it('is there again after a restart, whatever was written in whatever order', () => {
    const writes = fc.array(
      fc.record({
        person: fc.constantFrom('p1', 'person-2'),
        start: fc.nat(FRAMES - 1),
        length: fc.integer({ min: 1, max: 1500 }),
        seed: fc.nat(1000),
        beta: fc.constantFrom(1, 2),
        flush: fc.boolean(),
      }),
      { minLength: 1, maxLength: 5 },
    );
    fc.assert(
      fc.property(writes, (list) => {
        const folder = join(scratchFolder(), 'results');
        const store = new MotionStore(folder, FRAMES);
        for (const { person, start, length, seed, beta, flush } of list) {
          const rows = Math.min(length, FRAMES - start);
          store.write(person, motionOf(start, rows, seed, beta), keysOf(rows, seed), seed % 2 === 0);
          if (flush) store.flush();
        }
        store.flush();
        const again = new MotionStore(folder, FRAMES);
        expect(again.warnings).toEqual([]);
        for (const person of ['p1', 'person-2']) {
          const [before, after] = [store.get(person), again.get(person)];
          if (!before || !after) expect(after).toBe(before);
          else expect(isDeepStrictEqual({ ...after, version: after.version - 1 }, before)).toBe(true);
        }
      }),
      { numRuns: 12 },
    );
  }, 30_000);

  it('gives rows out as copies', () => {
    const store = new MotionStore(join(scratchFolder(), 'results'), FRAMES);
    store.write('p1', motionOf(100, 50, 3), keysOf(50, 3), true);
    const slice = store.slice('p1', 100, 150);
    expect(slice).toEqual({ ...motionOf(100, 50, 3), start: 100, channels: {} });
    slice?.poses.fill(9);
    expect(store.slice('p1', 100, 101)?.poses[0]).toBeCloseTo(Math.sin(3));
    expect(store.slice('nobody', 0, 1)).toBeUndefined();
  });

  it('keeps what estimators give beside the motion, and knows the rows that were made without it', () => {
    const folder = join(scratchFolder(), 'results');
    const store = new MotionStore(folder, FRAMES);
    const cropCameras = Float32Array.from({ length: 30 }, (_, k) => k + 1);
    store.write('p1', { ...motionOf(0, 10, 1), channels: { cropCameras } }, keysOf(10, 1), true);
    store.write('p1', motionOf(5, 10, 1), keysOf(10, 1), true);
    store.judged('p1', 'kinematics', 2, Float32Array.of(0.25, 0.5));
    store.flush();
    for (const opened of [store, new MotionStore(folder, FRAMES)]) {
      const { channels } = opened.slice('p1', 4, 6) ?? {};
      expect(channels?.cropCameras).toEqual(Float32Array.of(13, 14, 15, Number.NaN, Number.NaN, Number.NaN));
      expect(opened.slice('p1', 2, 5)?.channels?.plausibilities).toEqual(Float32Array.of(0.25, 0.5, Number.NaN));
      expect(channels?.frameBetas).toBeUndefined();
      expect(opened.get('p1')?.judge).toBe('kinematics');
    }
  });

  it('is apart for each estimator and body, in place and in address', () => {
    const stores = new MotionStores(join(scratchFolder(), 'results'), FRAMES);
    const kind = { estimator: 'e', version: 1, bodyModel: 'b' };
    const first = stores.of(kind);
    const second = stores.of({ ...kind, bodyModel: 'c' });
    for (const store of [first, second]) store.write('p1', motionOf(0, 10, 1), keysOf(10, 1), true);
    expect(stores.of({ ...kind })).toBe(first);
    expect(first.addressVersion('p1')).not.toBe(second.addressVersion('p1'));
    expect(first.addressVersion('nobody')).toBe(0);
  });

  it('raises its version with every change, also over a restart', () => {
    const folder = join(scratchFolder(), 'results');
    const store = new MotionStore(folder, FRAMES);
    const versions = [1, 2, 3].map((seed) => {
      store.write('p1', motionOf(0, 10, seed), keysOf(10, seed), false);
      return store.get('p1')?.version ?? 0;
    });
    store.flush();
    versions.push(new MotionStore(folder, FRAMES).get('p1')?.version ?? 0);
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
    expect(new Set(versions).size).toBe(4);
  });

  it('computes only a damaged chunk again, and says so', () => {
    const folder = join(scratchFolder(), 'results');
    const store = new MotionStore(folder, FRAMES);
    store.write('p1', motionOf(0, FRAMES, 1), keysOf(FRAMES, 1), true);
    store.flush();
    damage(join(folder, 'p1', '1-1.bundle'), 5000);
    const again = new MotionStore(folder, FRAMES);
    expect(again.warnings).toHaveLength(1);
    const { keys } = again.get('p1') ?? { keys: new Float64Array(0) };
    expect([keys[1023] !== 0, keys[1024], keys[2047], keys[2048] !== 0]).toEqual([true, 0, 0, true]);
  });

  it('reads what an earlier version left, without the rows that its crash left for another shape', () => {
    const folder = join(scratchFolder(), 'results', 'p1');
    const betas = new Float32Array(10).fill(4);
    writeStoredBundle(
      join(folder, 'shape.bundle'),
      { meta: { isFinal: true, version: 7, generation: 2 }, arrays: { betas } },
      '',
    );
    for (const [chunk, generation] of [2, 1, 2].entries()) {
      const [from, to] = [chunk * 1024, Math.min(FRAMES, chunk * 1024 + 1024)];
      const { present, poses, translations, confidences } = motionOf(from, to - from, chunk);
      const arrays = { keys: keysOf(to - from, chunk + 1), present, poses, translations, confidences };
      writeStoredBundle(join(folder, `${chunk}.bundle`), { meta: { from, to, generation }, arrays }, '');
    }
    const store = new MotionStore(join(folder, '..'), FRAMES);
    const { keys, betas: found } = store.get('p1') ?? { keys: [], betas: [] };
    expect([keys[0] !== 0, keys[1024], keys[2048] !== 0, found[0], store.warnings]).toEqual([true, 0, true, 4, []]);
    store.write('p1', motionOf(0, 10, 5, 4), keysOf(10, 5), true);
    store.flush();
    expect(readdirSync(folder).sort()).toEqual(['0-1.bundle', '2.bundle', 'shape.bundle']);
    const again = new MotionStore(join(folder, '..'), FRAMES);
    expect(rowsOf(again)).toEqual(rowsOf(store));
  });

  it('counts results whose first writing was interrupted as not there, without alarm', () => {
    const folder = join(scratchFolder(), 'results');
    const store = new MotionStore(folder, FRAMES);
    store.write('p1', motionOf(0, 10, 1), keysOf(10, 1), false);
    store.flush();
    rmSync(join(folder, 'p1', 'shape.bundle'));
    const again = new MotionStore(folder, FRAMES);
    expect([again.get('p1'), again.warnings]).toEqual([undefined, []]);
  });
});

describe('kept tracks', () => {
  it('come back as they were, with and without keypoints; damaged ones count as none', () => {
    const path = join(scratchFolder(), 'tracks.bundle');
    const track = (id: string) => ({
      id,
      start: 3,
      length: 2,
      boxes: Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8),
      scores: Float32Array.of(0.5, 0),
      origins: Uint8Array.of(1, 2),
    });
    const tracks = [
      { ...track('a'), keypoints: new Float32Array(102).fill(4) },
      { ...track('b'), foldedBecause: 'Short' },
    ];
    writeTracks(path, { source: 'given', tracks });
    expect(readTracks(path)).toEqual({ source: 'given', tracks });
    damage(path, 90);
    expect(readTracks(path)).toBeUndefined();
    expect(readTracks(`${path}x`)).toBeUndefined();
  });
});
