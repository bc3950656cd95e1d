import type { MessagePort } from 'node:worker_threads';
import { AppError, type PlainError, toPlainError } from '#core/errors';
import { BodyLibrary } from '../bodymodel/bodyLibrary';
import { createMeshEngine, type MeshEngine } from '../bodymodel/meshEngine';
import { stepMeshes } from '../bodymodel/stepMeshes';
import type { LoadedDetector } from '../detection/detector';
import { findDetector } from '../detection/registry';
import type { Observer } from '../estimation/estimator';
import { judgeMotion } from '../estimation/plausibility/judgeMotion';
import { findEstimator } from '../estimation/registry';
import { createMatrixProduct } from '../inference/matrixProduct';
import type { Session, SessionPool } from '../inference/session';
import { createSessionPool } from '../inference/sessions';
import { SkeletonPoser } from '../pipeline/posedJoints';
import { importModels } from '../weights/importing/importModels';
import { ModelStore } from '../weights/modelStore';
import { importedBodies } from '../weights/userModels/partBodies';
import { UserModelStore } from '../weights/userModels/userModelStore';
import type {
  ComputeConfiguration,
  ComputeReply,
  ComputeRequest,
  ComputeTaskName,
  ComputeTasks,
  MeshRequest,
  ScreenMeshes,
} from './task';

/** How a task answers, and which buffers of the answer may move instead of being copied. */
interface Answer<Output> {
  output: Output;
  transfer?: ArrayBuffer[];
}

type Handlers = {
  [Name in ComputeTaskName]: (
    input: ComputeTasks[Name]['input'],
    signal: AbortSignal,
    onProgress: (share: number) => void,
  ) => Promise<Answer<ComputeTasks[Name]['output']>>;
};

/** Everything loaded in one compute thread; loaded on first use and kept. */
class ComputeState {
  private pool: SessionPool | undefined;
  private readonly detectors = new Map<string, Promise<LoadedDetector>>();
  private readonly observers = new Map<string, Promise<Observer>>();
  private readonly engines = new Map<string, Promise<MeshEngine>>();
  readonly bodies: BodyLibrary;
  readonly userModels: UserModelStore;

  constructor(
    private readonly configuration: ComputeConfiguration,
    private readonly tell: (problem: PlainError) => void,
  ) {
    const { defaultBodyFile, userModelsFolder } = configuration;
    this.userModels = new UserModelStore(userModelsFolder);
    this.bodies = new BodyLibrary({ defaultBodyFile, imported: () => importedBodies(this.userModels) });
  }

  sessions(): SessionPool {
    const { modelsFolder, providers } = this.configuration;
    this.pool ??= createSessionPool({
      models: new ModelStore(modelsFolder, this.userModels),
      threads: this.configuration.networkThreads,
      ...(providers ? { providers } : {}),
      onFallback: (modelId, { reason }) =>
        this.tell({
          code: 'UNSUPPORTED',
          message: `The network ${modelId} runs on the CPU, which is slower: ${reason}.`,
        }),
    });
    return this.pool;
  }

  detector(id: string): Promise<LoadedDetector> {
    return remembered(this.detectors, id, () => findDetector(id).load(this.sessions()));
  }

  observer(id: string, quality: string): Promise<Observer> {
    return remembered(this.observers, `${id} ${quality}`, () =>
      findEstimator(id).createObserver(quality, this.sessions()),
    );
  }

  /** VIBE's motion discriminator, where a checkpoint brought one. */
  async discriminator(): Promise<Session | undefined> {
    return this.userModels.find('motion-discriminator') ? this.sessions().open('motion-discriminator') : undefined;
  }

  meshEngine(bodyModel: string): Promise<MeshEngine> {
    return remembered(this.engines, bodyModel, () =>
      this.bodies.load(bodyModel).then((body) => createMeshEngine(body, createMatrixProduct)),
    );
  }
}

function remembered<Value>(map: Map<string, Promise<Value>>, key: string, make: () => Promise<Value>): Promise<Value> {
  const known = map.get(key);
  if (known) return known;
  const made = make();
  map.set(key, made);
  // A failed load is tried again: the file may be there the next time.
  made.catch(() => map.delete(key));
  return made;
}

