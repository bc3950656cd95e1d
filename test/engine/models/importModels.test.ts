import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { beforeEach, describe, expect, it } from 'vitest';
import { readJointRegressor, readMeanParameters } from '#engine/weights/userModels/partArrays';
import { importedBodies } from '#engine/weights/userModels/partBodies';
import { readinessOf } from '#engine/weights/userModels/modelSets';
import { ruleExtraRegressor, ruleH36mRegressor, SMPL_VERTEX_COUNT } from '../../fixtures/vibe/smplArrays';
import { writeCheckpoint } from '../../fixtures/vibe/writeCheckpoint';
import { npyBytes, npzBytes } from '../../fixtures/vibe/writeNpz';
import { ImportBench } from './importing';

let bench: ImportBench;
beforeEach(() => {
  bench = new ImportBench();
});

const extraRegressor = () => npyBytes(ruleExtraRegressor().dense, [9, SMPL_VERTEX_COUNT]);
const kinds = () =>
  bench.store
    .list()
    .map(({ record }) => record.kind)
    .sort();

describe('what is dropped sorts itself out', () => {
  it('by content: arrays and a body, whatever their names', async () => {
    const lines = await bench.import([
      bench.fixture('smpl_mean_params.npz', 'download (1).npz'),
      bench.file('a.npy', extraRegressor()),
      bench.file('b.npy', npyBytes(ruleH36mRegressor().dense, [17, SMPL_VERTEX_COUNT])),
      bench.fixture('smpl_tiny_py2_proto2.pkl', 'basicModel_neutral_lbs_10_207_0_v1.0.0.pkl'),
      bench.fixture('smpl_tiny_plain_py3_proto4.pkl', 'basicModel_f_lbs_10_207_0_v1.0.0.pkl'),
      bench.fixture('smpl_tiny_py2_proto0.pkl', 'SMPL_MALE.pkl'),
    ]);
    expect(lines.map(({ state }) => state)).toEqual(Array(6).fill('installed'));
    expect(kinds()).toEqual([
      'joint-regressor-extra',
      'joint-regressor-h36m',
      'mean-parameters',
      'smpl-female',
      'smpl-male',
      'smpl-neutral',
    ]);
    expect(readMeanParameters(bench.store).pose6d).toHaveLength(144);
    const extra = readJointRegressor(bench.store, 'joint-regressor-extra');
    expect([extra.rows, extra.vertices]).toEqual([9, 6890]);
    expect(extra.values).toEqual(Float32Array.from(ruleExtraRegressor().dense));
    const bodies = importedBodies(bench.store);
    expect(bodies.map(({ title }) => title)).toEqual(['SMPL neutral', 'SMPL male', 'SMPL female']);
    expect((await bodies[0]?.load())?.vertexCount).toBe(40);
  });

  it('in folders and in zips, with a line for each file', async () => {
    const zip = zipSync({
      'vibe_data/J_regressor_extra.npy': extraRegressor(),
      'vibe_data/notes.txt': new TextEncoder().encode('read me'),
      'vibe_data/inner.zip': zipSync({ 'SMPL_NEUTRAL.pkl': readFileSync(bench.fixture('smpl_tiny_py2_proto2.pkl')) }),
    });
    bench.file('folder/vibe_data.zip', zip);
    bench.file('folder/deep/picture.png', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 1, 2, 3));
    const lines = await bench.import([join(bench.folder, 'files', 'folder')]);
    expect(kinds()).toEqual(['joint-regressor-extra', 'smpl-neutral']);
    const left = lines.filter(({ state }) => state === 'left').map(({ text }) => text);
    expect(left).toEqual([
      'picture.png looks like a picture; it was left alone.',
      'notes.txt is not a model file; it was left alone.',
    ]);
  });

  it('takes the slot a person chose where a body does not say whose it is', async () => {
    const path = bench.fixture('smpl_tiny_plain_py3_proto4.pkl', 'body.pkl');
    const refused = await bench.importOne(path);
    expect(refused).toMatchObject({ state: 'refused', text: expect.stringContaining('neutral, male or female') });
    expect((await bench.importOne(path, 'smpl-female')).state).toBe('installed');
    expect(kinds()).toEqual(['smpl-female']);
  });
});

