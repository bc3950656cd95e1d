import { parentPort, workerData } from 'node:worker_threads';
import type { LoadedDetector } from '#engine/detection/detector';
import { findDetector } from '#engine/detection/registry';
import type { ComputeTasks } from '#engine/compute/task';
import type { Observer } from '#engine/estimation/estimator';
import { findEstimator } from '#engine/estimation/registry';
import type { SessionPool } from '#engine/inference/session';
import { createSessionPool } from '#engine/inference/sessions';
import { ModelStore } from '#engine/weights/modelStore';

// One lane of pipeline.ts: makes the calls of a run and tells what of its time the networks themselves took.
const { modelsFolder, threads } = workerData as { modelsFolder: string; threads: number };
const port = parentPort!;

/** A call that a run makes of its networks. */
export type NetworkCall =
  | { task: 'detect'; input: ComputeTasks['detect']['input'] }
  | { task: 'observe'; input: ComputeTasks['observe']['input'] };

/** What a call took, ms: inside of networks, and with crops, answers and all. */
export interface NetworkTimes {
  networks: number;
  whole: number;
}

let inside = 0;
const opened = createSessionPool({ models: new ModelStore(modelsFolder), threads });
/** The pool, whose sessions add the time of their runs to `inside`. */
const timed: SessionPool = {
  open: async (id) => {
    const session = await opened.open(id);
    return {
      run: async (feeds, outputs) => {
        const start = performance.now();
        try {
          return await session.run(feeds, outputs);
        } finally {
          inside += performance.now() - start;
        }
      },
      dispose: () => session.dispose(),
    };
  },
  dispose: () => opened.dispose(),
};

let detector: Promise<LoadedDetector> | undefined;
let observer: Promise<Observer> | undefined;

async function answer(call: NetworkCall): Promise<void> {
  if (call.task === 'detect') {
    detector ??= findDetector(call.input.detector).load(timed);
    await (await detector).detect(call.input.frame, call.input.effort);
  } else {
    const { estimator, quality, frame, requests } = call.input;
    observer ??= findEstimator(estimator).createObserver(quality, timed);
    await (await observer).observe(frame, requests, new AbortController().signal);
  }
}

port.on('message', (call: NetworkCall) => {
  void (async () => {
    const start = performance.now();
    inside = 0;
    await answer(call);
    port.postMessage({ networks: inside, whole: performance.now() - start } satisfies NetworkTimes);
  })();
});
