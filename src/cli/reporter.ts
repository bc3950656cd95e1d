import { toPlainError } from '#core/errors';
import type { Job } from '#core/protocol/messages';

/** How a command speaks: a person reads lines and one moving progress line, a program reads one JSON object a line. */
export interface Reporter {
  /** A fact that is a result of the command. `data` is what a program gets. */
  result(text: string, data: Record<string, unknown>): void;
  progress(job: Job): void;
  /** Something the reader should know. */
  note(text: string): void;
  problem(error: unknown): void;
}

/** `12 s`, `45 s`, `1 min 10 s`; as the status bar says it (design notes 5). */
export function formatTimeLeft(seconds: number): string {
  if (seconds < 10) return `${Math.max(1, Math.round(seconds))} s`;
  const rounded = Math.round(seconds / 5) * 5;
  if (rounded < 60) return `${rounded} s`;
  const minutes = Math.floor(rounded / 60);
  return rounded % 60 === 0 ? `${minutes} min` : `${minutes} min ${rounded % 60} s`;
}

/** `840 B`, `3.3 MB`: decimal units, as file managers show them. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 9.95 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** Undefined while nothing of the job can be counted, as in an import of small files: there is nothing to tell. */
function progressText(job: Job): string | undefined {
  const stages = job.stages
    .filter((stage) => stage.total > 0)
    .map((stage) => `${stage.title} ${stage.done} of ${stage.total}`);
  if (stages.length === 0) return undefined;
  const left = job.secondsLeft === undefined ? '' : `, ${formatTimeLeft(job.secondsLeft)} left`;
  return `${job.title}: ${stages.join(', ')}${left}`;
}

/** Speaks to a person: results on stdout, progress on stderr (one line, rewritten on a terminal, sparse elsewhere). */
export function textReporter(stdout: NodeJS.WriteStream, stderr: NodeJS.WriteStream): Reporter {
  let open = false;
  let lastLine = 0;
  const endLine = () => {
    if (open) stderr.write('\n');
    open = false;
  };
  return {
    result(text) {
      endLine();
      stdout.write(`${text}\n`);
    },
    progress(job) {
      const now = Date.now();
      const text = progressText(job);
      if (text === undefined) return;
      if (stderr.isTTY) {
        stderr.write(`\r\x1b[2K${text.slice(0, (stderr.columns ?? 80) - 1)}`);
        open = true;
      } else if (now - lastLine > 5_000 || job.state !== 'running') {
        lastLine = now;
        stderr.write(`${text}\n`);
      }
      if (job.state !== 'running') endLine();
    },
    note(text) {
      endLine();
      stderr.write(`${text}\n`);
    },
    problem(error) {
      endLine();
      const { message, hint } = toPlainError(error);
      stderr.write(`retake: ${message}${hint ? `\n        ${hint}` : ''}\n`);
    },
  };
}

/** Speaks to a program: JSON lines on stdout with `type` result, progress, note or problem. */
export function jsonReporter(stdout: NodeJS.WriteStream): Reporter {
  const line = (value: Record<string, unknown>) => stdout.write(`${JSON.stringify(value)}\n`);
  return {
    result: (text, data) => line({ type: 'result', text, ...data }),
    progress: ({ title, state, stages, activeStage, fraction, secondsLeft }) =>
      line({ type: 'progress', title, state, stages, activeStage, fraction, secondsLeft }),
    note: (text) => line({ type: 'note', text }),
    problem: (error) => line({ type: 'problem', ...toPlainError(error) }),
  };
}
