import { countFrames, intersectSpans, type Span, subtractSpans } from '#core/frames/span';
import type { Results } from '#core/protocol/messages';
import type { ProjectDocument } from '#core/document/schema';
import { playhead } from '../playback/playhead';
import { activeJobs } from '../session/jobNews';
import { editsSettled } from '../session/editing';
import { toAppError } from '../session/engineError';
import { notify } from '../session/notices';
import { type OpenProject, projectStore } from '../session/projectStore';

/** Frames to compute again, over all people that are not folded away, and who they belong to. */
export interface OutOfDate {
  frames: number;
  people: { person: string; spans: Span[]; frames: number }[];
}

/** What a rerun would compute. */
export function outOfDateFrames(document: ProjectDocument, results: Results, range?: Span): OutOfDate {
  const people = document.people.flatMap((person) => {
    if (person.foldedBecause !== undefined) return [];
    const entry = results.people.find((candidate) => candidate.person === person.id);
    const spans = range ? intersectSpans(entry?.outOfDate ?? [], [range]) : (entry?.outOfDate ?? []);
    const frames = countFrames(spans);
    return frames === 0 ? [] : [{ person: person.id, spans: [...spans], frames }];
  });
  return { frames: people.reduce((sum, entry) => sum + entry.frames, 0), people };
}

/**
 * What the run button does: the first run (of the clip, or with other run options), going on with one that was stopped, or
 * computing what changed.
 */
export type RunState = 'first' | 'resume' | 'rerun' | 'upToDate';

/** See {@link RunState}. */
export function runState(project: Pick<OpenProject, 'document' | 'results' | 'media' | 'jobs'>): RunState {
  const { results, media, document, jobs } = project;
  const hasBodies = results.people.some((entry) => entry.present.length > 0);
  if (results.detectedFrames < media.frameCount && !hasBodies) {
    const wasStopped = jobs.some((job) => job.kind === 'run' && job.state === 'cancelled');
    return results.detectedFrames > 0 || wasStopped ? 'resume' : 'first';
  }
  if (wasBrokenOff(project)) return 'resume';
  const outOfDate = outOfDateFrames(document, results).frames;
  if (outOfDate === 0) return 'upToDate';
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