function createHandlers(state: ComputeState): Handlers {
  return {
    async detect({ detector, effort, frame }) {
      return { output: await (await state.detector(detector)).detect(frame, effort) };
    },
    async observe({ estimator, quality, frame, requests }, signal) {
      const observer = await state.observer(estimator, quality);
      return { output: await observer.observe(frame, requests, signal) };
    },
    async solve({ estimator, bodyModel, options, track, changed, camera, isDraft, previous }, signal, onProgress) {
      const body = await state.bodies.load(bodyModel);
      const { userModels } = state;
      const context = { body, camera, options, isDraft, sessions: state.sessions(), userModels, onProgress };
      const found = findEstimator(estimator);
      return { output: await found.solve(track, changed, { ...context, ...(previous ? { previous } : {}) }, signal) };
    },
    async judge({ bodyModel, bodyFamily, rows, seconds }, signal) {
      const still = { ...rows, translations: new Float32Array(rows.length * 3) };
      const poser = new SkeletonPoser(await state.bodies.load(bodyModel), still);
      const joints = new Float32Array(rows.length * 72);
      for (let row = 0; row < rows.length; row++) if (rows.present[row] === 1) poser.pose(row, joints, row * 72);
      // The discriminator learnt SMPL's own poses.
      const discriminator = bodyFamily === 'smpl' ? await state.discriminator() : undefined;
      return { output: await judgeMotion({ ...rows, joints, seconds }, discriminator, signal) };
    },
    async meshes(request, signal) {
      const { step } = request;
      if (step !== undefined) return { output: stepMeshes(await state.bodies.load(request.bodyModel), request, step) };
      return screenMeshes(await state.meshEngine(request.bodyModel), request, signal);
    },
    async importModels(request, signal, onProgress) {
      return { output: await importModels(request, signal, onProgress) };
    },
    async vertices(request, signal) {
      const { positions } = await (await state.meshEngine(request.bodyModel)).evaluate(
        { ...request, normals: false },
        signal,
      );
      return { output: positions, transfer: [bufferOf(positions)] };
    },
  };
}

function bufferOf(array: ArrayBufferView): ArrayBuffer {
  if (array.buffer instanceof ArrayBuffer) return array.buffer;
  throw new AppError('INTERNAL', 'A result lies in shared memory and cannot be moved.');
}

async function screenMeshes(
  engine: MeshEngine,
  request: MeshRequest,
  signal: AbortSignal,
): Promise<Answer<ScreenMeshes>> {
  const { values, origins, steps, normals, joints, jointRotations } = await engine.evaluateForScreen(request, signal);
  return {
    output: { positions: values, origins, steps, normals, joints, jointRotations },
    transfer: [bufferOf(values), bufferOf(normals)],
  };
}

/**
 * Answers compute requests on a port, one after the other in order of arrival; a cancelled one is not begun. Asked to
 * stop it lets the call of a network under way return and closes the port, which ends the thread.
 */
export function serveCompute(port: MessagePort, configuration: ComputeConfiguration): void {
  const cancels = new Map<number, AbortController>();
  let queue: Promise<void> = Promise.resolve();

  const send = (reply: ComputeReply, transfer: ArrayBuffer[] = []) => port.postMessage(reply, transfer);
  const handlers = createHandlers(new ComputeState(configuration, (problem) => send({ type: 'notice', problem })));

  async function answer(id: number, task: ComputeTaskName, input: unknown, signal: AbortSignal): Promise<void> {
    try {
      signal.throwIfAborted();
      const handler = handlers[task] as Handlers['detect'];
      const onProgress = (share: number) => send({ type: 'progress', id, share });
      const { output, transfer } = await handler(input as ComputeTasks['detect']['input'], signal, onProgress);
      send({ type: 'done', id, output }, transfer);
    } catch (error) {
      send({ type: 'failed', id, error: toPlainError(error) });
    } finally {
      cancels.delete(id);
    }
  }

  port.on('message', (message: ComputeRequest) => {
    if (message.type === 'cancel') {
      cancels.get(message.id)?.abort();
      return;
    }
    if (message.type === 'stop') {
      for (const controller of cancels.values()) controller.abort();
      queue = queue.then(() => port.close());
      return;
    }
    const controller = new AbortController();
    cancels.set(message.id, controller);
    queue = queue.then(() => answer(message.id, message.task, message.input, controller.signal));
  });
}
