import { randomUUID } from 'node:crypto';
import { AppError, isCancelled } from '#core/errors';
import type { ProjectSession } from '../project/projectSession';
import { JobTracker } from './jobTracker';
import { type RunRequest, runProject, runStages } from './runProject';

/** Starts a run as a job of its project and returns the job's id. @throws AppError when one is running already. */
export function startRun(session: ProjectSession, request: RunRequest): string {
  return launchRun(session, request).jobId;
}

/** The same, with a promise of its end for callers without a page: it rejects with what went wrong. */
export function launchRun(session: ProjectSession, request: RunRequest): { jobId: string; ended: Promise<void> } {
  if (session.jobList().some((job) => job.kind === 'run' && job.state === 'running')) {
    throw new AppError('INVALID_ARGUMENT', 'A run is going on in this project.', { hint: 'Cancel it first or wait.' });
  }
  if (session.parts.readOnly) throw new AppError('READ_ONLY', session.parts.readOnly.message);
  const context = session.runContext();
  const title = request.scope === 'outOfDate' ? 'Rerun' : 'Run';
  const job = new JobTracker(randomUUID(), 'run', title, runStages(context, request), (snapshot) =>
    session.events.emit({ type: 'job', job: snapshot }),
  );
  session.addJob(job);
  const ended = runProject(context, request, job).then(
    () => {
      job.finish();
      session.runEnded();
    },
    (error: unknown) => {
      job.finish(error);
      session.runEnded();
      if (!job.signal.aborted && !isCancelled(error)) throw error;
    },
  );
  ended.catch(() => undefined);
  return { jobId: job.id, ended };
}
