import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BodyModel } from '#core/body/bodyModel';
import { rotationsFromAxisAngles } from '#core/body/kinematics';
import { evaluateReference } from '#core/body/reference';
import { AppError } from '#core/errors';
import { syntheticSmpl } from '../../../test/fixtures/body/syntheticSmpl';
import { createMatrixProduct } from '../inference/matrixProduct';
import { parseBodyFile } from './defaultBody';
import { createMeshEngine } from './meshEngine';
import { createMeshMemory } from './meshMemory';
import { dequantise } from './quantise';

const body = parseBodyFile(readFileSync(new URL('../../../resources/body/default-body.bin', import.meta.url)));
const engine = createMeshEngine(body);

const component = fc.double({ min: -2.5, max: 2.5, noNaN: true });
const pose = fc.array(component, { minLength: 72, maxLength: 72 });
const betas = fc.array(component, { minLength: 0, maxLength: 10 });
const translation = fc.array(component, { minLength: 3, maxLength: 3 });

function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length);
  let largest = 0;
  for (let k = 0; k < expected.length; k++) largest = Math.max(largest, Math.abs(actual[k]! - expected[k]!));
  return largest;
}

function poseOf(seed: number): number[] {
  return Array.from({ length: 72 }, (_, k) => Math.sin(k * 7.1 + seed) * 0.8);
}

/** toEqual on arrays of this size takes seconds. */
function expectSame(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(largestDifference(actual, expected)).toBe(0);
}

function compare(model: BodyModel, shape: number[], axisAngles: number[], moved: number[]): void {
  const rotations = rotationsFromAxisAngles(axisAngles);
  const expected = evaluateReference(model, { betas: shape, rotations, translation: moved });
  const span = (model === body ? engine : createMeshEngine(model)).evaluateSync({
    betas: shape,
    frames: 1,
    poses: axisAngles,
    translations: moved,
  });
  expect(largestDifference(span.positions, expected.vertices)).toBeLessThan(1e-5);
  expect(largestDifference(span.joints, expected.joints)).toBeLessThan(1e-5);
}

