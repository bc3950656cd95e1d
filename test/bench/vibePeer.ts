import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** What a task took in the peer. */
export interface PeerAnswer {
  seconds: number;
  /** Processor seconds of all threads. */
  processor: number;
  /** First numbers of the result, to see that both computed the same. */
  first: number[];
  version?: string;
}

/** PyTorch on this computer, kept running between rounds. */
export interface Peer {
  ask(
    call: { task: 'version' } | { task: 'backbone'; batch: number } | { task: 'temporal'; frames: number },
  ): Promise<PeerAnswer>;
  stop(): void;
}

/**
 * Starts vibePeer.py with the first Python that has torch and numpy (RETAKE_PYTHON, python3, /usr/bin/python3), or undefined
 * when none has. Its threads wait without spinning and keep their memory: what a competent user of it would set
 * on a busy machine.
 */
export function startPeer(threads: number): Peer | undefined {
  const candidates = [process.env['RETAKE_PYTHON'] ?? '', 'python3', '/usr/bin/python3'].filter((name) => name !== '');
  const python = candidates.find((name) => spawnSync(name, ['-c', 'import torch, numpy']).status === 0);
  if (python === undefined) return undefined;
  const env = {
    ...process.env,
    OMP_WAIT_POLICY: 'PASSIVE',
    OPENBLAS_NUM_THREADS: String(threads),
    MALLOC_MMAP_MAX_: '0',
    MALLOC_TRIM_THRESHOLD_: '99999999999',
    MALLOC_TOP_PAD_: '268435456',
    RETAKE_BENCH_THREADS: String(threads),
  };
  const child = spawn(python, [join(import.meta.dirname, 'vibePeer.py')], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(call) {
      child.stdin.write(`${JSON.stringify(call)}\n`);
      const line = await lines.next();
      if (line.done === true) throw new Error('The PyTorch peer ended');
      return JSON.parse(line.value) as PeerAnswer;
    },
    stop: () => child.kill(),
  };
}
