import { beforeAll, describe, expect, it } from 'vitest';
import type { BodyModel } from '#core/body/bodyModel';
import { BODY_STEPS, bodyAtStep } from '#core/body/bodySteps';
import { createJointTemplate, restJoints } from '#core/body/kinematics';
import { evaluateReference, shapedVertices } from '#core/body/reference';
import { rotationsFromAxisAngles } from '#core/body/kinematics';
import { loadDefaultBody } from './defaultBody';
import { stepMeshes } from './stepMeshes';

let body: BodyModel;
beforeAll(async () => {
  body = await loadDefaultBody('resources/body/default-body.bin');
});

const angles = Float32Array.from({ length: 72 }, (_, k) => (k < 3 ? 0 : 0.4 * Math.sin(k * 1.3)));
const betas = Float32Array.of(1, -1, 0.5, 0, 0, 0, 0, 0, 0, 0);
const translation = Float32Array.of(0.1, 0.2, 4);
const pose = { betas, rotations: rotationsFromAxisAngles(angles), translation };

const furthest = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  let most = 0;
  for (let k = 0; k < a.length; k++) most = Math.max(most, Math.abs(a[k]! - b[k]!));
  return most;
};

/** Vertices about the pelvis, so that places do not count. */
const aboutPelvis = ({ vertices, joints }: { vertices: ArrayLike<number>; joints: ArrayLike<number> }) =>
  Float64Array.from(vertices, (value, at) => value - joints[at % 3]!);

describe('the six steps of a body', () => {
  it('begin with the mean body and its shape, unposed, about the pelvis', () => {
    const template = createJointTemplate(body);
    const mean = { vertices: body.template, joints: restJoints(template, []) };
    const shaped = { vertices: shapedVertices(body, betas), joints: restJoints(template, betas) };
    expect(furthest(aboutPelvis(bodyAtStep(body, pose, 'template')), aboutPelvis(mean))).toBeLessThan(1e-9);
    for (const step of ['shaped', 'joints'] as const) {
      const found = bodyAtStep(body, pose, step);
      expect(furthest(aboutPelvis(found), aboutPelvis(shaped))).toBeLessThan(1e-9);
      expect(found.joints[0]).toBeCloseTo(shaped.joints[0]! + translation[0]!, 6);
    }
  });

  it('change the skin by correctives, then only the skeleton, then the skin with it', () => {
    const [shaped, corrected, posed, skinned] = (['shaped', 'corrected', 'posed', 'skinned'] as const).map((step) =>
      bodyAtStep(body, pose, step),
    );
    expect(furthest(shaped!.vertices, corrected!.vertices)).toBeGreaterThan(1e-3);
    expect(furthest(shaped!.joints, corrected!.joints)).toBe(0);
    expect(furthest(corrected!.vertices, posed!.vertices)).toBe(0);
    expect(furthest(corrected!.joints, posed!.joints)).toBeGreaterThan(0.05);
    const truth = evaluateReference(body, pose);
    expect(furthest(skinned!.vertices, truth.vertices)).toBe(0);
    expect(furthest(posed!.joints, truth.joints)).toBeLessThan(1e-12);
  });

  it('reach the screen within half a step of 16 bits', () => {
    for (const step of BODY_STEPS) {
      const request = { bodyModel: body.id, betas, poses: angles, translations: translation, frames: 1 };
      const { positions, origins, steps, normals } = stepMeshes(body, request, step);
      const truth = bodyAtStep(body, pose, step).vertices;
      const shown = Float64Array.from(positions, (value, at) => origins[at % 3]! + steps[at % 3]! * value);
      expect(furthest(shown, truth)).toBeLessThan(2.5e-5);
      expect(normals.some((value) => value !== 0)).toBe(true);
    }
  });
});
