import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type Measurement, median } from './measure';
import type { MeshAnswer, MeshQuestion } from './meshThread';

const BATCH = 64;
const ROUNDS = 15;
/** Batches a round, so that a round takes long enough to be compared on a busy machine. */
const BATCHES = 8;

/** Seconds for a batch of 64 meshes. */
interface Timing {
  wall: number;
  processor: number;
}

/** One of our mesh engines in a thread of its own, as the app has them. */
class MeshThread {
  private readonly worker = new Worker(new URL('./meshThread.mjs', import.meta.url));

  async ask(question: MeshQuestion): Promise<MeshAnswer> {
    this.worker.postMessage(question);
    const [answer] = (await once(this.worker, 'message')) as [MeshAnswer];
    return answer;
  }

  stop(): Promise<number> {
    return this.worker.terminate();
  }
}

/** The PyTorch peer, or why there is none. RETAKE_TORCH_PYTHON names a python that has PyTorch. */
async function startPeer(threads: number): Promise<{ ask(): Promise<Timing>; stop(): void } | string> {
  const python = process.env['RETAKE_TORCH_PYTHON'] ?? 'python3';
  const peer: ChildProcessWithoutNullStreams = spawn(python, [join(import.meta.dirname, 'torchPeer.py'), `${threads}`]);
  const failed = once(peer, 'exit').then(() => undefined);
  const lines = createInterface({ input: peer.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string | undefined> => {
    const line = await Promise.race([lines.next(), failed]);
    return line?.done === false ? line.value : undefined;
  };
  peer.on('error', () => undefined);
  if ((await next().catch(() => undefined)) !== 'ready')
    return `${python} has no PyTorch (RETAKE_TORCH_PYTHON names one)`;
  return {
    async ask() {
      peer.stdin.write(`${BATCHES}\n`);
      const [wall = Number.NaN, processor = Number.NaN] = ((await next()) ?? '').split(' ').map(Number);
      return { wall, processor };
    },
    stop: () => void peer.kill(),
  };
}

/** All threads make meshes at once; the batches are shared between them. */
async function askThreads(threads: readonly MeshThread[], question: Omit<MeshQuestion, 'batches'>): Promise<Timing> {
  const used = process.cpuUsage();
  const start = performance.now();
  await Promise.all(threads.map((thread) => thread.ask({ ...question, batches: BATCHES })));
  const { user, system } = process.cpuUsage(used);
  const batches = BATCHES * threads.length;
  return { wall: (performance.now() - start) / 1000 / batches, processor: (user + system) / 1e6 / batches };
}

function rate(timings: readonly Timing[], key: keyof Timing): number {
  return BATCH / median(timings.map((timing) => timing[key]));
}

async function againstPeer(threads: readonly MeshThread[]): Promise<Measurement[]> {
  const peer = await startPeer(threads.length);
  const ours: Timing[] = [];
  const theirs: Timing[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    if (typeof peer !== 'string') theirs.push(await peer.ask());
    ours.push(await askThreads(threads, { body: 'smpl', frames: BATCH, kind: 'exact' }));
  }
  if (typeof peer !== 'string') peer.stop();
  const each = `${threads.length} ${threads.length === 1 ? 'thread' : 'threads'} each`;
  const title = `Meshes of a body of SMPL's size (6,890 vertices, dense) against PyTorch, ${each}`;
  const own = `ours ${rate(ours, 'wall').toFixed(0)} meshes/s`;
  if (typeof peer === 'string') return [{ title, meaning: 'no peer', detail: `${own}; ${peer}` }];
  return [
    {
      title,
      ratio: rate(ours, 'wall') / rate(theirs, 'wall'),
      meaning: 'times as many; 3 is the least we want',
      detail: `${own}, PyTorch ${rate(theirs, 'wall').toFixed(0)}, batches of ${BATCH}`,
    },
    {
      title: `The same by processor time, ${each}`,
      ratio: rate(ours, 'processor') / rate(theirs, 'processor'),
      meaning: 'times as many for a second of one core, whoever else is busy',
      detail: `ours ${rate(ours, 'processor').toFixed(0)} meshes, PyTorch ${rate(theirs, 'processor').toFixed(0)}`,
    },
  ];
}

async function milliseconds(thread: MeshThread, question: Omit<MeshQuestion, 'batches'>): Promise<string> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const { seconds } = await thread.ask({ ...question, batches: BATCHES });
    times.push((seconds * 1000) / BATCHES / question.frames);
  }
  return median(times).toFixed(2);
}

/** Meshes against PyTorch, and what one frame takes. */
export async function benchMeshes(): Promise<Measurement[]> {
  const threads = [new MeshThread(), new MeshThread()];
  try {
    await askThreads(threads, { body: 'smpl', frames: BATCH, kind: 'exact' });
    const compared = [...(await againstPeer(threads)), ...(await againstPeer(threads.slice(0, 1)))];
    const [first] = threads;
    const lines: string[] = [];
    for (const body of ['default', 'smpl'] as const) {
      for (const frames of [1, BATCH]) {
        for (const kind of ['exact', 'screen'] as const) {
          lines.push(
            `${body} ${frames === 1 ? 'alone' : `of ${frames}`} ${kind} ${await milliseconds(first!, { body, frames, kind })}`,
          );
        }
      }
    }
    return [
      ...compared,
      {
        title: 'One mesh on one thread',
        meaning: 'ms a frame; exact has no normals, screen has',
        detail: lines.join(', '),
      },
    ];
  } finally {
    await Promise.all(threads.map((thread) => thread.stop()));
  }
}
