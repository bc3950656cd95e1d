import { parentPort, workerData } from 'node:worker_threads';
import { openSession } from '#engine/inference/sessions';
import { ruleTensor } from '../fixtures/vibe/rule';

// One lane of vibe.ts: a thread with a session of its own, as the engine's network lanes are.
const { model, threads } = workerData as { model: string; threads: number };
const port = parentPort!;
const opening = openSession(model, { threads });

port.on('message', ({ batch, runs }: { batch: number; runs: number }) => {
  void (async () => {
    const session = await opening;
    const dims = [batch, 3, 224, 224];
    const crops = { data: ruleTensor('bench.crops', dims, 1), dims };
    port.postMessage('ready');
    let first: number[] = [];
    for (let run = 0; run < runs; run++) {
      const { features } = await session.run({ crops });
      first = Array.from(features!.data.subarray(0, 8));
    }
    port.postMessage(first);
  })();
});
