import { parentPort, workerData } from 'node:worker_threads';
import { serveCompute } from './serveCompute';
import type { ComputeConfiguration } from './task';

if (!parentPort) throw new Error('the compute thread is started by the engine');
serveCompute(parentPort, workerData as ComputeConfiguration);
