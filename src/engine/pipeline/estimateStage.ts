import type { Person } from '#core/document/schema';
import { countFrames, hasFrame, intersectSpans, mergeSpans, type Span, spansWhere } from '#core/frames/span';
import type { ObservationRequest, ObservationTrack } from '../estimation/estimator';
import { distrustBeside, keepEarlier } from './earlierStage';
import { BRIDGE_FRAMES, type ForwardDecoding } from './forwardDecoding';
import { concernedSpans, type FrameKeys, staleness, trackExtent } from './frameKeys';
import type { JobTracker } from './jobTracker';
import { judgeAround } from './judgeStage';
import type { BorrowedFrame, RunContext } from './runContext';
import { NETWORK_QUEUE, TaskWindow } from './taskWindow';

/** One person and the frames whose motion is to be made, from the boxes as they were when it was planned. */
export interface PersonWork {
  person: Person;
  keys: FrameKeys;
  spans: Span[];
  /** Nothing the person has was made from these boxes and settings: shape and motion are found anew. */
  isNew: boolean;
}

/** What a run would compute for people, within `limit`. */
export function planWork(context: RunContext, people: readonly Person[], limit: Span): PersonWork[] {
  const keys = context.keys();
  return people.flatMap((person) => {
    const stored = context.motion.get(person.id);
    const { outOfDate, current } = staleness(keys, person, stored, context);
    const spans = intersectSpans(outOfDate, [limit]);
    return spans.length > 0 ? [{ person, keys, spans, isNew: current.length === 0 }] : [];
  });
}

/** The work of making all of a person at once, with the shape found from all of it; undefined without a box. */
export function planWhole(context: RunContext, person: Person): PersonWork | undefined {
  const keys = context.keys();
  const own = keys.ofBodies(person);
  const frames = spansWhere(context.frameCount, (frame) => own[frame] !== 0);
  const [first, last] = [frames[0], frames[frames.length - 1]];
  if (!first || !last) return undefined;
  return { person, keys, spans: [{ from: first.from, to: last.to }], isNew: true };
}

/** Frames whose observations the estimator must be shown to solve `span`. */
function neededSpan(context: RunContext, { person, keys }: PersonWork, span: Span): Span {
  const { estimator, options, frameCount, motion } = context;
  const extent = trackExtent(concernedSpans(keys, person, motion.get(person.id), frameCount), context);
  return extent ? estimator.needed(span, extent, options) : span;
}

/** Frames of a person that must be looked at before `spans` can be solved. */
function unobserved(context: RunContext, work: PersonWork): Span[] {
  const { person, keys, spans } = work;
  const own = keys.ofObservations(person);
  const stored = context.motion.get(person.id);
  // Around a span only what has a body is shown to the solver: frames beyond may have boxes that still settle.
  const solved = spansWhere(context.frameCount, (frame) => stored?.present[frame] === 1);
  const needed = mergeSpans(spans.map((span) => neededSpan(context, work, span)));
  const wanted = intersectSpans(needed, [...spans, ...solved]);
  return wanted.flatMap(({ from, to }) =>
    spansWhere(to - from, (row) => {
      const key = own[from + row] ?? 0;
      // Read, not only looked up: what was damaged on disk is looked at again.
      return key !== 0 && context.observations.get(key) === undefined;
    }).map((span) => ({ from: from + span.from, to: from + span.to })),
  );
}

/** True when all that the fit of `work` is shown was looked at. */
export function isObserved(context: RunContext, work: PersonWork): boolean {
  return unobserved(context, work).length === 0;
}

/** How many person-frames a stage has done, of how many. */
export interface Counted {
  done: number;
  total: number;
}

/**
 * Decodes each needed frame once and has the networks look at everybody on it who was not looked at yet. Called with the
 * growing count.
 */
export async function observeWork(
  context: RunContext,
  work: readonly PersonWork[],
  decoding: ForwardDecoding,
  job: JobTracker,
  onProgress: (counted: Counted) => void,
): Promise<void> {
  const missing = work.map((entry) => ({ ...entry, spans: unobserved(context, entry) }));
  const counted = { done: 0, total: missing.reduce((sum, { spans }) => sum + countFrames(spans), 0) };
  if (counted.total === 0) return;
  onProgress(counted);
  const tasks = new TaskWindow(NETWORK_QUEUE * context.lanes.networkLanes);
  try {
    for (const span of bridged(missing.flatMap((entry) => entry.spans))) {
      for await (const borrowed of decoding.frames(span)) {
        const requests = requestsOn(context, missing, borrowed.frame.frameIndex);
        await observeFrame(context, borrowed, requests, tasks, job.signal, (count) => {
          counted.done += count;
          onProgress(counted);
        });
      }
    }
  } finally {
    await tasks.settled();
  }
  tasks.throwIfFailed();
}

interface KeyedRequest {
  key: number;
  request: ObservationRequest;
}

function requestsOn(context: RunContext, missing: readonly PersonWork[], frameIndex: number): KeyedRequest[] {
  return missing.flatMap(({ person, keys, spans }) => {
    if (!hasFrame(spans, frameIndex)) return [];
    const effective = keys.boxAt(person, frameIndex);
    const key = keys.ofObservations(person)[frameIndex] ?? 0;
    if (!effective || key === 0 || context.observations.has(key)) return [];
    const { box, keypoints } = effective;
    return [{ key, request: { box, ...(keypoints ? { keypoints } : {}), rate: context.rate } }];
  });
}

/**
 * Starts looking at the people of a frame, shared out among the lanes so that they end together; resolves when all have
 * begun. The frame is given back when the last one is done.
 */
