import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { decodeVibeOutput } from '#engine/weights/joblib/decodeVibeOutput';
import { encodeVibeOutput } from '#engine/weights/joblib/encodeVibeOutput';
import { readJoblib } from '#engine/weights/joblib/readJoblib';
import type { VibePersonResult } from '#engine/weights/joblib/vibePerson';
import { NdArray } from '#engine/weights/numpy/ndArray';
import { PyTuple } from '#engine/weights/pickle/pickleObjects';

const fixtures = join(import.meta.dirname, '..', '..', 'fixtures', 'vibe', 'joblib');
const read = (name: string): Uint8Array => new Uint8Array(readFileSync(join(fixtures, name)));

/** What make.py beside the fixtures fills the array with this number with. */
function table(key: number, count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, k) => k / 8 + key);
}

/** The same as doubles: every value is exact in both. */
const doubles = (key: number, count: number): Float64Array => Float64Array.from(table(key, count));

function person(frameIds: number[], joints2d: VibePersonResult['joints2d']): VibePersonResult {
  const n = frameIds.length;
  return {
    predCam: table(0, n * 3),
    origCam: doubles(1, n * 4),
    verts: { vertexCount: 5, chunks: () => [table(2, n * 15)] },
    pose: table(3, n * 72),
    betas: table(4, n * 10),
    joints3d: table(5, n * 147),
    joints2d,
    joints2dImgCoord: table(7, n * 98),
    bboxes: doubles(8, n * 4),
    frameIds,
  };
}

const RESULT = new Map([
  [1, person([0, 1, 4], { shape: [5, 21, 3], data: doubles(6, 315) })],
  [7, person([10, 11], null)],
]);

async function vertsOf({ verts }: VibePersonResult): Promise<number[]> {
  const numbers: number[] = [];
  for await (const chunk of verts.chunks()) numbers.push(...chunk);
  return numbers;
}

async function same(actual: ReadonlyMap<number, VibePersonResult>): Promise<void> {
  expect([...actual.keys()]).toEqual([...RESULT.keys()]);
  for (const [id, wanted] of RESULT) {
    const { verts, ...rest } = actual.get(id)!;
    const { verts: wantedVerts, ...wantedRest } = wanted;
    expect(rest).toEqual(wantedRest);
    expect(verts.vertexCount).toBe(wantedVerts.vertexCount);
    expect(await vertsOf(actual.get(id)!)).toEqual(await vertsOf(wanted));
  }
}

async function bytesOf(people: ReadonlyMap<number, VibePersonResult>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of encodeVibeOutput(people)) pieces.push(piece);
  return new Uint8Array(Buffer.concat(pieces));
}

describe("VIBE's result", () => {
  it.each(['joblib0_14_1.pkl', 'joblib1_6_0.pkl', 'joblib1_6_0.zlib.pkl', 'plain.pkl'])(
    'is read from %s',
    async (name) => {
      await same(decodeVibeOutput(read(name), name));
    },
  );

  it('is read as it was written, and written from what was read', async () => {
    const bytes = await bytesOf(RESULT);
    await same(decodeVibeOutput(bytes));
    expect(await bytesOf(decodeVibeOutput(bytes))).toEqual(bytes);
  });

  it('has vertices that pass through in any chunks, and must be all there', async () => {
    const one = RESULT.get(7)!;
    const all = table(2, 30);
    const pieces = async function* (end: number) {
      for (let at = 0; at < end; at += 7) yield await Promise.resolve(all.subarray(at, Math.min(at + 7, end)));
    };
    const split = (end: number): VibePersonResult => ({ ...one, verts: { vertexCount: 5, chunks: () => pieces(end) } });
    expect(await bytesOf(new Map([[7, split(30)]]))).toEqual(await bytesOf(new Map([[7, one]])));
    await expect(bytesOf(new Map([[7, split(29)]]))).rejects.toThrow(/verts has 29 numbers where 30/);
  });

  it('is not taken for one when it is something else', () => {
    expect(() => decodeVibeOutput(read('mixed.pkl'), 'mixed.pkl')).toThrow(/mixed.pkl is not a result of VIBE/);
    expect(() => decodeVibeOutput(read('plain.pkl').slice(0, 4000), 'plain.pkl')).toThrow(/plain.pkl cannot be read/);
  });
});

