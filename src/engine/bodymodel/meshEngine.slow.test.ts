import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { BodyModel } from '#core/body/bodyModel';
import { rotationsFromAxisAngles } from '#core/body/kinematics';
import { evaluateReference } from '#core/body/reference';
import { syntheticSmpl } from '../../../test/fixtures/body/syntheticSmpl';
import { createMatrixProduct } from '../inference/matrixProduct';
import { parseBodyFile } from './defaultBody';
import { createMeshEngine, type MeshEngine } from './meshEngine';

const POSES = 1000;
const BATCH = 50;

const standard = parseBodyFile(readFileSync(new URL('../../../resources/body/default-body.bin', import.meta.url)));

/** Numbers in -1..1 without a pattern that poses could share. */
function randomNumbers(count: number, seed: number): Float64Array {
  let state = seed;
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** Largest distance to the reference kernel along one axis over 1,000 random poses, shapes and places, m. */
async function worstOf(body: BodyModel, engine: MeshEngine): Promise<number> {
  let worst = 0;
  for (let at = 0; at < POSES; at += BATCH) {
    const poses = randomNumbers(BATCH * 72, at + 1).map((value) => value * 2.5);
    const betas = randomNumbers(BATCH * 10, at + 2).map((value) => value * 3);
    const translations = randomNumbers(BATCH * 3, at + 3).map((value) => value * 8);
    const span = await engine.evaluate({ betas, frames: BATCH, poses, translations, normals: false });
    for (let frame = 0; frame < BATCH; frame++) {
      const { vertices } = evaluateReference(body, {
        betas: betas.subarray(frame * 10, frame * 10 + 10),
        rotations: rotationsFromAxisAngles(poses.subarray(frame * 72, frame * 72 + 72)),
        translation: translations.subarray(frame * 3, frame * 3 + 3),
      });
      const start = frame * vertices.length;
      for (let k = 0; k < vertices.length; k++) {
        worst = Math.max(worst, Math.abs(span.positions[start + k]! - vertices[k]!));
      }
    }
  }
  return worst;
}

describe('the mesh engine', () => {
  it('agrees with the reference kernel on 1,000 poses of the default body (1e-5 m)', async () => {
    expect(await worstOf(standard, createMeshEngine(standard))).toBeLessThan(1e-5);
  }, 600_000);

  it.each([
    ['alone', undefined],
    ['with ONNX Runtime', createMatrixProduct],
  ])(
    'agrees on 1,000 poses of a dense body, %s (1e-5 m)',
    async (_name, product) => {
      const dense = syntheticSmpl();
      expect(await worstOf(dense, createMeshEngine(dense, product))).toBeLessThan(1e-5);
    },
    900_000,
  );

  it('needs no more memory for 100,000 frames than for the first', async () => {
    const engine = createMeshEngine(standard);
    const poses = Float32Array.from({ length: 64 * 72 }, (_, k) => Math.sin(k) * 0.6);
    const used: number[] = [];
    for (let frame = 0; frame < 100_000; frame += 64) {
      await engine.evaluateForScreen({ betas: [frame / 1e5], frames: 64, poses });
      if (frame % 6400 === 0) used.push(process.memoryUsage().rss);
    }
    // Results wait for the collector, so the peak of the first tenth is the measure.
    const early = Math.max(...used.slice(1, 4));
    expect(Math.max(...used.slice(4)) - early).toBeLessThan(50e6);
  }, 600_000);
});
