import { countFrames, intersectSpans, mergeSpans, type Span, subtractSpans } from '#core/frames/span';
import { playhead } from '../playback/playhead';
import { boxSpans } from '../session/boxSpans';
import { activeJobs } from '../session/jobNews';
import { editsSettled } from '../session/editing';
import { toAppError } from '../session/engineError';
import { notify } from '../session/notices';
import { type OpenProject, projectStore } from '../session/projectStore';
import { countOf } from '../wording/numbers';

/** What a rerun would do, over all people that are not folded away, and to whom. */
export interface OutOfDate {
  /** Frames with a box whose body is to be computed. */
  frames: number;
  /** Bodies on frames whose box is gone, as after a split: a rerun takes them away. */
  leftOver: number;
  /** `spans` are frames with a box, unless none of them has one. */
  people: { person: string; spans: Span[]; frames: number; leftOver: number }[];
}

/** What a rerun would compute, and what it would take away. */
export function outOfDateFrames(
  project: Pick<OpenProject, 'document' | 'results' | 'tracks' | 'media'>,
  range?: Span,
): OutOfDate {
  const { document, results } = project;
  const people = document.people.flatMap((person) => {
    if (person.foldedBecause !== undefined) return [];
    const entry = results.people.find((candidate) => candidate.person === person.id);
    const all = range ? intersectSpans(entry?.outOfDate ?? [], [range]) : (entry?.outOfDate ?? []);
    if (all.length === 0) return [];
    const spans = intersectSpans(all, boxSpans(person, project));
    const frames = countFrames(spans);
    const leftOver = countFrames(all) - frames;
    return [{ person: person.id, spans: frames > 0 ? spans : mergeSpans(all), frames, leftOver }];
  });
  return {
    frames: people.reduce((sum, entry) => sum + entry.frames, 0),
    leftOver: people.reduce((sum, entry) => sum + entry.leftOver, 0),
    people,
  };
}

/** What is out of date in a few words: the frames to compute, or the bodies to take away where there are none. */
export function outOfDateText({ frames, leftOver }: Pick<OutOfDate, 'frames' | 'leftOver'>): string {
  return frames > 0 || leftOver === 0 ? countOf(frames, 'frame') : countOf(leftOver, 'body', 'bodies');
}

/**
 * What the run button does: the first run (of the clip, or with other run options), going on with one that was stopped, or
 * computing what changed.
 */
export type RunState = 'first' | 'resume' | 'rerun' | 'upToDate';

/** See {@link RunState}. */
export function runState(project: Pick<OpenProject, 'document' | 'results' | 'tracks' | 'media' | 'jobs'>): RunState {
  const { results, media, jobs } = project;
  const hasBodies = results.people.some((entry) => entry.present.length > 0);
  if (results.detectedFrames < media.frameCount && !hasBodies) {
    const wasStopped = jobs.some((job) => job.kind === 'run' && job.state === 'cancelled');
    return results.detectedFrames > 0 || wasStopped ? 'resume' : 'first';
  }
  if (wasBrokenOff(project)) return 'resume';
  if (outOfDateFrames(project).people.length === 0) return 'upToDate';
  if (hasBodies) return 'rerun';
  return results.keptBodies === undefined ? 'resume' : 'first';
}

/**
 * Whether a run was stopped on its way: it searched a part of the clip, and the last of what it found has no body. A run
 * of a range made all bodies up to where it searched.
 */
function wasBrokenOff({ document, results, media }: Pick<OpenProject, 'document' | 'results' | 'media'>): boolean {
  const { detectedFrames } = results;
  if (detectedFrames === 0 || detectedFrames >= media.frameCount) return false;
  return document.people.some((person) => {
    if (person.foldedBecause !== undefined || person.segments.length === 0) return false;
    const entry = results.people.find((candidate) => candidate.person === person.id);
    const missing = subtractSpans(entry?.outOfDate ?? [], entry?.present ?? []);
    return missing.some(({ to }) => to <= detectedFrames && to > detectedFrames - media.rate);
  });
}

/** The run that is going on, if any. */
export function activeRun(project: Pick<OpenProject, 'jobs'> | undefined) {
  return activeJobs(project?.jobs ?? []).find((job) => job.kind === 'run');
}

/**
 * Starts a run of what is missing or out of date; of a range or of some people when given. Problems are told, not
 * thrown.
 */
export async function startRun(
  scope: 'missing' | 'outOfDate',
  limits: { span?: Span; people?: string[] } = {},
): Promise<void> {
  const { client, project } = projectStore.getState();
  if (!client || !project || activeRun(project)) return;
  playhead.pause();
  await editsSettled();
  try {
    await client.runs.start({ projectId: project.projectId, scope, focusFrame: playhead.frame(), ...limits });
  } catch (error) {
    const problem = toAppError(error);
    notify({ level: 'error', text: problem.message, detail: problem.hint });
  }
}

/** Runs what the run button says. */
export function runWhatChanged(limits: { span?: Span; people?: string[] } = {}): Promise<void> {
  const { project } = projectStore.getState();
  if (!project) return Promise.resolve();
  return startRun(runState(project) === 'rerun' ? 'outOfDate' : 'missing', limits);
}

/** Stops a job; what is finished stays. */
export async function cancelJob(jobId: string): Promise<void> {
  try {
    await projectStore.getState().client?.jobs.cancel({ jobId });
  } catch (error) {
    const problem = toAppError(error);
    notify({ level: 'error', text: problem.message, detail: problem.hint });
  }
}
