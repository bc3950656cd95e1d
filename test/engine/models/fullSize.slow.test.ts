import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSession } from '#engine/inference/sessions';
import { JOINT_PARENTS } from '#core/body/skeleton';
import { readJointRegressor } from '#engine/weights/userModels/partArrays';
import { importedBodies } from '#engine/weights/userModels/partBodies';
import { readinessOf } from '#engine/weights/userModels/modelSets';
import { USER_NETWORKS } from '#engine/weights/userModels/partKinds';
import { discriminatorState, fullSizePair, saveCheckpoint, spinState, vibeState } from '../../fixtures/vibe/fullSize';
import {
  ruleExtraRegressor,
  ruleFaces,
  ruleJointRegressor,
  rulePosedirs,
  ruleShapedirs,
  ruleTemplate,
  ruleWeights,
  SMPL_VERTEX_COUNT,
} from '../../fixtures/vibe/smplArrays';
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

  it('takes the body and the extra regressor out of a checkpoint; files of their own are preferred to them', async () => {
    const bench = new ImportBench();
    const path = join(bench.folder, 'vibe.pth.tar');
    const extra = Float32Array.from(ruleExtraRegressor().dense);
    const body = {
      'regressor.smpl.v_template': { shape: [SMPL_VERTEX_COUNT, 3], data: Float32Array.from(ruleTemplate()) },
      'regressor.smpl.shapedirs': { shape: [SMPL_VERTEX_COUNT, 3, 10], data: Float32Array.from(ruleShapedirs()) },
      'regressor.smpl.posedirs': { shape: [207, SMPL_VERTEX_COUNT * 3], data: turned(rulePosedirs()) },
      'regressor.smpl.J_regressor': {
        shape: [24, SMPL_VERTEX_COUNT],
        data: Float32Array.from(ruleJointRegressor().dense),
      },
      'regressor.smpl.lbs_weights': { shape: [SMPL_VERTEX_COUNT, 24], data: Float32Array.from(ruleWeights()) },
      'regressor.smpl.parents': { shape: [24], data: Float32Array.from(JOINT_PARENTS) },
      'regressor.smpl.faces_tensor': { shape: [13_776, 3], data: Float32Array.from(ruleFaces()) },
      'regressor.smpl.J_regressor_extra': { shape: [9, SMPL_VERTEX_COUNT], data: extra },
    };
    saveCheckpoint(path, { gen_state_dict: { ...vibeState(), ...body } });
    const line = await bench.importOne(path);
    expect(line.text).toContain('VIBE checkpoint, Extra joint regressor and SMPL neutral body model');
    expect(readJointRegressor(bench.store, 'joint-regressor-extra').values).toEqual(extra);
    const [embedded] = importedBodies(bench.store);
    expect((await embedded?.load())?.vertexCount).toBe(SMPL_VERTEX_COUNT);
    expect(readinessOf('vibe', bench.store.list()).missing).toEqual(['spin-backbone']);
    await bench.import([bench.fixture('smpl_tiny_py2_proto2.pkl', 'SMPL_NEUTRAL.pkl')]);
    expect(bench.store.find('smpl-neutral')?.record.source.name).toBe('SMPL_NEUTRAL.pkl');
    rmSync(path);
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

/** V x 3 x 207 as the checkpoint has it, 207 x (V * 3). */
function turned(posedirs: Float64Array): Float32Array {
  const size = SMPL_VERTEX_COUNT * 3;
  const result = new Float32Array(posedirs.length);
  for (let at = 0; at < size; at++) {
    for (let feature = 0; feature < 207; feature++) result[feature * size + at] = posedirs[at * 207 + feature] ?? 0;
  }
  return result;
}