describe('imported once', () => {
  it('is not imported again, and an earlier import stays as it is', async () => {
    const path = bench.fixture('smpl_mean_params.npz');
    const [first] = await bench.import([path]);
    const record = join(bench.store.folder, first?.parts[0] ?? '', 'part.json');
    const before = [readFileSync(record, 'utf8'), statSync(record).mtimeMs];
    const again = await bench.importOne(bench.fixture('smpl_mean_params.npz', 'other-name.npz'));
    expect(again).toMatchObject({ state: 'known', text: expect.stringContaining('installed already') });
    expect([readFileSync(record, 'utf8'), statSync(record).mtimeMs]).toEqual(before);
  });

  it('gives the same bytes on every machine', async () => {
    const other = new ImportBench();
    for (const { file, import: run } of [
      { file: bench.fixture.bind(bench), import: bench.import.bind(bench) },
      { file: other.fixture.bind(other), import: other.import.bind(other) },
    ]) {
      await run([file('smpl_mean_params.npz'), file('smpl_tiny_py2_proto2.pkl', 'SMPL_NEUTRAL.pkl')]);
    }
    const hashes = (from: ImportBench) =>
      from.store
        .list()
        .map(({ id, record }) => [id, record.files])
        .sort();
    expect(hashes(other)).toEqual(hashes(bench));
  });

  it('of two parts of a kind the one chosen last is used; removing brings the other back, and undo this one', async () => {
    await bench.import([bench.fixture('smpl_tiny_py2_proto2.pkl', 'SMPL_NEUTRAL.pkl')]);
    await bench.import([bench.fixture('smpl_tiny_plain_py3_proto5.pkl', 'sub/SMPL_NEUTRAL.pkl')]);
    const [second, first] = bench.store.list();
    expect([second?.inUse, first?.inUse]).toEqual([true, false]);
    bench.store.choose(first?.id ?? '');
    expect(bench.store.find('smpl-neutral')?.id).toBe(first?.id);
    bench.store.remove(first?.id ?? '');
    expect(bench.store.find('smpl-neutral')?.id).toBe(second?.id);
    bench.store.restore(first?.id ?? '');
    expect(bench.store.find('smpl-neutral')?.id).toBe(first?.id);
    expect(() => bench.store.remove('../files')).toThrow(/no installed part/);
    expect(() => bench.store.restore('../files')).toThrow(/gone for good/);
  });
});

describe('what is missing is said exactly', () => {
  it('tensors of a checkpoint', async () => {
    const vibe = await bench.importOne(bench.fixture('vibe_tiny.legacy.pth.tar'));
    expect(vibe.state).toBe('refused');
    expect(vibe.text).toContain('temporal encoder');
    expect(vibe.text).toMatch(/encoder\.gru\.\S+ (is missing|has shape)/);
    const spin = await bench.importOne(bench.fixture('spin_tiny.zip.pth.tar'));
    expect(spin.state).toBe('refused');
    expect(spin.text).toMatch(/layer1\.0\.conv1\.weight is missing/);
    expect(bench.contents()).toEqual([]);
  });

  it('files of a set', async () => {
    await bench.import([bench.file('J_regressor_extra.npy', extraRegressor())]);
    const { isReady, sentence } = readinessOf('vibe', bench.store.list());
    expect(isReady).toBe(false);
    expect(sentence).toBe(
      'VIBE with SMPL still lacks the VIBE checkpoint (vibe_model_wo_3dpw.pth.tar), the SPIN checkpoint (spin_model_checkpoint.pth.tar) and the SMPL neutral body model (basicModel_neutral_lbs_10_207_0_v1.0.0.pkl).',
    );
    expect(() => bench.store.resolve('vibe-backbone')).toThrow(/SPIN checkpoint is not installed/);
  });
});

