import { openSession } from '#engine/inference/sessions';
import { encodeModel } from '#engine/weights/onnx/encodeModel';
import type { CompiledEncoder } from '#engine/weights/vibe/temporalEncoder';

/** First x second x width to second x first x width: clips first to time first, and back. */
export function swapAxes(data: ArrayLike<number>, first: number, second: number, width: number): Float32Array {
  const swapped = new Float32Array(data.length);
  for (let n = 0; n < first; n++) {
    for (let t = 0; t < second; t++) {
      for (let k = 0; k < width; k++) swapped[(t * first + n) * width + k] = data[(n * second + t) * width + k]!;
    }
  }
  return swapped;
}

/** Clips (N x T x 2048) through an encoder from zero state: N x T x width. */
export async function encodeClips(
  { graph, configuration }: CompiledEncoder,
  clips: ArrayLike<number>,
  [n, t]: [number, number],
): Promise<Float32Array> {
  const { layers, hidden, bidirectional, outputLength } = configuration;
  const states = layers * (bidirectional ? 2 : 1);
  const session = await openSession(encodeModel(graph), { threads: 1 });
  const { encoded } = await session.run({
    features: { data: swapAxes(clips, n, t, 2048), dims: [t, n, 2048] },
    state: { data: new Float32Array(states * n * hidden), dims: [states, n, hidden] },
  });
  await session.dispose();
  return swapAxes(encoded!.data, t, n, outputLength);
}
