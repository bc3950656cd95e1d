import { growSpans, type Span } from '#core/frames/span';
import { STRIDE, WINDOW } from '../estimation/plausibility/judgeMotion';
import type { JobTracker } from './jobTracker';
import type { RunContext } from './runContext';

/** Frames around what is judged that are shown too, so that every window is as it would be for the whole track. */
const CONTEXT = 2 * WINDOW;

/**
 * Judges how natural the motion around a span is that was just solved, as a channel of its own (reference vibe-smpl 9).
 * Where another judge spoke before, because a discriminator was imported meanwhile, the whole track is judged anew.
 */
export async function judgeAround(context: RunContext, person: string, solved: Span, job: JobTracker): Promise<void> {
  const { motion, frameCount } = context;
  const before = motion.get(person)?.judge;
  const judge = await judgeSpan(context, person, solved, job);
  if (before === undefined || before === judge) return;
  await judgeSpan(context, person, { from: 0, to: frameCount }, job);
}

async function judgeSpan(context: RunContext, person: string, solved: Span, job: JobTracker): Promise<string> {
  const { motion, frameCount, lanes, bodyModel, estimator } = context;
  const [wanted = solved] = growSpans([solved], WINDOW, frameCount);
  const [around = wanted] = growSpans([wanted], CONTEXT, frameCount);
  const shown = { from: aligned(motion.get(person)?.present, around.from), to: around.to };
  const rows = motion.slice(person, shown.from, shown.to);
  if (!rows) return '';
  const seconds = context.seconds.slice(shown.from, shown.to);
  const input = { bodyModel, bodyFamily: estimator.bodyFamily, rows, seconds };
  const { judge, scores } = await lanes.run('judge', input, job.signal);
  const first = wanted.from - shown.from;
  motion.judged(person, judge, wanted.from, scores.slice(first, first + wanted.to - wanted.from));
  return judge;
}

/** Windows count from the first frame of a run without a gap: the next frame towards it where one begins. */
function aligned(present: Uint8Array | undefined, from: number): number {
  let start = from;
  while (start > 0 && present?.[start] === 1 && present[start - 1] === 1) start--;
  return from - ((from - start) % STRIDE);
}