describe('bad input gives one sentence and installs nothing', () => {
  const pickle = (text: string) => new TextEncoder().encode(text);
  const cases: [string, (bench: ImportBench) => string, RegExp][] = [
    [
      'a forbidden name in a pickle',
      (b) => b.file('SMPL_NEUTRAL.pkl', pickle("cos\nsystem\n(S'echo'\ntR.")),
      /os\.system/,
    ],
    ['another checkpoint', (b) => b.fixture('tensors_extra.legacy.pth.tar'), /looks like a PyTorch/],
    [
      "a checkpoint of somebody else's network",
      (b) => b.file('x.pth', Buffer.concat(writeCheckpoint({ detector: 1, anchors: 2 }))),
      /neither VIBE's nor SPIN's \(it holds detector and anchors\)/,
    ],
    ['a pose prior', (b) => b.fixture('gmm_tiny_py2_proto0.pkl'), /SMPLify's pose prior/],
    [
      'arrays of something else',
      (b) => b.file('n.npz', npzBytes({ weights: [new Float32Array(4), [4]], labels: [new Uint8Array(4), [4]] })),
      /looks like arrays named weights, labels/,
    ],
    ['an array of another shape', (b) => b.fixture('c_order.npy'), /array of shape .*9 x 6890 or 17 x 6890/],
    [
      'half of the mean parameters',
      (b) => b.file('m.npz', npzBytes({ pose: [new Float32Array(144), [144]], cam: [new Float32Array(3), [3]] })),
      /shape is missing/,
    ],
    [
      'numbers that are none',
      (b) => {
        const dense = ruleExtraRegressor().dense;
        dense[7] = Number.NaN;
        return b.file('J_regressor_extra.npy', npyBytes(dense, [9, SMPL_VERTEX_COUNT]));
      },
      /holds NaN at 7/,
    ],
    ['an SMPL-X body', (b) => b.file('SMPLX_NEUTRAL.npz', npzBytes(otherModel(55))), /SMPL-X/],
    ['a web page in its place', (b) => b.file('SMPL_NEUTRAL.pkl', '<!DOCTYPE html><html>Sign in'), /web page/],
    ['an empty file', (b) => b.file('SMPL_NEUTRAL.pkl', ''), /empty file/],
    ['a pointer of Git LFS', (b) => b.file('spin.pt', 'version https://git-lfs.github.com/spec/v1\n'), /Git LFS/],
    ['a browser still loading', (b) => b.file('vibe_model.pth.tar.crdownload', 'x'), /still being downloaded/],
    [
      'a cut-off zip',
      (b) => b.file('vibe.zip', zipSync({ 'a.pkl': new Uint8Array(5000) }).slice(0, 60)),
      /ends too early/,
    ],
    [
      'a cut-off checkpoint',
      (b) => b.file('v.pth.tar', readFileSync(b.fixture('vibe_tiny.legacy.pth.tar', 'w')).subarray(0, 9000)),
      /cut off|ends|too short|needs/,
    ],
    ['a tar', (b) => b.file('v.tar', tarHeader()), /tar archive \(unpack it first\)/],
  ];

  it.each(cases)('%s', async (_name, make, sentence) => {
    const line = await bench.importOne(make(bench));
    expect(['refused', 'left']).toContain(line.state);
    expect(line.text).toMatch(sentence);
    expect(line.text.length).toBeLessThan(1_500);
    expect(line.hint).toBeTruthy();
    expect(bench.contents()).toEqual([]);
  });

  it('a file in the wrong slot', async () => {
    const line = await bench.importOne(bench.fixture('smpl_mean_params.npz'), 'smpl-neutral');
    expect(line).toMatchObject({
      state: 'refused',
      text: 'smpl_mean_params.npz is for another place: Mean pose and shape, not the SMPL neutral body model.',
    });
    expect(bench.contents()).toEqual([]);
  });

  it('a zip bomb, without unpacking it', async () => {
    const bomb = bench.file('models.zip', zipSync({ 'SMPL_NEUTRAL.pkl': new Uint8Array(70e6) }, { level: 9 }));
    const start = performance.now();
    const line = await bench.importOne(bomb);
    expect(line.text).toMatch(/would unpack to 0\.1 GB, far more/);
    expect(performance.now() - start).toBeLessThan(3_000);
  });

  it('a file that grows while it is looked at', async () => {
    const path = bench.file(
      'SMPL_NEUTRAL.pkl',
      readFileSync(bench.fixture('smpl_tiny_py2_proto2.pkl', 'x')).subarray(0, 4000),
    );
    appendFileSync(path, new Uint8Array(100));
    const writing = setInterval(() => appendFileSync(path, new Uint8Array(100)), 20);
    const line = await bench.importOne(path).finally(() => clearInterval(writing));
    expect(line.text).toBe('SMPL_NEUTRAL.pkl is still being downloaded or copied.');
  });

  it('leaves good files of the same drop installed, and what was there before untouched', async () => {
    await bench.import([bench.fixture('smpl_mean_params.npz')]);
    const before = bench.contents();
    const lines = await bench.import([
      bench.fixture('vibe_tiny.zip.pth.tar'),
      bench.file('J_regressor_extra.npy', extraRegressor()),
    ]);
    expect(lines.map(({ state }) => state).sort()).toEqual(['installed', 'refused']);
    expect(bench.contents()).toEqual(expect.arrayContaining(before));
    expect(kinds()).toEqual(['joint-regressor-extra', 'mean-parameters']);
  });
});

describe('an import that ends early', () => {
  it('installs nothing when it is cancelled, and leaves earlier models alone', async () => {
    await bench.import([bench.fixture('smpl_mean_params.npz')]);
    const before = bench.contents();
    const controller = new AbortController();
    const files = [
      bench.file('a.npy', extraRegressor()),
      bench.fixture('smpl_tiny_py2_proto2.pkl', 'SMPL_NEUTRAL.pkl'),
    ];
    const cancelled = bench.import(files, {
      signal: controller.signal,
      onProgress: (share) => share > 0.3 && controller.abort(),
    });
    await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' });
    expect(bench.contents()).toEqual(before);
  });

  it('leaves a folder that the next start sweeps away when it is killed, but not one under way', async () => {
    await bench.import([bench.fixture('smpl_mean_params.npz')]);
    const before = bench.contents();
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    const leftOver = join(bench.store.folder, `.importing-${dead}-x`);
    const underWay = join(bench.store.folder, `.importing-${process.pid}-x`);
    for (const folder of [leftOver, underWay]) {
      mkdirSync(join(folder, 'smpl-neutral-0123456789ab'), { recursive: true });
      writeFileSync(join(folder, 'smpl-neutral-0123456789ab', 'body.bin'), 'half');
    }
    expect(kinds()).toEqual(['mean-parameters']);
    bench.store.sweep();
    expect(bench.contents().filter((name) => !name.startsWith(`.importing-${process.pid}`))).toEqual(before);
    expect(bench.contents().length).toBeGreaterThan(before.length);
  });

  it('does not use a part whose files are damaged, says so, and is repaired by importing again', async () => {
    const path = bench.fixture('smpl_mean_params.npz');
    await bench.import([path]);
    const [part] = bench.store.list();
    writeFileSync(join(part?.folder ?? '', 'mean.f32'), 'short');
    expect(bench.store.list()[0]).toMatchObject({
      inUse: false,
      problem: expect.stringContaining('mean.f32 is missing or damaged'),
    });
    expect((await bench.importOne(path)).state).toBe('installed');
    expect(bench.store.find('mean-parameters')).toBeDefined();
  });
});

/** Arrays of an SMPL-like model with so many joints and a few vertices. */
function otherModel(joints: number) {
  const vertices = 12;
  const floats = (...shape: number[]) => [new Float32Array(shape.reduce((a, b) => a * b, 1)), shape] as const;
  return {
    v_template: floats(vertices, 3),
    shapedirs: floats(vertices, 3, 20),
    posedirs: floats(vertices, 3, (joints - 1) * 9),
    J_regressor: floats(joints, vertices),
    weights: floats(vertices, joints),
    kintree_table: [new Int32Array(2 * joints), [2, joints]] as const,
    f: [new Uint32Array(3), [1, 3]] as const,
  };
}

function tarHeader(): Uint8Array {
  const bytes = new Uint8Array(1024);
  bytes.set(new TextEncoder().encode('vibe/model.pth'), 0);
  bytes.set(new TextEncoder().encode('ustar'), 257);
  return bytes;
}
