import './dieAtWrite';
import { MessageChannel, parentPort, workerData } from 'node:worker_threads';
import type { Detection } from '#core/tracks/track';
import { serveCompute } from '#engine/compute/serveCompute';
import type { ComputeConfiguration, ComputeReply, ComputeRequest, ComputeTasks } from '#engine/compute/task';
import { type Actor, detectionOf, fakeJudge, fakeSolve, observationOf } from '../pipeline/madeUpVideo';

/** Two people for a picture of 320 x 180 px; the second leaves and comes back. */
const ACTORS: readonly Actor[] = [
  {
    seen: () => true,
    boxAt: (frame) => ({ x: 20 + frame * 0.3, y: 40 + Math.sin(frame / 20), width: 30, height: 100 }),
  },
  {
    seen: (frame) => frame < 120 || frame > 220,
    boxAt: (frame) => ({ x: 200 + 10 * Math.sin(frame / 15), y: 50, width: 35, height: 110 }),
  },
];

function detect({ frame: { frameIndex } }: ComputeTasks['detect']['input']): Detection[] {
  return ACTORS.filter(({ seen }) => seen(frameIndex)).map(({ boxAt }) => detectionOf(boxAt(frameIndex)));
}

/** What needs a network or takes long is made up; undefined for everything that the real thread does. */
function madeUp({ task, input }: ComputeRequest & { type: 'run' }): unknown {
  if (task === 'detect') return detect(input as ComputeTasks['detect']['input']);
  if (task === 'solve') return fakeSolve(input as ComputeTasks['solve']['input']);
  if (task === 'judge') return fakeJudge(input as ComputeTasks['judge']['input']);
  if (task !== 'observe') return undefined;
  const { frame, requests, quality } = input as ComputeTasks['observe']['input'];
  return requests.map(({ box }) => observationOf(box, frame.frameIndex, quality));
}

/** A compute thread that sees made-up people at once, and imports models and makes meshes as the real one does. */
function serve(): void {
  if (!parentPort) throw new Error('the compute thread is started by the engine');
  const port = parentPort;
  const real = new MessageChannel();
  serveCompute(real.port1, workerData as ComputeConfiguration);
  real.port2.on('message', (reply: ComputeReply) => port.postMessage(reply));
  real.port2.on('close', () => port.close());
  port.on('message', (request: ComputeRequest) => {
    const output = request.type === 'run' ? madeUp(request) : undefined;
    if (output === undefined || request.type !== 'run') real.port2.postMessage(request);
    else port.postMessage({ type: 'done', id: request.id, output } satisfies ComputeReply);
  });
}

serve();
