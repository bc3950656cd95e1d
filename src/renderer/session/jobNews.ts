import type { Job } from '#core/protocol/messages';
import { notifyEdited } from './editing';
import { countOf } from '../wording/numbers';
import { announce, notify } from './notices';
import { projectStore, updateProject } from './projectStore';

/** What the stage at work is called, has done and has to do in its unit, and the share of the whole job that is done. */
export function jobProgress(job: Job): { title: string; done: number; total: number; unit: string; fraction: number } {
  const stage = job.stages.find(({ id }) => id === job.activeStage) ?? job.stages.at(-1);
  const { title, done, total, unit } = stage ?? { title: job.title, done: 0, total: 0, unit: '' };
  return { title, done, total, unit, fraction: job.fraction };
}

/** The jobs that are waiting or running, oldest first. */
export function activeJobs(jobs: readonly Job[]): Job[] {
  return jobs.filter((job) => job.state === 'running' || job.state === 'waiting');
}

function quarter(job: Job): number {
  return Math.floor(jobProgress(job).fraction * 4);
}

/** Takes in a job as the engine tells it: keeps it in the store, tells its end, says each quarter to screen readers. */
export function jobChanged(job: Job): void {
  const project = projectStore.getState().project;
  if (!project) return;
  const before = project.jobs.find((entry) => entry.id === job.id);
  const others = project.jobs.filter((entry) => entry.id !== job.id);
  updateProject({ jobs: before ? project.jobs.map((entry) => (entry.id === job.id ? job : entry)) : [...others, job] });
  if (!before) announce(`${job.title} started`);
  else if (job.state === 'running' && quarter(job) > quarter(before)) announce(`${job.title} ${quarter(job) * 25} %`);
  if (before?.state !== job.state) tellEnd(job);
}

function tellEnd(job: Job): void {
  if (job.state === 'failed') {
    notify({
      level: 'error',
      text: job.problem?.message ?? `${job.title} did not finish`,
      detail: job.problem?.hint,
    });
  }
  if (job.state === 'done') announce(`${job.title} done`);
  if (job.state === 'done' && job.kind === 'run') notify({ level: 'info', text: `${job.title} finished` });
  if (job.state === 'done' && job.kind === 'follow') {
    const { done } = jobProgress(job);
    const end = job.stop ? `, lost on frame ${job.stop.frame}: ${job.stop.reason}` : '';
    notifyEdited(`${job.title}: ${countOf(done, 'frame')}${end}`, job.stop?.frame);
  }
  if (job.state === 'cancelled') notify({ level: 'info', text: `${job.title} stopped, what is finished is kept` });
}
