import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { AppError } from '#core/errors';
import { openSession } from '../../inference/sessions';
import { encodeModel, encodeSplitModel } from '../onnx/encodeModel';
import type { WeightTensor } from '../weightTensor';
import { compileBackbone } from './backbone';
import { compileMotionDiscriminator } from './motionDiscriminator';
import { compileRegressor, meanParametersOf } from './regressor';
import { compileTemporalEncoder } from './temporalEncoder';

const tensor = (...shape: number[]): WeightTensor => ({
  shape,
  data: new Float32Array(shape.reduce((product, size) => product * size, 1)).map((_, k) => ((k * 37) % 101) / 5000),
});

/** An encoder of one layer with a state of 4. */
function smallEncoder(): Map<string, WeightTensor> {
  return new Map([
    ['encoder.gru.weight_ih_l0', tensor(12, 2048)],
    ['encoder.gru.weight_hh_l0', tensor(12, 4)],
    ['encoder.gru.bias_ih_l0', tensor(12)],
    ['encoder.gru.bias_hh_l0', tensor(12)],
    ['encoder.linear.weight', tensor(2048, 4)],
    ['encoder.linear.bias', tensor(2048)],
  ]);
}

function refusalOf(act: () => unknown): AppError {
  try {
    act();
  } catch (error) {
    if (error instanceof AppError && error.code === 'WEIGHTS_INVALID') return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

const messageOf = (act: () => unknown): string => refusalOf(act).message;

describe('weights that do not fit', () => {
  it('are named: missing, misshapen and not finite, in one sentence', () => {
    const weights = smallEncoder();
    weights.delete('encoder.gru.bias_hh_l0');
    weights.set('encoder.gru.b_hh_l0', tensor(12));
    weights.set('encoder.linear.weight', tensor(2048, 5));
    weights.get('encoder.gru.weight_ih_l0')!.data[77] = Number.NaN;
    expect(messageOf(() => compileTemporalEncoder(weights))).toBe(
      'The weights of the temporal encoder do not fit: encoder.gru.bias_hh_l0 is missing; ' +
        'encoder.gru.weight_ih_l0 holds NaN at 77 (a finite number expected); ' +
        'encoder.linear.weight has shape 2048 x 5 instead of 2048 x 4; not expected there: encoder.gru.b_hh_l0.',
    );
  });

  it('include a layer or a direction that is only half there', () => {
    const gap = smallEncoder();
    gap.set('encoder.gru.weight_ih_l2', tensor(12, 4));
    const message = messageOf(() => compileTemporalEncoder(gap));
    expect(message).toContain('encoder.gru.weight_ih_l1 is missing');
    expect(message).toContain('encoder.gru.bias_hh_l2 is missing');
    const half = smallEncoder();
    half.set('encoder.gru.weight_ih_l0_reverse', tensor(12, 2048));
    expect(messageOf(() => compileTemporalEncoder(half))).toContain('encoder.gru.weight_hh_l0_reverse is missing');
  });

  it('are summed up when none is there, and when very many are missing', () => {
    expect(messageOf(() => compileBackbone(new Map()))).toBe(
      'The weights of the image backbone (ResNet-50) do not fit: none of its 265 tensors is there (conv1.weight, ...).',
    );
    expect(messageOf(() => compileMotionDiscriminator(new Map()))).toContain('none of its 6 tensors is there');
    const one = new Map([['conv1.weight', tensor(64, 3, 7, 7)]]);
    const refusal = refusalOf(() => compileBackbone(one));
    expect(refusal.message).toContain('and 240 more');
    expect(refusal.details).toMatchObject({ problems: expect.objectContaining({ length: 264 }) });
  });

  it('of the regressor name each head', () => {
    const message = messageOf(() => compileRegressor(new Map([['regressor.decpose.weight', tensor(72, 1024)]])));
    expect(message).toContain('regressor.decpose.weight has shape 72 x 1024 instead of 144 x 1024');
    expect(message).toContain('regressor.deccam.bias is missing');
    expect(meanParametersOf(new Map())).toBeUndefined();
    const some = new Map([['regressor.init_cam', tensor(1, 3)]]);
    expect(messageOf(() => meanParametersOf(some))).toContain('regressor.init_pose is missing');
  });
});

describe('encodeSplitModel', () => {
  it('keeps weights in a file of their own that the runtime finds, the same bytes each time', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'retake-split-'));
    try {
      const [first, second] = [smallEncoder(), smallEncoder()].map((weights) =>
        encodeSplitModel(compileTemporalEncoder(weights).graph, 'encoder.weights'),
      );
      expect(Buffer.concat(second!.weights).equals(Buffer.concat(first!.weights))).toBe(true);
      expect(Buffer.from(second!.model).equals(first!.model)).toBe(true);
      expect(first!.model.byteLength).toBeLessThan(8000);
      writeFileSync(path.join(folder, 'encoder.onnx'), first!.model);
      writeFileSync(path.join(folder, 'encoder.weights'), Buffer.concat(first!.weights));
      const split = await openSession(path.join(folder, 'encoder.onnx'), { threads: 1 });
      const feeds = {
        features: { data: new Float32Array(3 * 2048).fill(0.25), dims: [3, 1, 2048] },
        state: { data: new Float32Array(4), dims: [1, 1, 4] },
      };
      const { encoded, nextState } = await split.run(feeds);
      expect(encoded!.dims).toEqual([3, 1, 2048]);
      expect(nextState!.dims).toEqual([1, 1, 4]);
      const whole = await openSession(encodeModel(compileTemporalEncoder(smallEncoder()).graph), { threads: 1 });
      expect(encoded!.data).toEqual((await whole.run(feeds))['encoded']!.data);
      expect(encoded!.data.some((value) => value !== 0.25)).toBe(true);
      await Promise.all([split.dispose(), whole.dispose()]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
