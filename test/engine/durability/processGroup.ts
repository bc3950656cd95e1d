import { type ChildProcess, spawn } from 'node:child_process';

/** A process that was killed with everything it had started, or that came to its end. */
export interface Ended {
  output: string;
  wasKilled: boolean;
  code: number | null;
}

/** A `retake` in a process group of its own. */
export interface Group {
  child: ChildProcess;
  kill: () => void;
  /** Everything on stdout so far. */
  output: () => string;
  ended: Promise<Ended>;
}

/** Starts a program in a process group of its own, so that its children die with it. */
export function startGroup(args: readonly string[], environment: Record<string, string>): Group {
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
    env: { ...process.env, ...environment },
  });
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (part: string) => (text += part));
  const kill = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It is gone already.
    }
  };
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      // A process that died by its own hand leaves its children.
      kill();
      resolve({ output: text, wasKilled: signal === 'SIGKILL', code });
    });
  });
  return { child, kill, output: () => text, ended };
}
