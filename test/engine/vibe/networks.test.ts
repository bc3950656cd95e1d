import { describe, expect, it } from 'vitest';
import { type OpenedSession, openSession } from '#engine/inference/sessions';
import { encodeModel } from '#engine/weights/onnx/encodeModel';
import type { OnnxGraph } from '#engine/weights/onnx/graph';
import { compileBackbone } from '#engine/weights/vibe/backbone';
import { compileMotionDiscriminator } from '#engine/weights/vibe/motionDiscriminator';
import { compileRegressor } from '#engine/weights/vibe/regressor';
import { compileTemporalEncoder, requireFeatureLength } from '#engine/weights/vibe/temporalEncoder';
import { largestDifference, readExpected, ruleWeights } from '../../fixtures/vibe/expected';
import { ruleCrops, ruleMeanParameters } from '../../fixtures/vibe/inputs';
import { ruleTensor } from '../../fixtures/vibe/rule';
import { encodeClips, swapAxes } from './encodeClips';

// Against the original code in double precision: its own single precision is about 1e-6 away.
const TOLERANCE = 1e-5;
const network = readExpected('expected_network_f64.npz');

async function withSession<T>(graph: OnnxGraph, use: (session: OpenedSession) => Promise<T>): Promise<T> {
  const session = await openSession(encodeModel(graph), { threads: 1 });
  try {
    return await use(session);
  } finally {
    await session.dispose();
  }
}

const float32 = (values: ArrayLike<number>): Float32Array => Float32Array.from(values);

describe('backbone', () => {
  it('gives the features of a crop', async () => {
    const features = await withSession(compileBackbone(ruleWeights('backbone', 'hmr.')), async (session) => {
      const { features: found } = await session.run({ crops: { data: ruleCrops(1), dims: [1, 3, 224, 224] } });
      return found!.data;
    });
    const difference = largestDifference(features, network('features_f64').slice(0, 2048));
    expect(difference).toBeLessThan(TOLERANCE);
  });
});

describe('temporal encoder', () => {
  it('as released: two layers of 1024, linear, residual', async () => {
    const compiled = compileTemporalEncoder(ruleWeights('encoder_released'));
    const features = float32(network('features_f64'));
    const whole = largestDifference(await encodeClips(compiled, features, [1, 8]), network('released_encoder_f64'));
    const clips = largestDifference(
      await encodeClips(compiled, features, [2, 4]),
      network('released_n2t4_encoder_f64'),
    );
    expect(Math.max(whole, clips)).toBeLessThan(TOLERANCE);
    expect(compiled.configuration).toEqual({
      layers: 2,
      hidden: 1024,
      input: 2048,
      bidirectional: false,
      linear: true,
      residual: true,
      outputLength: 2048,
    });
  });

  it.each([
    { name: 'bidir', options: { residual: true }, width: 2048 },
    { name: 'h512', options: { residual: true }, width: 512 },
    { name: 'linear_nores', options: { residual: false }, width: 2048 },
  ])('in the build $name, read off its weights', async ({ name, options, width }) => {
    const prefix = `enc.${name}.`;
    const weights = ruleWeights('encoder_variants', prefix);
    const compiled = compileTemporalEncoder(weights, { prefix: '', ...options });
    const clips = ruleTensor('enc.x', [2, 5, 2048], 0.5, 0.5);
    const encoded = await encodeClips(compiled, clips, [2, 5]);
    const difference = largestDifference(encoded, network(`enc_${name}_f64`));
    expect(difference).toBeLessThan(TOLERANCE);
    const { configuration } = compiled;
    expect(configuration.outputLength).toBe(width);
    if (width !== 2048) expect(() => requireFeatureLength(configuration)).toThrow(/512 numbers a frame/);
  });

  it('goes on from a state as if there had been no border', async () => {
    const { graph, configuration } = compileTemporalEncoder(ruleWeights('encoder_variants', 'enc.h512.'), {
      prefix: '',
    });
    await withSession(graph, async (session) => {
      const clip = ruleTensor('enc.x', [5, 1, 2048], 0.5, 0.5);
      const zeros = { data: new Float32Array(configuration.hidden), dims: [1, 1, configuration.hidden] };
      const block = (from: number, to: number) => ({
        data: clip.slice(from * 2048, to * 2048),
        dims: [to - from, 1, 2048],
      });
      const whole = await session.run({ features: block(0, 5), state: zeros });
      const first = await session.run({ features: block(0, 2), state: zeros });
      const second = await session.run({ features: block(2, 5), state: first['nextState']! });
      const joined = Float32Array.from([...first['encoded']!.data, ...second['encoded']!.data]);
      expect(largestDifference(joined, whole['encoded']!.data)).toBeLessThan(1e-6);
      expect(largestDifference(second['nextState']!.data, whole['nextState']!.data)).toBeLessThan(1e-6);
    });
  });
});

describe('regressor', () => {
  it('finds pose 6D, betas and camera from encoded frames', async () => {
    const mean = ruleMeanParameters();
    await withSession(compileRegressor(ruleWeights('regressor')), async (session) => {
      for (const build of ['released', 'seed']) {
        const found = await session.run({
          features: { data: float32(network(`${build}_encoder_f64`)), dims: [8, 2048] },
          initialPose6d: { data: mean.pose, dims: [1, 144] },
          initialBetas: { data: float32(mean.shape), dims: [1, 10] },
          initialCamera: { data: mean.cam, dims: [1, 3] },
        });
        const theta = Array.from({ length: 8 }, (_, n) => network(`${build}_theta_f64`).slice(n * 85, n * 85 + 85));
        const pick = (from: number, to: number) => theta.flatMap((row) => Array.from(row).slice(from, to));
        const differences = [
          largestDifference(found['pose6d']!.data, network(`${build}_pose6d_f64`)),
          largestDifference(found['betas']!.data, pick(75, 85)),
          largestDifference(found['camera']!.data, pick(0, 3)),
        ];
        expect(Math.max(...differences)).toBeLessThan(TOLERANCE);
      }
    });
  });
});

describe('motion discriminator', () => {
  const expected = readExpected('expected_disc.npz');
  const poses = swapAxes(ruleTensor('disc.x', [4, 16, 69], 1), 4, 16, 69);
  const last = new Map(
    [...ruleWeights('disc_concat', 'disc_concat.gru.')].map(([key, tensor]) => [`gru.${key}`, tensor]),
  );
  for (const [key, tensor] of ruleWeights('disc_last_fc', 'disc_last.')) last.set(key, tensor);

  it.each([
    { pooling: 'concat', weights: ruleWeights('disc_concat', 'disc_concat.') },
    { pooling: 'attention', weights: ruleWeights('disc_attention', 'disc_attention.') },
    { pooling: 'last', weights: last },
  ])('with $pooling pooling', async ({ pooling, weights }) => {
    const { graph, configuration } = compileMotionDiscriminator(weights);
    expect(configuration.pooling).toBe(pooling);
    await withSession(graph, async (session) => {
      const { scores, attention } = await session.run({ poses: { data: poses, dims: [16, 4, 69] } });
      const difference = largestDifference(scores!.data, expected(`${pooling}_f64`));
      expect(difference).toBeLessThan(TOLERANCE);
      if (pooling !== 'attention') return;
      expect(attention!.dims).toEqual([4, 16]);
      expect(largestDifference(attention!.data, expected('attention_scores_f64'))).toBeLessThan(TOLERANCE);
    });
  });
});
