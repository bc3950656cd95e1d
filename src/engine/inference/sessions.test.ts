import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '#core/errors';
import { encodeModel } from '../weights/onnx/encodeModel';
import { GraphBuilder } from '../weights/onnx/graph';
import { createSessionPool } from './sessions';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'retake-sessions-'));
  const graph = new GraphBuilder('double');
  const image = graph.input('image', ['N']);
  graph.output('twice', graph.node('Add', [image, image]), ['N']);
  writeFileSync(path.join(folder, 'double.onnx'), encodeModel(graph.build()));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function store(asked: string[]) {
  return {
    resolve(modelId: string) {
      asked.push(modelId);
      if (asked.length === 1 && modelId === 'late') return Promise.reject(new AppError('MODEL_MISSING', 'not there'));
      return Promise.resolve({ path: path.join(folder, 'double.onnx') });
    },
  };
}

describe('createSessionPool', () => {
  it('opens a network once and runs it', async () => {
    const asked: string[] = [];
    const pool = createSessionPool({ models: store(asked), threads: 1 });
    const [first, second] = await Promise.all([pool.open('double'), pool.open('double')]);
    expect(second).toBe(first);
    expect(asked).toEqual(['double']);
    const { twice } = await first.run({ image: { data: Float32Array.of(1, -2.5), dims: [2] } });
    expect([...(twice?.data ?? [])]).toEqual([2, -5]);
    await pool.dispose();
  });

  it('writes results where it is told to, call after call, and keeps no copies in memory', async () => {
    const pool = createSessionPool({ models: store([]), threads: 1 });
    const session = await pool.open('double');
    const length = 1_000_000;
    const data = new Float32Array(length);
    const given = { twice: { data: new Float32Array(length), dims: [length] } };
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    for (const value of [1, 2, 3, 4, 5]) {
      data.fill(value);
      const { twice } = await session.run({ image: { data, dims: [length] } }, given);
      expect(twice).toBe(given.twice);
      expect([twice?.data[0], twice?.data.at(-1)]).toEqual([2 * value, 2 * value]);
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    }
    // One copy is 4 MB.
    expect(most).toBeLessThan(2_000_000);
    await pool.dispose();
  });

  it('tries again after a network was missing', async () => {
    const pool = createSessionPool({ models: store([]), threads: 1 });
    await expect(pool.open('late')).rejects.toMatchObject({ code: 'MODEL_MISSING' });
    expect((await pool.open('late')).verdict.provider).toBe('cpu');
    await pool.dispose();
  });
});
