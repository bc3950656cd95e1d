import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { sparseRowsFromDense } from '#core/body/bodyModel';
import { rotationsFromAxisAngles } from '#core/body/kinematics';
import { evaluateReference } from '#core/body/reference';
import { vibeJoints } from '#core/body/vibeJoints';
import type { PersonMotion } from '#engine/estimation/estimator';
import { preflightExport } from '#engine/export/runExport';
import { findExporter } from '#engine/export/registry';
import { decodeVibeOutput } from '#engine/weights/joblib/decodeVibeOutput';
import type { VibePersonResult } from '#engine/weights/joblib/vibePerson';
import { syntheticSmpl } from '../../fixtures/body/syntheticSmpl';
import { ruleExtraRegressor } from '../../fixtures/vibe/smplArrays';
import { exportAll } from './exportToFolder';
import { evenTimes, syntheticClip, syntheticMotion, syntheticPerson } from './syntheticClip';

const FRAMES = 9;
const body = syntheticSmpl();
const extraRegressor = sparseRowsFromDense(ruleExtraRegressor().dense, 9);

/** Motion as VIBE gives it: a shape and a camera of the crop for each frame. Frame 4 has no body. */
function vibeMotion(): PersonMotion {
  const frameBetas = Float32Array.from({ length: FRAMES * 10 }, (_, k) => Math.sin(k * 0.7) * 0.5);
  const cropCameras = Float32Array.from({ length: FRAMES * 3 }, (_, k) => (k % 3 === 0 ? 0.9 : 0.05 * Math.cos(k)));
  return { ...syntheticMotion(FRAMES, 1, 0, [{ from: 4, to: 5 }]), channels: { frameBetas, cropCameras } };
}

const motion = vibeMotion();

function clipOf(matchesOriginal: boolean) {
  const people = [syntheticPerson(3, 'A', motion)];
  return syntheticClip({ body, times: evenTimes(FRAMES, 30), people, vibe: { extraRegressor, matchesOriginal } });
}

async function written(matchesOriginal: boolean, options: unknown = {}): Promise<VibePersonResult> {
  const [file] = await exportAll('vibe-pkl', clipOf(matchesOriginal), options);
  if (!file) throw new Error('nothing was written');
  const people = decodeVibeOutput(readFileSync(file.path));
  expect([...people.keys()]).toEqual([3]);
  return people.get(3)!;
}

/** The body of a frame as SMPL gives it, without translation. */
function posedBody(frame: number) {
  const posed = evaluateReference(body, {
    betas: motion.channels!.frameBetas!.subarray(frame * 10, frame * 10 + 10),
    rotations: rotationsFromAxisAngles(motion.poses.subarray(frame * 72, frame * 72 + 72)),
    translation: [0, 0, 0],
  });
  return { vertices: posed.vertices, joints: vibeJoints(posed.joints, posed.vertices, extraRegressor) };
}

function largest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Math.max(...Array.from(a, (value, k) => Math.abs(value - b[k]!)));
}

describe('the VIBE result file', () => {
  test('holds pose, shape and camera as they were estimated, and leaves frames without a body out', async () => {
    const result = await written(true);
    expect(result.frameIds).toEqual([0, 1, 2, 3, 5, 6, 7, 8]);
    expect(result.joints2d).toBeNull();
    result.frameIds.forEach((frame, row) => {
      expect(largest(result.pose.slice(row * 72, row * 72 + 72), motion.poses.slice(frame * 72, frame * 72 + 72))).toBe(
        0,
      );
      expect([...result.betas.slice(row * 10, row * 10 + 10)]).toEqual([
        ...motion.channels!.frameBetas!.slice(frame * 10, frame * 10 + 10),
      ]);
      expect([...result.predCam.slice(row * 3, row * 3 + 3)]).toEqual([
        ...motion.channels!.cropCameras!.slice(frame * 3, frame * 3 + 3),
      ]);
      // Square around the centre of a box of 100 x 300 px.
      expect([...result.bboxes.slice(row * 4, row * 4 + 4)]).toEqual([10 + frame + 50, 170, 300, 300]);
    });
  });

  test('holds vertices and 49 joints about the pelvis, in camera axes', async () => {
    const result = await written(true);
    const vertices: number[] = [];
    for await (const chunk of result.verts.chunks()) for (const value of chunk) vertices.push(value);
    const size = body.vertexCount * 3;
    result.frameIds.forEach((frame, row) => {
      const posed = posedBody(frame);
      expect(largest(vertices.slice(row * size, (row + 1) * size), posed.vertices)).toBeLessThan(1e-5);
      expect(largest(result.joints3d.slice(row * 147, (row + 1) * 147), posed.joints)).toBeLessThan(1e-5);
    });
  });

  test.each([
    ['as VIBE writes them when the run matched it', true, {}, 1],
    ['corrected by the 1.1 of the crop otherwise', false, {}, 1.1],
    ['as VIBE writes them on request', false, { cameras: 'published' }, 1],
    ['corrected on request', true, { cameras: 'corrected' }, 1.1],
  ])('has cameras of the whole picture %s', async (_name, matches, options, scale) => {
    const result = await written(matches, options);
    const { width, height } = clipOf(matches).picture;
    result.frameIds.forEach((frame, row) => {
      const [s = 0, tx = 0, ty = 0] = motion.channels!.cropCameras!.subarray(frame * 3, frame * 3 + 3);
      const [cx, cy, h] = [60 + frame, 170, 300 * scale];
      const [sx, sy] = [(s * h) / width, (s * h) / height];
      const expected = [
        sx,
        sy,
        (cx - width / 2) / ((width / 2) * sx) + tx,
        (cy - height / 2) / ((height / 2) * sy) + ty,
      ];
      expect(largest(result.origCam.slice(row * 4, row * 4 + 4), expected)).toBeLessThan(1e-12);
      // Reference 6.1 and 6.3, the crop's own pinhole.
      const distance = 10_000 / (224 * s + 1e-9);
      const { joints } = posedBody(frame);
      for (let joint = 0; joint < 49; joint++) {
        const [x = 0, y = 0, z = 0] = joints.slice(joint * 3, joint * 3 + 3);
        const [u, v] = [x + tx, y + ty].map((value) => (5000 * value) / (z + distance) / 112);
        const at = (row * 49 + joint) * 2;
        expect(Math.abs(result.joints2dImgCoord[at]! - (cx + (h / 2) * u!))).toBeLessThan(1e-3);
        expect(Math.abs(result.joints2dImgCoord[at + 1]! - (cy + (h / 2) * v!))).toBeLessThan(1e-3);
      }
    });
  });

  test('is refused for bodies that are not SMPL, and says so before', async () => {
    const clip = syntheticClip();
    const plan = preflightExport(findExporter('vibe-pkl'), clip, {}, 'clip');
    expect(plan.files).toEqual([]);
    expect(plan.checks[0]?.text).toMatch(/SMPL's 6,890 vertices/);
    await expect(exportAll('vibe-pkl', clip)).rejects.toMatchObject({ code: 'UNSUPPORTED' });
  });
});
