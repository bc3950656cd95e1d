import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  ruleBetasSequence,
  ruleCrops,
  ruleImage,
  ruleMeanParameters,
  rulePoseSequence,
} from '../../fixtures/vibe/inputs';
import { makeTensor, manifest, sha256Of } from '../../fixtures/vibe/manifest';
import { hashAt, seedOf, signedAt } from '../../fixtures/vibe/rule';
import {
  ruleExtraRegressor,
  ruleFaces,
  ruleH36mRegressor,
  ruleJointRegressor,
  ruleKintree,
  rulePosedirs,
  ruleShapedirs,
  ruleTemplate,
  ruleWeights,
} from '../../fixtures/vibe/smplArrays';

/** Tensors up to this size are checked every time; the rest in rule.slow.test.ts. */
const QUICK_ELEMENTS = 150_000;

const index = JSON.parse(readFileSync(new URL('../../fixtures/vibe/index.json', import.meta.url), 'utf8')) as {
  hash_vectors: { name: string; index: number; seed: string; hash: string; v: number }[];
};

describe('the rule of the synthetic VIBE files', () => {
  it('gives the published hashes', () => {
    for (const vector of index.hash_vectors) {
      expect(seedOf(vector.name)).toBe(Number(vector.seed));
      expect(hashAt(seedOf(vector.name), vector.index)).toBe(Number(vector.hash));
      expect(signedAt(seedOf(vector.name), vector.index)).toBe(vector.v);
    }
  });

  it('makes the network tensors bit for bit', () => {
    const quick = Object.values(manifest.tensors)
      .flat()
      .filter(({ shape }) => shape.reduce((total, size) => total * size, 1) <= QUICK_ELEMENTS);
    expect(quick.length).toBeGreaterThan(250);
    for (const tensor of quick)
      expect([tensor.name, sha256Of(makeTensor(tensor))]).toEqual([tensor.name, tensor.sha256]);
  });

  it.each([
    ['smpl.v_template', ruleTemplate],
    ['smpl.shapedirs', ruleShapedirs],
    ['smpl.posedirs', rulePosedirs],
    ['smpl.J_regressor.cols_int32', () => ruleJointRegressor().columns],
    ['smpl.J_regressor.vals', () => ruleJointRegressor().values],
    ['smpl.weights', ruleWeights],
    ['smpl.f', ruleFaces],
    ['smpl.kintree_table', ruleKintree],
    ['J_regressor_extra', () => ruleExtraRegressor().dense],
    ['J_regressor_h36m', () => ruleH36mRegressor().dense],
    ['mean.pose', () => ruleMeanParameters().pose],
    ['mean.shape', () => ruleMeanParameters().shape],
    ['mean.cam', () => ruleMeanParameters().cam],
    ['input_crops', () => ruleCrops()],
    ['test_image', ruleImage],
    ['pose_sequence', rulePoseSequence],
    ['betas_sequence', ruleBetasSequence],
  ] as const)('makes %s bit for bit', (name, make) => {
    expect(sha256Of(make())).toBe(manifest.arrays[name]?.sha256);
  });
});
