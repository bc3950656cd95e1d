import { readFileSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { parseBodyFile } from '#engine/bodymodel/defaultBody';
import { createMeshEngine, type MeshEngine } from '#engine/bodymodel/meshEngine';
import { createMatrixProduct } from '#engine/inference/matrixProduct';
import { syntheticSmpl } from '../fixtures/body/syntheticSmpl';

/** What a thread is asked to make. */
export interface MeshQuestion {
  body: 'default' | 'smpl';
  frames: number;
  /** f32 without normals, or 16-bit steps with normals. */
  kind: 'exact' | 'screen';
  batches: number;
}

/** How long it took. */
export interface MeshAnswer {
  seconds: number;
}

const engines = new Map<MeshQuestion['body'], MeshEngine>();

function engineOf(body: MeshQuestion['body']): MeshEngine {
  const known = engines.get(body);
  if (known) return known;
  const file = new URL('../../resources/body/default-body.bin', import.meta.url);
  const engine = createMeshEngine(
    body === 'smpl' ? syntheticSmpl() : parseBodyFile(readFileSync(file)),
    createMatrixProduct,
  );
  engines.set(body, engine);
  return engine;
}

async function answer({ body, frames, kind, batches }: MeshQuestion): Promise<MeshAnswer> {
  const engine = engineOf(body);
  const poses = Float32Array.from({ length: frames * 72 }, (_, k) => Math.sin(k * 7.1) * 0.6);
  const request = { betas: [1, -1, 0.5], frames, poses };
  const start = performance.now();
  for (let batch = 0; batch < batches; batch++) {
    if (kind === 'exact') await engine.evaluate({ ...request, normals: false });
    else await engine.evaluateForScreen(request);
  }
  return { seconds: (performance.now() - start) / 1000 };
}

parentPort?.on('message', (question: MeshQuestion) => {
  void answer(question).then((made) => parentPort?.postMessage(made));
});
