import type { Person } from '#core/document/schema';
import { countFrames, growSpans, intersectSpans, mergeSpans, type Span, spansWhere } from '#core/frames/span';
import { effectiveBoxAt } from '#core/tracks/effectiveBoxes';
import type { ObservationTrack } from '../estimation/estimator';
import type { JobTracker } from './jobTracker';
import { staleness } from './frameKeys';
import type { RunContext } from './runContext';
import { TaskWindow } from './taskWindow';

/** Longer side of the pictures that crops are cut from; crops are 256 px, so nothing is lost for people below this. */
const ANALYSIS_LONG_SIDE = 1920;
/** Frames on both sides of a span that `solve` is shown so that the new part joins the old. */
const CONTEXT_FRAMES = 64;
/** Decoding restarts cost more than decoding this many frames in between. */
const BRIDGE_FRAMES = 24;

/** One person and the frames whose motion is to be made. */
export interface PersonWork {
  person: Person;
  spans: Span[];
}

/** What a run would compute for people, within `limit`. */
export function planWork(context: RunContext, people: readonly Person[], limit: Span): PersonWork[] {
  return people.flatMap((person) => {
    const stored = context.motion.get(person.id);
    const { outOfDate } = staleness(context.keys(), person, stored, context.estimator, context.frameCount);
    const spans = intersectSpans(outOfDate, [limit]);
    return spans.length > 0 ? [{ person, spans }] : [];
  });
}

/** Frames of a person that must be looked at before `spans` can be solved. */
function unobserved(context: RunContext, { person, spans }: PersonWork): Span[] {
  const keys = context.keys().of(person);
  const stored = context.motion.get(person.id);
  // Around a span only what has a body is shown to the solver: frames beyond may have boxes that still settle.
  const solved = spansWhere(context.frameCount, (frame) => stored?.present[frame] === 1);
  const wanted = intersectSpans(growSpans(spans, CONTEXT_FRAMES, context.frameCount), [...spans, ...solved]);
  const missing = spansWhere(context.frameCount, (frame) => {
    const key = keys[frame] ?? 0;
    return key !== 0 && !context.observations.has(key);
  });
  return intersectSpans(missing, wanted);
}

/**
 * Decodes each needed frame once and has the networks look at everybody on it who was not looked at yet. `before` is what
 * the run has looked at already; returns the new count of person-frames.
 */
export async function observeWork(
  context: RunContext,
  work: readonly PersonWork[],
  job: JobTracker,
  before: number,
): Promise<number> {
  const missing = work.map((entry) => ({ person: entry.person, spans: unobserved(context, entry) }));
  const total = before + missing.reduce((sum, { spans }) => sum + countFrames(spans), 0);
  let done = before;
  if (total === before) return done;
  const tasks = new TaskWindow(context.lanes.networkLanes + 1);
  const spans = bridge(mergeSpans(missing.flatMap((entry) => entry.spans)));
  try {
    for (const span of spans) {
      for await (const borrowed of context.decode(span, ANALYSIS_LONG_SIDE, job.signal)) {
        const requests = requestsOn(context, missing, borrowed.frame.frameIndex);
        if (requests.length === 0) {
          borrowed.release();
          continue;
        }
        await tasks.add(async () => {
          try {
            await observeFrame(context, borrowed.frame, requests, job.signal);
          } finally {
            borrowed.release();
          }
          done += requests.length;
          job.advance('observe', done, Math.max(total, done));
        });
      }
    }
  } finally {
    await tasks.settled();
  }
  tasks.throwIfFailed();
  return done;
}

type Request = { key: number; request: { box: { x: number; y: number; width: number; height: number } } };

