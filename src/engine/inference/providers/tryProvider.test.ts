import { describe, expect, it } from 'vitest';
import { AppError } from '#core/errors';
import type { OpenedSession } from '../sessions';
import { openSession } from '../sessions';
import { CHECK_FEEDS, CHECK_OUTPUT, encodeCheckNetwork, expectedStates } from './checkNetwork';
import { chooseProviders } from './probeProviders';
import { refusalOf } from './refusals';
import { largestDifference, MOST_DIFFERENCE, tryProvider } from './tryProvider';

/** A provider that answers as the CPU does, changed by `spoil`, and takes `milliseconds` for each run. */
function fakeOpen(spoil: (value: number) => number, milliseconds = 0): typeof openSession {
  return async (model, options) => {
    const session = await openSession(model, { threads: options.threads });
    if (options.providers === undefined) return session;
    const fake: OpenedSession = {
      ...session,
      verdict: { provider: options.providers[0] ?? 'cpu', reason: 'as asked for' },
      async run(feeds) {
        const outputs = await session.run(feeds);
        await new Promise((resolve) => setTimeout(resolve, milliseconds));
        for (const { data } of Object.values(outputs)) data.forEach((value, index) => (data[index] = spoil(value)));
        return outputs;
      },
    };
    return fake;
  };
}

describe('the built-in check', () => {
  it('has right answers that the CPU gives, computed apart from it', async () => {
    const session = await openSession(encodeCheckNetwork(), { threads: 1 });
    const { [CHECK_OUTPUT]: states } = await session.run(CHECK_FEEDS);
    await session.dispose();
    expect(largestDifference(states)).toBeLessThan(1e-6);
    // Answers that are all alike would not tell a wrong device from a right one.
    expect(new Set(Array.from(expectedStates(), (value) => value.toFixed(4))).size).toBeGreaterThan(50);
  });

  it('lets the CPU pass', async () => {
    const finding = await tryProvider('cpu');
    expect(finding.state).toBe('works');
    expect(finding.difference).toBeLessThan(1e-6);
  });

  it('refuses a provider that answers wrong numbers, however slightly', async () => {
    const finding = await tryProvider(
      'webgpu',
      fakeOpen((value) => value + 3 * MOST_DIFFERENCE),
    );
    expect(finding).toMatchObject({
      state: 'refused',
      reason: expect.stringMatching(/wrong numbers .*off by 0\.00030/),
    });
  });

  it('refuses a provider that answers no numbers', async () => {
    const finding = await tryProvider(
      'webgpu',
      fakeOpen(() => Number.NaN),
    );
    expect(finding.state).toBe('refused');
    expect(finding.reason).toContain('numbers that are none');
  });

  it('refuses a provider that is slower than the CPU, and says how much', async () => {
    const finding = await tryProvider(
      'cuda',
      fakeOpen((value) => value, 200),
    );
    expect(finding).toMatchObject({ state: 'refused', reason: expect.stringContaining('times slower than the CPU') });
  });

  it('says why a provider cannot be opened, and never rejects', async () => {
    const open = () => Promise.reject(new AppError('INTERNAL', '/onnxruntime_src/a/b.cc:136 it fell over\nat x'));
    expect(await tryProvider('dml', open)).toEqual({ provider: 'dml', state: 'refused', reason: 'it fell over' });
    expect((await tryProvider('dml')).state).toBe(process.platform === 'win32' ? expect.anything() : 'refused');
  });
});

it('explains what drivers say', () => {
  expect(refusalOf('webgpu', 'x.cc:1 Failed to get a WebGPU adapter: No supported adapters')).toMatch(/no graphics/);
  expect(refusalOf('cuda', 'Failed to load shared library')).toBe('the libraries it needs are not installed');
});

describe('the choice', () => {
  const works = { provider: 'cuda' as const, state: 'works' as const, reason: '9.0 times as fast as one CPU thread' };
  const refused = { provider: 'webgpu' as const, state: 'refused' as const, reason: 'no adapter' };
  it('is the first that works, with the CPU behind it', () => {
    expect(chooseProviders([refused, works])).toEqual({ providers: ['cuda', 'cpu'], reason: works.reason });
  });
  it('is the CPU with every reason when none works', () => {
    expect(chooseProviders([refused])).toEqual({ providers: ['cpu'], reason: 'WebGPU: no adapter' });
  });
});
