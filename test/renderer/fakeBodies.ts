import { JOINT_NAMES, JOINT_PARENTS } from '#core/body/skeleton';
import { encodeBundle } from '#core/protocol/arrayBundle';
import type { BodyMeta, MeshesMeta, MotionMeta } from '#core/protocol/bulkRoutes';

/** Vertices of the fake bodies. */
export const FAKE_VERTICES = 3;

/** Motion bundle of a body in T-pose at the origin over frames `[from, to)`, all betas alike. */
export function fakeMotion(from: number, to: number, beta: number, version = 1): Uint8Array<ArrayBuffer> {
  const meta: MotionMeta = { from, to, version };
  const frames = to - from;
  return encodeBundle({
    meta,
    arrays: {
      present: new Uint8Array(frames).fill(1),
      poses: new Float32Array(frames * 72),
      translations: new Float32Array(frames * 3),
      betas: new Float32Array(10).fill(beta),
      confidences: new Float32Array(frames).fill(0.9),
      joints: new Float32Array(frames * 72),
      joints2d: new Float32Array(frames * 48),
    },
  });
}

/** Meshes bundle of frames `[from, to)`: every vertex lies at `at`, m, on all three axes. */
export function fakeMeshes(from: number, to: number, at: number, version = 1): Uint8Array<ArrayBuffer> {
  const meta: MeshesMeta = { from, to, vertexCount: FAKE_VERTICES, version };
  const frames = to - from;
  return encodeBundle({
    meta,
    arrays: {
      present: new Uint8Array(frames).fill(1),
      positions: new Uint16Array(frames * FAKE_VERTICES * 3),
      origins: new Float32Array(frames * 3).fill(at),
      steps: new Float32Array(frames * 3),
      normals: new Int8Array(frames * FAKE_VERTICES * 4),
      joints: new Float32Array(frames * 72),
      jointRotations: new Float32Array(frames * 216),
    },
  });
}

/** Body bundle: vertex 0 follows the pelvis, 1 the left hip, 2 both hips: 0.75 left, 0.25 right. */
export function fakeBody(id: string): Uint8Array<ArrayBuffer> {
  const meta: BodyMeta = { id, title: id, vertexCount: FAKE_VERTICES, influences: 2, jointNames: [...JOINT_NAMES] };
  return encodeBundle({
    meta,
    arrays: {
      faces: Uint32Array.of(0, 1, 2),
      coarseFaces: Uint32Array.of(0, 1, 2),
      skinJoints: Uint8Array.of(0, 0, 1, 0, 1, 2),
      skinWeights: Float32Array.of(1, 0, 1, 0, 0.75, 0.25),
      parents: Int32Array.from(JOINT_PARENTS),
      template: Float32Array.of(0, 1, 0, 0.1, 1, 0, 0.2, 1, 0),
    },
  });
}
