import type { BodyModel } from '#core/body/bodyModel';
import { type JointTemplate, restJoints } from '#core/body/kinematics';
import type { Numbers } from '#core/body/rotations';
import { shapedVertices } from '#core/body/reference';

/** A body in T-pose for some betas. */
export interface Shape {
  /** V * 3 unposed vertices, m. */
  vertices: Float32Array;
  /** jointCount * 3, m. */
  joints: Float64Array;
}

/** How many shapes (one per person) stay shaped: 160 KB each for the default body. */
const SHAPES_KEPT = 16;

/** Shapes the body once per betas and keeps the latest ones. */
export function createShapeCache(body: BodyModel, template: JointTemplate): (betas: Numbers) => Shape {
  const kept = new Map<string, Shape>();
  return (betas) => {
    const key = Array.from(betas).join(',');
    const known = kept.get(key);
    if (known) {
      kept.delete(key);
      kept.set(key, known);
      return known;
    }
    const shape = { vertices: Float32Array.from(shapedVertices(body, betas)), joints: restJoints(template, betas) };
    kept.set(key, shape);
    if (kept.size > SHAPES_KEPT) for (const oldest of [...kept.keys()].slice(0, 1)) kept.delete(oldest);
    return shape;
  };
}