async function observeFrame(
  context: RunContext,
  { frame, release }: BorrowedFrame,
  requests: readonly KeyedRequest[],
  tasks: TaskWindow,
  signal: AbortSignal,
  onDone: (count: number) => void,
): Promise<void> {
  const { estimator, quality, lanes, observations } = context;
  const shares = shared(requests, lanes.networkLanes);
  let open = shares.length;
  const close = (count: number) => {
    open -= count;
    if (open === 0) release();
  };
  close(0);
  for (const [place, share] of shares.entries()) {
    const observe = async () => {
      try {
        const input = { estimator: estimator.id, quality, frame, requests: share.map(({ request }) => request) };
        const results = await lanes.run('observe', input, signal);
        results.forEach((values, index) => {
          const key = share[index]?.key;
          if (key !== undefined) observations.set(key, values);
        });
      } finally {
        close(1);
      }
      onDone(share.length);
    };
    await tasks.add(observe).catch((error: unknown) => {
      close(shares.length - place);
      throw error;
    });
  }
}

/** At most `parts` shares of a list, about equal, none of them empty. */
function shared<Item>(items: readonly Item[], parts: number): Item[][] {
  const size = Math.max(1, Math.ceil(items.length / parts));
  return Array.from({ length: Math.ceil(items.length / size) }, (_, k) => items.slice(k * size, (k + 1) * size));
}

/** Joins spans that are so close that decoding through costs less than seeking again. */
export function bridged(spans: readonly Span[]): Span[] {
  return mergeSpans(mergeSpans(spans).map(({ from, to }) => ({ from, to: to + BRIDGE_FRAMES }))).map((span) => ({
    from: span.from,
    to: span.to - BRIDGE_FRAMES,
  }));
}

/** Observations of a person over `span` as the estimator takes them. */
function observationTrack(context: RunContext, { person, keys }: PersonWork, span: Span): ObservationTrack {
  const length = span.to - span.from;
  const size = context.estimator.observationLength;
  const own = keys.ofObservations(person);
  const track: ObservationTrack = {
    start: span.from,
    length,
    observations: new Float32Array(length * size),
    present: new Uint8Array(length),
    boxes: new Float64Array(length * 4),
    seconds: context.seconds.slice(span.from, span.to),
  };
  for (let row = 0; row < length; row++) {
    const key = own[span.from + row] ?? 0;
    const values = key === 0 ? undefined : context.observations.get(key);
    const effective = keys.boxAt(person, span.from + row);
    if (!values || !effective) continue;
    track.observations.set(values, row * size);
    track.boxes.set([effective.box.x, effective.box.y, effective.box.width, effective.box.height], row * 4);
    track.present[row] = 1;
  }
  return track;
}

/** How {@link solveWork} goes about it. */
export interface SolveOptions {
  /** The shape is found from all the person has and stays; else from what is there yet, and is found again later. */
  isWhole: boolean;
  /** Called with the frames done so far. */
  onProgress: (frames: number) => void;
}

/**
 * Makes the motion of `work` from its observations, several people at a time; for those who have a body, shape and motion
 * around it are held.
 */
export async function solveWork(
  context: RunContext,
  work: readonly PersonWork[],
  job: JobTracker,
  { isWhole, onProgress }: SolveOptions,
): Promise<void> {
  const done = work.map(() => 0);
  const tasks = new TaskWindow(context.lanes.geometryLanes);
  const solvePerson = async (entry: PersonWork, place: number): Promise<void> => {
    let isNew = entry.isNew;
    let before = 0;
    const report = (frames: number) => {
      done[place] = before + frames;
      onProgress(done.reduce((sum, count) => sum + count, 0));
    };
    for (const span of entry.spans) {
      const frames = span.to - span.from;
      const shown = isWhole ? span : neededSpan(context, entry, span);
      const request = { changed: span, shown, isNew, isWhole };
      await solveSpan(context, entry, request, job, (share) => report(share * frames));
      isNew = false;
      report(frames);
      before += frames;
    }
  };
  try {
    for (const [place, entry] of work.entries()) await tasks.add(() => solvePerson(entry, place));
  } finally {
    await tasks.settled();
  }
  tasks.throwIfFailed();
}

async function solveSpan(
  context: RunContext,
  work: PersonWork,
  { changed, shown, isNew, isWhole }: { changed: Span; shown: Span; isNew: boolean; isWhole: boolean },
  job: JobTracker,
  onProgress: (share: number) => void,
): Promise<void> {
  const { estimator, lanes, motion, camera, options, bodyModel } = context;
  const { person, keys } = work;
  const track = observationTrack(context, work, shown);
  const previous = isNew ? undefined : motion.slice(person.id, shown.from, shown.to);
  const isFinal = isWhole || (!isNew && motion.get(person.id)?.isFinal === true);
  const known = { estimator: estimator.id, bodyModel, options, camera, isDraft: !isFinal };
  const input = { ...known, track, changed, ...(previous ? { previous } : {}) };
  const solved = await lanes.run('solve', input, job.signal, estimator.solveLane, onProgress);
  job.signal.throwIfAborted();
  // A frame that could not be looked at keeps no key, so that it stays out of date.
  const made = keys
    .ofBodies(person)
    .slice(changed.from, changed.to)
    .map((key, row) => (track.present[changed.from - shown.from + row] === 1 ? key : 0));
  keepEarlier(context, person.id, changed, isNew);
  if (!isNew) distrustBeside(context, person, keys, changed);
  motion.write(person.id, solved, made, isFinal);
  await judgeAround(context, person.id, changed, job);
  context.earlier.flush();
  motion.flush();
  context.resultsChanged();
}
