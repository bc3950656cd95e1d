import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { AppError } from '#core/errors';
import { freeBuffers } from '../memory/freeBuffers';
import type { Provider, ProviderVerdict } from './provider';
import type { Session, SessionPool, Tensor } from './session';

/** How sessions are opened. */
export interface SessionOptions {
  /** Threads one `run` may use (intra-op), at least 1. */
  threads: number;
  /** Providers to try, in order; `cpu` is always the last resort. Default: cpu only. */
  providers?: readonly Provider[];
}

/** A {@link Session} that says where it runs. */
export interface OpenedSession extends Session {
  verdict: ProviderVerdict;
  inputNames: readonly string[];
  outputNames: readonly string[];
  /** Zeros for every input, with 1 for each free size: enough to try whether a network runs at all. */
  zeroFeeds(): Record<string, Tensor>;
}

/** Options of {@link createSessionPool}. */
export interface SessionPoolOptions extends SessionOptions {
  /** Finds the ONNX file of a model id (a `ModelStore`). */
  models: { resolve(modelId: string): Promise<{ path: string }> };
  /** Told of every network that does not run on the first provider asked for. */
  onFallback?: (modelId: string, verdict: ProviderVerdict) => void;
}

/** A {@link SessionPool} that says where its sessions run. */
export interface OpenedSessionPool extends SessionPool {
  open(modelId: string): Promise<OpenedSession>;
}

/**
 * Keeps one session for each model id. `InferenceSession.run` blocks its thread, so a pool lives in a compute thread.
 * On few cores use one compute thread for each core with `threads: 1`: measured on 2 cores (heavy, pictures a second,
 * median of 5 rounds in one run), two threads with a 1-thread session each 1.31 times one 2-thread session (full 1.44,
 * MoveNet at 256 1.14, at 512 1.26); batches of 2 and 4 on 2 threads only 1.07 and 1.15 times.
 * @throws AppError `MODEL_MISSING` from `models.resolve`, `MODEL_INVALID` when the runtime refuses the file.
 */
export function createSessionPool(options: SessionPoolOptions): OpenedSessionPool {
  const sessions = new Map<string, Promise<OpenedSession>>();
  return {
    open(modelId) {
      const known = sessions.get(modelId);
      if (known !== undefined) return known;
      const opening = options.models.resolve(modelId).then(async ({ path }) => {
        const session = await openSession(path, options);
        if (session.verdict.provider !== (options.providers?.[0] ?? 'cpu')) {
          options.onFallback?.(modelId, session.verdict);
        }
        return session;
      });
      sessions.set(modelId, opening);
      opening.catch(() => sessions.delete(modelId));
      return opening;
    },
    async dispose() {
      const open = await Promise.allSettled(sessions.values());
      sessions.clear();
      for (const result of open) if (result.status === 'fulfilled') await result.value.dispose();
    },
  };
}

/**
 * Opens one network, from a file or from ONNX bytes.
 * @throws AppError `MODEL_INVALID` when not even the CPU provider accepts it.
 */
export async function openSession(model: string | Uint8Array, options: SessionOptions): Promise<OpenedSession> {
  const wanted: Provider[] = [...(options.providers ?? []).filter((provider) => provider !== 'cpu'), 'cpu'];
  const refusals: string[] = [];
  for (const provider of wanted) {
    try {
      const session = await createSession(model, provider, options.threads);
      return wrapSession(session, { provider, reason: refusals.length > 0 ? refusals.join('; ') : 'as asked for' });
    } catch (error) {
      refusals.push(`${provider} is not available: ${firstLine(error)}`);
    }
  }
  const name = typeof model === 'string' ? model : 'given as bytes';
  throw new AppError('MODEL_INVALID', `The network ${name} cannot be loaded (${refusals.at(-1)})`, {
    hint: 'Run "npm run setup" to make the converted models anew.',
  });
}

function createSession(model: string | Uint8Array, provider: Provider, threads: number): Promise<InferenceSession> {
  const options: InferenceSession.SessionOptions = {
    executionProviders: [provider],
    graphOptimizationLevel: 'all',
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    // Spinning threads made two busy sessions 2-4 times slower on a loaded 2-core machine.
    extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
  };
  return typeof model === 'string' ? InferenceSession.create(model, options) : InferenceSession.create(model, options);
}

function wrapSession(session: InferenceSession, verdict: ProviderVerdict): OpenedSession {
  return {
    verdict,
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    zeroFeeds: () => zeroFeedsOf(session),
    async run(feeds, given) {
      const inputs = tensorsOf(feeds);
      if (given) {
        free(await session.run(inputs, tensorsOf(given)), given);
        return { ...given };
      }
      const outputs: Record<string, Tensor> = {};
      for (const [name, tensor] of Object.entries(await session.run(inputs))) {
        if (!(tensor.data instanceof Float32Array)) {
          throw new AppError('UNSUPPORTED', `The network's output ${name} is ${tensor.type}, expected float32`);
        }
        outputs[name] = { data: tensor.data, dims: tensor.dims };
      }
      return outputs;
    },
    dispose: () => session.release(),
  };
}

/**
 * Gives memory back at once. The runtime answers with copies even of what it was told to write elsewhere, up to 7 MB a call:
 * left to the garbage collector they have it run twice a second, and pages are asked of the system anew for each.
 */
function free(copies: Readonly<Record<string, OrtTensor>>, given: Readonly<Record<string, Tensor>>): void {
  const kept = new Set(Object.values(given).map(({ data }) => data.buffer));
  const buffers = Object.values(copies).flatMap(({ data }) =>
    data instanceof Float32Array && data.buffer instanceof ArrayBuffer && !kept.has(data.buffer) ? [data.buffer] : [],
  );
  freeBuffers(buffers);
}

function tensorsOf(named: Readonly<Record<string, Tensor>>): Record<string, OrtTensor> {
  const tensors: Record<string, OrtTensor> = {};
  for (const [name, { data, dims }] of Object.entries(named)) tensors[name] = new OrtTensor('float32', data, dims);
  return tensors;
}

function zeroFeedsOf(session: InferenceSession): Record<string, Tensor> {
  const feeds: Record<string, Tensor> = {};
  for (const input of session.inputMetadata) {
    if (!input.isTensor) continue;
    const dims = input.shape.map((size) => (typeof size === 'number' && size > 0 ? size : 1));
    feeds[input.name] = { dims, data: new Float32Array(dims.reduce((count, size) => count * size, 1)) };
  }
  return feeds;
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n')[0]?.slice(0, 300) ?? '';
}
