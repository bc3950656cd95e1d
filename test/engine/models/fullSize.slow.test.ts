import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSession } from '#engine/inference/sessions';
import { readinessOf } from '#engine/weights/userModels/modelSets';
import { USER_NETWORKS } from '#engine/weights/userModels/partKinds';
import { discriminatorState, fullSizePair, saveCheckpoint, spinState, vibeState } from '../../fixtures/vibe/fullSize';
import { ruleExtraRegressor, SMPL_VERTEX_COUNT } from '../../fixtures/vibe/smplArrays';
import { npyBytes } from '../../fixtures/vibe/writeNpz';
import { ImportBench } from './importing';

describe('a full-size pair of checkpoints', () => {
  it('gives every network, the same bytes on two machines, and makes the set complete with a body', async () => {
    const pair = fullSizePair();
    const [bench, other] = [new ImportBench(), new ImportBench()];
    await bench.import([pair.vibe, pair.spin]);
    await other.import([pair.spin, pair.vibe]);
    const hashes = (from: ImportBench) =>
      from.store
        .list()
        .map(({ id, record }) => [id, record.files])
        .sort();
    expect(hashes(bench)).toEqual(hashes(other));
    const temporal = bench.store.find('vibe-temporal');
    expect(temporal?.record.facts).toMatchObject({ layers: 2, hidden: 1024, linear: true, bidirectional: false });
    for (const modelId of Object.keys(USER_NETWORKS)) {
      const session = await openSession(bench.store.resolve(modelId).path, { threads: 1 });
      expect(Object.keys(await session.run(session.zeroFeeds())).length).toBeGreaterThan(0);
      await session.dispose();
    }
    await bench.import([
      bench.file('J_regressor_extra.npy', npyBytes(ruleExtraRegressor().dense, [9, SMPL_VERTEX_COUNT])),
      bench.fixture('smpl_tiny_py2_proto2.pkl', 'SMPL_NEUTRAL.pkl'),
    ]);
    expect(readinessOf('vibe', bench.store.list()).isReady).toBe(true);
  });

  it('asks for the mean parameters when the checkpoint does not hold them', async () => {
    const bench = new ImportBench();
    const state = Object.fromEntries(Object.entries(vibeState()).filter(([key]) => !key.includes('init_')));
    const path = join(bench.folder, 'vibe.pth.tar');
    saveCheckpoint(path, { gen_state_dict: state });
    expect((await bench.importOne(path)).state).toBe('installed');
    expect(readinessOf('vibe', bench.store.list()).missing).toContain('mean-parameters');
    await bench.import([bench.fixture('smpl_mean_params.npz')]);
    expect(readinessOf('vibe', bench.store.list()).missing).not.toContain('mean-parameters');
    rmSync(path);
  });

  it('with renamed, missing or spoilt tensors is refused with every name, and nothing is installed', async () => {
    const bench = new ImportBench();
    const path = join(bench.folder, 'spin.pth.tar');
    const { 'conv1.weight': first, 'layer4.2.bn3.running_var': variance, ...rest } = spinState();
    if (!first || !variance) throw new Error('the rule names tensors otherwise');
    const spoilt = Float32Array.from(variance.data);
    spoilt[5] = Number.NaN;
    saveCheckpoint(path, {
      model: { ...rest, 'conv_1.weight': first, 'layer4.2.bn3.running_var': { shape: variance.shape, data: spoilt } },
    });
    const line = await bench.importOne(path);
    expect(line.state).toBe('refused');
    expect(line.text).toMatch(/conv1\.weight is missing/);
    expect(line.text).toMatch(/layer4\.2\.bn3\.running_var holds NaN at 5/);
    expect(line.text).toMatch(/conv_1\.weight/);
    expect(bench.contents()).toEqual([]);
    rmSync(path);
  });

  it('installs a VIBE checkpoint whose discriminator is of no use, and says so', async () => {
    const bench = new ImportBench();
    const path = join(bench.folder, 'vibe.pth.tar');
    const { 'fc.weight': _left, ...discriminator } = discriminatorState();
    saveCheckpoint(path, { gen_state_dict: vibeState(), disc_motion_state_dict: discriminator });
    const line = await bench.importOne(path);
    expect(line.state).toBe('installed');
    expect(line.text).toMatch(/Its motion discriminator cannot be used: .*fc\.weight is missing/);
    expect(bench.store.list().map(({ record }) => record.kind)).toEqual(['vibe-temporal']);
    rmSync(path);
  });
});