function requestsOn(context: RunContext, missing: readonly PersonWork[], frameIndex: number): Request[] {
  return missing.flatMap(({ person, spans }) => {
    if (!spans.some((span) => frameIndex >= span.from && frameIndex < span.to)) return [];
    const effective = effectiveBoxAt(person, context.tracks(), frameIndex);
    const key = context.keys().of(person)[frameIndex] ?? 0;
    if (!effective || key === 0 || context.observations.has(key)) return [];
    const { box, keypoints } = effective;
    return [{ key, request: { box, ...(keypoints ? { keypoints } : {}) } }];
  });
}

async function observeFrame(
  context: RunContext,
  frame: Parameters<typeof context.lanes.run<'observe'>>[1]['frame'],
  requests: readonly Request[],
  signal: AbortSignal,
): Promise<void> {
  const { estimator, quality, lanes, observations } = context;
  const input = { estimator: estimator.id, quality, frame, requests: requests.map((entry) => entry.request) };
  const results = await lanes.run('observe', input, signal);
  results.forEach((values, index) => {
    const key = requests[index]?.key;
    if (key !== undefined) observations.set(key, values);
  });
}

/** Joins spans that are so close that decoding through costs less than seeking again. */
function bridge(spans: readonly Span[]): Span[] {
  return mergeSpans(spans.map((span) => ({ from: span.from, to: span.to + BRIDGE_FRAMES }))).map((span) => ({
    from: span.from,
    to: span.to - BRIDGE_FRAMES,
  }));
}

/** Observations of a person over `span` as the estimator takes them. */
function observationTrack(context: RunContext, person: Person, span: Span): ObservationTrack {
  const length = span.to - span.from;
  const size = context.estimator.observationLength;
  const keys = context.keys().of(person);
  const track: ObservationTrack = {
    start: span.from,
    length,
    observations: new Float32Array(length * size),
    present: new Uint8Array(length),
    boxes: new Float32Array(length * 4),
    seconds: context.seconds.slice(span.from, span.to),
  };
  for (let row = 0; row < length; row++) {
    const values = context.observations.get(keys[span.from + row] ?? 0);
    const effective = effectiveBoxAt(person, context.tracks(), span.from + row);
    if (!values || !effective) continue;
    track.observations.set(values, row * size);
    track.boxes.set([effective.box.x, effective.box.y, effective.box.width, effective.box.height], row * 4);
    track.present[row] = 1;
  }
  return track;
}

/** Makes the motion of `work` from its observations; shape and motion outside the spans are held. */
export async function solveWork(context: RunContext, work: readonly PersonWork[], job: JobTracker): Promise<void> {
  for (const { person, spans } of work) {
    for (const span of spans) {
      const [shown] = growSpans([span], CONTEXT_FRAMES, context.frameCount);
      if (shown) await solveSpan(context, person, span, shown, true, job);
    }
  }
}

/** Solves the whole of a person anew, with the shape found from all of it. */
export async function solveWhole(context: RunContext, person: Person, job: JobTracker): Promise<void> {
  const keys = context.keys().of(person);
  const frames = spansWhere(context.frameCount, (frame) => keys[frame] !== 0);
  const first = frames[0];
  const last = frames[frames.length - 1];
  if (!first || !last) return;
  const whole = { from: first.from, to: last.to };
  await solveSpan(context, person, whole, whole, false, job);
}

async function solveSpan(
  context: RunContext,
  person: Person,
  changed: Span,
  shown: Span,
  holdShape: boolean,
  job: JobTracker,
): Promise<void> {
  const { estimator, lanes, motion, camera } = context;
  const keys = context.keys().of(person).slice(changed.from, changed.to);
  const track = observationTrack(context, person, shown);
  const previous = holdShape ? motion.slice(person.id, shown.from, shown.to) : undefined;
  const input = { estimator: estimator.id, track, changed, camera, ...(previous ? { previous } : {}) };
  const solved = await lanes.run('solve', input, job.signal, estimator.solveLane);
  motion.write(person.id, solved, keys, !holdShape || (motion.get(person.id)?.isFinal ?? false));
  motion.flush();
  context.resultsChanged();
}
