import type { Provider, ProviderFinding } from '../provider';
import type { Tensor } from '../session';
import { openSession, type OpenedSession } from '../sessions';
import { refusalOf } from './refusals';
import {
  CHECK_FEEDS,
  CHECK_OUTPUT,
  encodeCheckNetwork,
  encodeTimedNetwork,
  expectedStates,
  TIMED_FEEDS,
} from './checkNetwork';

/**
 * Most that an answer of the check may be off: states are within 1, float32 is off by about 1e-6 and half precision by
 * 1e-3, which would be seen in poses.
 */
export const MOST_DIFFERENCE = 1e-4;
/** A provider that is slower than the CPU is of no use; a little slower may be chance. */
const MOST_SLOWNESS = 1.1;
const TIMED_RUNS = 3;
/** A first timed run that takes so much longer than the CPU's, ms, settles the matter. */
const HOPELESS_MS = 2_000;

/** Tries a provider in this process, which may die of it: call it in a throw-away one. Never rejects. */
export async function tryProvider(
  provider: Provider,
  open: typeof openSession = openSession,
): Promise<ProviderFinding> {
  try {
    const asked = { threads: 1, providers: [provider] };
    const check = await open(encodeCheckNetwork(), asked);
    if (check.verdict.provider !== provider) {
      return { provider, state: 'refused', reason: refusalOf(provider, check.verdict.reason) };
    }
    const outputs = await check.run(CHECK_FEEDS);
    await check.dispose();
    const difference = largestDifference(outputs[CHECK_OUTPUT]);
    if (!(difference <= MOST_DIFFERENCE)) {
      const reason = `it answers wrong numbers in Retake's check (off by ${wrongness(difference)})`;
      return { provider, state: 'refused', reason, difference };
    }
    return { ...(await timed(provider, open)), difference };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { provider, state: 'refused', reason: refusalOf(provider, message) };
  }
}

async function timed(provider: Provider, open: typeof openSession): Promise<ProviderFinding> {
  const network = encodeTimedNetwork();
  const cpu = await open(network, { threads: 1 });
  const cpuMilliseconds = await bestRun(cpu);
  await cpu.dispose();
  if (provider === 'cpu') {
    return { provider, state: 'works', reason: 'works on every computer', milliseconds: cpuMilliseconds };
  }
  const session = await open(network, { threads: 1, providers: [provider] });
  const milliseconds = await bestRun(session);
  await session.dispose();
  const times = milliseconds / cpuMilliseconds;
  if (times > MOST_SLOWNESS) {
    const reason = `its numbers are right, but it is ${times.toFixed(times < 10 ? 1 : 0)} times slower than the CPU`;
    return { provider, state: 'refused', reason, milliseconds };
  }
  return {
    provider,
    state: 'works',
    reason: `${(1 / times).toFixed(1)} times as fast as one CPU thread`,
    milliseconds,
  };
}

async function bestRun(session: OpenedSession): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  // The first run makes shaders and plans memory.
  for (let run = 0; run <= TIMED_RUNS; run++) {
    const start = performance.now();
    await session.run(TIMED_FEEDS);
    const took = performance.now() - start;
    if (run > 0) best = Math.min(best, took);
    else if (took > HOPELESS_MS) return took;
  }
  return best;
}

/** Largest difference from the right answer; NaN where a number is missing or none. */
export function largestDifference(answer: Tensor | undefined): number {
  const expected = expectedStates();
  if (answer?.data.length !== expected.length) return Number.NaN;
  return expected.reduce((most, value, index) => {
    const off = Math.abs(value - answer.data[index]!);
    return Number.isNaN(most) || Number.isNaN(off) ? Number.NaN : Math.max(most, off);
  }, 0);
}

function wrongness(difference: number): string {
  return Number.isNaN(difference) ? 'numbers that are none' : difference.toPrecision(2);
}
