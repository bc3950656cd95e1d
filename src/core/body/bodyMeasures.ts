import type { BodyModel } from './bodyModel';
import { shapedVertices } from './reference';
import type { Numbers } from './rotations';

/** Density that turns the volume of a body into a mass, kg/m3: a whole person with half-filled lungs (reference body-model 4). */
export const BODY_DENSITY = 985;

/** What can be measured on a body in T-pose. */
export interface BodyMeasures {
  /** Soles to crown, m. */
  stature: number;
  /** m3. */
  volume: number;
  /** kg: an estimate, the volume times {@link BODY_DENSITY}. */
  mass: number;
}

/** Volume of a closed mesh, m3: the sum of the signed tetrahedra between its triangles and the origin. */
function volumeOf(vertices: Numbers, faces: Uint32Array): number {
  let six = 0;
  for (let corner = 0; corner < faces.length; corner += 3) {
    const a = faces[corner]! * 3;
    const b = faces[corner + 1]! * 3;
    const c = faces[corner + 2]! * 3;
    const [bx, by, bz] = [vertices[b]!, vertices[b + 1]!, vertices[b + 2]!];
    const [cx, cy, cz] = [vertices[c]!, vertices[c + 1]!, vertices[c + 2]!];
    six +=
      vertices[a]! * (by * cz - bz * cy) +
      vertices[a + 1]! * (bz * cx - bx * cz) +
      vertices[a + 2]! * (bx * cy - by * cx);
  }
  return six / 6;
}

/** Measures unposed vertices (V * 3, m, y up) of a body. */
export function measureVertices(vertices: Numbers, faces: Uint32Array): BodyMeasures {
  let low = Infinity;
  let high = -Infinity;
  for (let at = 1; at < vertices.length; at += 3) {
    low = Math.min(low, vertices[at]!);
    high = Math.max(high, vertices[at]!);
  }
  const volume = volumeOf(vertices, faces);
  return { stature: high - low, volume, mass: volume * BODY_DENSITY };
}

/** Measures a body in T-pose with these betas. */
export function measureBody(body: BodyModel, betas: Numbers): BodyMeasures {
  return measureVertices(shapedVertices(body, betas), body.faces);
}