it('reads any values that joblib keeps: column-major, objects, scalars, tuples as keys', () => {
  const values = readJoblib(read('mixed.pkl'), 'mixed.pkl') as Map<string, unknown>;
  expect([...(values.get('fortran') as NdArray).data]).toEqual([...table(0, 6)]);
  const [first, text, none] = (values.get('objects') as NdArray).items();
  expect([...((first as Map<string, NdArray>).get('a')?.data ?? [])]).toEqual([1, 1.125]);
  expect([text, none, values.get('scalar')]).toEqual(['text', null, 1.5]);
  const [[key, list] = []] = [...(values.get('keys') as Map<unknown, unknown[]>)];
  expect(key).toEqual(PyTuple.withItems(['video', 3]));
  expect([...(list?.[0] as NdArray).data]).toEqual([2, 2.125, 2.25, 2.375]);
});

/** A Python with joblib: RETAKE_PYTHON names it, else python3. */
const python = process.env['RETAKE_PYTHON'] ?? 'python3';

function hasJoblib(): boolean {
  try {
    execFileSync(python, ['-c', 'import joblib, numpy'], { stdio: 'ignore' });
    return true;
  } catch {
    console.log(`skipped: ${python} has no joblib (pip install joblib numpy; RETAKE_PYTHON names another Python)`);
    return false;
  }
}

describe.skipIf(!hasJoblib())("Python's joblib itself", () => {
  const folder = mkdtempSync(join(tmpdir(), 'retake-joblib-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('loads what Retake writes, with the keys, shapes and types of VIBE', async () => {
    writeFileSync(join(folder, 'ours.pkl'), await bytesOf(RESULT));
    const script = [
      'import joblib, json, sys',
      'result = joblib.load(sys.argv[1])',
      'describe = lambda v: None if v is None else [str(v.dtype), list(v.shape), float(v.astype("f8").sum())]',
      'print(json.dumps({str(i): {k: describe(v) for k, v in p.items()} for i, p in result.items()}))',
    ].join('\n');
    const said: unknown = JSON.parse(
      execFileSync(python, ['-c', script, join(folder, 'ours.pkl')], { encoding: 'utf8' }),
    );
    const sum = (key: number, count: number): number => doubles(key, count).reduce((total, value) => total + value, 0);
    const described = (n: number, frames: number, joints2d: unknown) => ({
      pred_cam: ['float32', [n, 3], sum(0, n * 3)],
      orig_cam: ['float64', [n, 4], sum(1, n * 4)],
      verts: ['float32', [n, 5, 3], sum(2, n * 15)],
      pose: ['float32', [n, 72], sum(3, n * 72)],
      betas: ['float32', [n, 10], sum(4, n * 10)],
      joints3d: ['float32', [n, 49, 3], sum(5, n * 147)],
      joints2d,
      joints2d_img_coord: ['float32', [n, 49, 2], sum(7, n * 98)],
      bboxes: ['float64', [n, 4], sum(8, n * 4)],
      frame_ids: ['int64', [n], frames],
    });
    expect(said).toEqual({ 1: described(3, 5, ['float64', [5, 21, 3], sum(6, 315)]), 7: described(2, 21, null) });
  });

  it('writes what Retake reads', async () => {
    execFileSync(python, [join(fixtures, 'make.py'), folder]);
    const version = execFileSync(python, ['-c', 'import joblib; print(joblib.__version__)'], { encoding: 'utf8' });
    const name = `joblib${version.trim().replaceAll('.', '_')}`;
    for (const file of [`${name}.pkl`, `${name}.zlib.pkl`, 'plain.pkl']) {
      await same(decodeVibeOutput(new Uint8Array(readFileSync(join(folder, file))), file));
    }
  });
});