describe('the mesh engine', () => {
  it('agrees with the reference kernel on random poses (1e-5 m)', () => {
    fc.assert(
      fc.property(betas, pose, translation, (shape, axisAngles, moved) => compare(body, shape, axisAngles, moved)),
      { numRuns: 15 },
    );
  });

  it('agrees with the reference kernel on dense correctives (1e-5 m)', () => {
    const model = syntheticSmpl();
    fc.assert(
      fc.property(betas, pose, translation, (shape, axisAngles, moved) => compare(model, shape, axisAngles, moved)),
      { numRuns: 3 },
    );
  });

  it('poses the default body tile by tile, as is fastest where correctives are few', () => {
    expect(createMeshMemory(body)).toMatchObject({ tiles: 1, chunk: body.vertexCount, product: undefined });
  });

  it('gives the same for matrices as for axis-angles, frame by frame', () => {
    const axisAngles = Float64Array.from({ length: 144 }, (_, k) => Math.sin(k * 7.1) * 0.8);
    const whole = engine.evaluateSync({ betas: [1], frames: 2, poses: axisAngles });
    const again = engine.evaluateSync({ betas: [1], frames: 2, rotations: rotationsFromAxisAngles(axisAngles) });
    expectSame(again.positions, whole.positions);
    const second = engine.evaluateSync({ betas: [1], frames: 1, poses: axisAngles.slice(72) });
    expectSame(second.positions, whole.positions.slice(body.vertexCount * 3));
    expectSame(second.normals, whole.normals.slice(body.vertexCount * 4));
    expectSame(second.joints, whole.joints.slice(72));
  });

  it('takes betas of each frame', () => {
    const frames = 7;
    const poses = Float64Array.from({ length: frames * 72 }, (_, k) => Math.sin(k * 7.1) * 0.8);
    const betas = Float64Array.from({ length: frames * 10 }, (_, k) => Math.sin(k * 3.3) * 2);
    for (const model of [body, syntheticSmpl()]) {
      const span = createMeshEngine(model).evaluateSync({ betas, frames, poses, normals: false });
      for (let frame = 0; frame < frames; frame++) {
        const expected = evaluateReference(model, {
          betas: betas.slice(frame * 10, frame * 10 + 10),
          rotations: rotationsFromAxisAngles(poses.slice(frame * 72, frame * 72 + 72)),
        });
        const size = model.vertexCount * 3;
        const positions = span.positions.subarray(frame * size, (frame + 1) * size);
        expect(largestDifference(positions, expected.vertices)).toBeLessThan(1e-5);
        expect(largestDifference(span.joints.subarray(frame * 72, frame * 72 + 72), expected.joints)).toBeLessThan(
          1e-5,
        );
      }
    }
  });

  it('says the same whether it multiplies itself or ONNX Runtime does', async () => {
    const model = syntheticSmpl();
    const helped = createMeshEngine(model, createMatrixProduct);
    for (const frames of [1, 4, 70]) {
      const poses = Float64Array.from({ length: frames * 72 }, (_, k) => Math.sin(k * 7.1) * 0.8);
      for (const betas of [[1, -1], Float64Array.from({ length: frames * 10 }, (_, k) => Math.sin(k * 3.3) * 2)]) {
        const request = { betas, frames, poses, normals: false };
        const alone = createMeshEngine(model).evaluateSync(request);
        const together = await helped.evaluate(request);
        expect(largestDifference(together.positions, alone.positions)).toBeLessThan(5e-6);
        expectSame(together.joints, alone.joints);
      }
    }
  });

  it('follows as many joints as a vertex has', () => {
    const model = syntheticSmpl();
    const joints = Uint8Array.from({ length: model.vertexCount * 24 }, (_, k) => k % 24);
    const weights = Float32Array.from({ length: model.vertexCount * 24 }, (_, k) => (1 + ((k * 7919) % 13)) / 168);
    compare({ ...model, skin: { influences: 24, joints, weights } }, [1], poseOf(3), [0, 1, 5]);
  });

  it('lets calls take turns on one engine', async () => {
    const poses = Float64Array.from({ length: 100 * 72 }, (_, k) => Math.sin(k * 7.1) * 0.8);
    const alone = [1, 2].map((beta) => engine.evaluateSync({ betas: [beta], frames: 100, poses }).positions);
    const together = await Promise.all(
      [1, 2].map((beta) => engine.evaluate({ betas: [beta], frames: 100, poses }).then(({ positions }) => positions)),
    );
    expectSame(together[0]!, alone[0]!);
    expectSame(together[1]!, alone[1]!);
  });

  it('keeps shapes of different betas apart', () => {
    const poses = new Float64Array(72);
    const first = engine.evaluateSync({ betas: [1, 2], frames: 1, poses }).positions;
    engine.evaluateSync({ betas: [-1, 2], frames: 1, poses });
    for (let k = 0; k < 40; k++) engine.evaluateSync({ betas: [k], frames: 1, poses, normals: false });
    expectSame(engine.evaluateSync({ betas: [1, 2], frames: 1, poses }).positions, first);
  });

  it('has normals that point outwards with length 127', () => {
    const { positions, normals } = engine.evaluateSync({ betas: [], frames: 1, poses: new Float64Array(72) });
    let outwards = 0;
    for (let vertex = 0; vertex < body.vertexCount; vertex++) {
      const [x, y, z, pad] = [0, 1, 2, 3].map((c) => normals[vertex * 4 + c]!);
      expect(Math.abs(Math.hypot(x!, y!, z!) - 127)).toBeLessThan(1.5);
      expect(pad).toBe(0);
      if (positions[vertex * 3 + 2]! * z! > 0) outwards++;
    }
    const top = body.template.reduce(
      (best, y, k) => (k % 3 === 1 && y > body.template[best * 3 + 1]! ? (k - 1) / 3 : best),
      0,
    );
    expect(normals[top * 4 + 1]).toBeGreaterThan(110);
    expect(normals[body.landmarks!.nose * 4 + 2]).toBeGreaterThan(90);
    expect(outwards / body.vertexCount).toBeGreaterThan(0.6);
  });

  it('stops when asked', async () => {
    const controller = new AbortController();
    const frames = 2000;
    const running = engine.evaluate(
      { betas: [], frames: 400, poses: new Float64Array(frames * 72) },
      controller.signal,
    );
    setTimeout(() => controller.abort(), 5);
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('refuses arrays that are too short', () => {
    const code = (run: () => unknown): unknown => {
      try {
        return run();
      } catch (error) {
        return error instanceof AppError ? error.code : error;
      }
    };
    expect(code(() => engine.evaluateSync({ betas: [], frames: 2, poses: new Float64Array(72) }))).toBe(
      'INVALID_ARGUMENT',
    );
    expect(code(() => engine.evaluateSync({ betas: [], frames: 1 }))).toBe('INVALID_ARGUMENT');
  });
});

describe('meshes for the screen', () => {
  it('keep positions to 0.5 mm however far away, and to 0.03 mm nearby; the rest is the same', async () => {
    const poses = Float64Array.from({ length: 9 * 72 }, (_, k) => Math.sin(k * 7.1) * 0.8);
    const nearby = Float64Array.from({ length: 27 }, (_, k) => Math.sin(k) * 3);
    for (const [translations, limit] of [
      [nearby, 3e-5],
      [nearby.map((value) => value * 100), 5e-4],
    ] as const) {
      const request = { betas: [1, -1], frames: 9, poses, translations };
      const exact = await engine.evaluate(request);
      const screen = await engine.evaluateForScreen(request);
      expect(largestDifference(dequantise(screen), exact.positions)).toBeLessThan(limit);
      expectSame(screen.normals, exact.normals);
      expectSame(screen.joints, exact.joints);
      expectSame(screen.jointRotations, exact.jointRotations);
    }
  });

  it('keep a flat body', async () => {
    const flat = { ...body, template: body.template.map((value, k) => (k % 3 === 2 ? 0 : value)), poseCorrectives: [] };
    const request = { betas: [], frames: 1, poses: new Float64Array(72) };
    const screen = await createMeshEngine(flat).evaluateForScreen(request);
    expect(largestDifference(dequantise(screen), flat.template)).toBeLessThan(3e-5);
  });
});
