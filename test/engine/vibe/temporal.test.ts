import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { estimateTheta, type TemporalNetworks, type ThetaTrack } from '#engine/estimation/estimators/vibe/temporal';
import type { TemporalMode } from '#engine/estimation/estimators/vibe/blocks';
import { openSession } from '#engine/inference/sessions';
import { encodeModel } from '#engine/weights/onnx/encodeModel';
import { compileRegressor } from '#engine/weights/vibe/regressor';
import { compileTemporalEncoder } from '#engine/weights/vibe/temporalEncoder';
import { largestDifference, readExpected, ruleWeights } from '../../fixtures/vibe/expected';
import { ruleMeanParameters } from '../../fixtures/vibe/inputs';

const network = readExpected('expected_network_f64.npz');
const features = Float32Array.from(network('features_f64'));
let networks: TemporalNetworks;

beforeAll(async () => {
  const { graph, configuration } = compileTemporalEncoder(ruleWeights('encoder_released'));
  const mean = ruleMeanParameters();
  networks = {
    encoder: await openSession(encodeModel(graph), { threads: 1 }),
    build: configuration,
    regressor: await openSession(encodeModel(compileRegressor(ruleWeights('regressor'))), { threads: 1 }),
    mean: { pose6d: mean.pose, betas: Float32Array.from(mean.shape), camera: mean.cam },
  };
});
afterAll(async () => {
  await networks.encoder.dispose();
  await networks.regressor.dispose();
});

/** The 8 fixture features with a gap of two frames in the middle. */
function withGap(): { features: Float32Array; present: Uint8Array } {
  const spread = new Float32Array(10 * 2048);
  spread.set(features.subarray(0, 4 * 2048), 0);
  spread.fill(Number.NaN, 4 * 2048, 6 * 2048);
  spread.set(features.subarray(4 * 2048), 6 * 2048);
  return { features: spread, present: Uint8Array.of(1, 1, 1, 1, 0, 0, 1, 1, 1, 1) };
}

/** Rows of theta (85 numbers each) as VIBE lays them out, present rows only. */
function rowsOf(theta: ThetaTrack): number[] {
  return Array.from(theta.present).flatMap((present, row) =>
    present === 0
      ? []
      : [
          ...theta.cameras.subarray(row * 3, row * 3 + 3),
          ...theta.poses.subarray(row * 72, row * 72 + 72),
          ...theta.betas.subarray(row * 10, row * 10 + 10),
        ],
  );
}

describe('estimateTheta', () => {
  it('gives the original’s theta and rotations for a clip', async () => {
    const theta = await estimateTheta({ features, present: new Uint8Array(8).fill(1) }, networks);
    expect(theta.mode).toBe('carried');
    expect(largestDifference(rowsOf(theta), network('released_theta_f64'))).toBeLessThan(1e-5);
    expect(largestDifference(theta.rotations, network('released_rotmat_f64'))).toBeLessThan(1e-5);
  });

  it('starts anew at a gap, as the original does for separate clips', async () => {
    const shares: number[] = [];
    const theta = await estimateTheta(withGap(), networks, { onProgress: (share) => shares.push(share) });
    expect(largestDifference(rowsOf(theta), network('released_n2t4_theta_f64'))).toBeLessThan(1e-5);
    expect(theta.poses.subarray(4 * 72, 6 * 72).every((value) => value === 0)).toBe(true);
    expect(shares).toEqual([0.5, 1]);
  });

  it('matching VIBE, counts gaps as if they were not there', async () => {
    const theta = await estimateTheta(withGap(), networks, { mode: 'match-vibe' });
    expect(theta.mode).toBe('match-vibe');
    expect(largestDifference(rowsOf(theta), network('released_theta_f64'))).toBeLessThan(1e-5);
  });

  it('has a seam after 450 frames when matching VIBE, and none by default', async () => {
    const count = 470;
    const many = Float32Array.from({ length: count * 2048 }, (_, k) => features[k % (8 * 2048)]!);
    const track = { features: many, present: new Uint8Array(count).fill(1) };
    const run = async (mode: TemporalMode) => rowsOf(await estimateTheta(track, networks, { mode }));
    const [carried, matched] = [await run('carried'), await run('match-vibe')];
    const row = (rows: number[], at: number) => rows.slice(at * 85, at * 85 + 85);
    // Features repeat every 8 frames: a start from zero state gives the first frames' numbers again.
    expect(largestDifference(row(matched, 450), row(matched, 0))).toBeGreaterThan(0.01);
    const again = await estimateTheta(
      { features: many.slice(450 * 2048), present: new Uint8Array(20).fill(1) },
      networks,
    );
    expect(largestDifference(matched.slice(450 * 85), rowsOf(again))).toBeLessThan(1e-5);
    expect(largestDifference(carried.slice(0, 450 * 85), matched.slice(0, 450 * 85))).toBeLessThan(1e-5);
    expect(largestDifference(row(carried, 450), row(matched, 450))).toBeGreaterThan(1e-4);
    // Settled: what is carried over the border of the blocks is what was there 8 frames before.
    expect(largestDifference(row(carried, 450), row(carried, 442))).toBeLessThan(1e-4);
  });

  it('can be cancelled', async () => {
    const track = { features, present: new Uint8Array(8).fill(1) };
    const gone = estimateTheta(track, networks, { signal: AbortSignal.abort() });
    await expect(gone).rejects.toMatchObject({ name: 'AbortError' });
  });
});
