import type { SkinWeights } from '#core/body/bodyModel';

/** Vertices that follow the same number of joints, with their slots packed. */
interface InfluenceGroup {
  count: number;
  vertices: Uint32Array;
  /** Offsets into the maps (joint * 12), count per vertex. */
  maps: Uint16Array;
  weights: Float64Array;
}

function groupByInfluences(skin: SkinWeights): InfluenceGroup[] {
  const vertexCount = skin.joints.length / skin.influences;
  const members = Array.from({ length: skin.influences + 1 }, (): number[] => []);
  for (let vertex = 0; vertex < vertexCount; vertex++) {
    let used = 0;
    for (let k = 0; k < skin.influences; k++) if (skin.weights[vertex * skin.influences + k]! > 0) used = k + 1;
    members[used]!.push(vertex);
  }
  return members.flatMap((vertices, count) => {
    if (count === 0 || vertices.length === 0) return [];
    const slots = vertices.flatMap((vertex) => Array.from({ length: count }, (_, k) => vertex * skin.influences + k));
    return [
      {
        count,
        vertices: Uint32Array.from(vertices),
        maps: Uint16Array.from(slots, (slot) => skin.joints[slot]! * 12),
        weights: Float64Array.from(slots, (slot) => skin.weights[slot]!),
      },
    ];
  });
}

/** Vertices of one joint: no blending, one map each. */
function skinRigid(group: InfluenceGroup, rest: Float32Array, maps: Float64Array, out: Float32Array): void {
  const { vertices, maps: offsets } = group;
  for (let n = 0; n < vertices.length; n++) {
    const m = offsets[n]!;
    const v = vertices[n]! * 3;
    const x = rest[v]!;
    const y = rest[v + 1]!;
    const z = rest[v + 2]!;
    out[v] = maps[m]! * x + maps[m + 1]! * y + maps[m + 2]! * z + maps[m + 3]!;
    out[v + 1] = maps[m + 4]! * x + maps[m + 5]! * y + maps[m + 6]! * z + maps[m + 7]!;
    out[v + 2] = maps[m + 8]! * x + maps[m + 9]! * y + maps[m + 10]! * z + maps[m + 11]!;
  }
}

/** Vertices of several joints: the weighted sum of where each joint would carry them. */
function skinBlended(group: InfluenceGroup, rest: Float32Array, maps: Float64Array, out: Float32Array): void {
  const { vertices, maps: offsets, weights, count } = group;
  let slot = 0;
  for (let n = 0; n < vertices.length; n++) {
    const v = vertices[n]! * 3;
    const x = rest[v]!;
    const y = rest[v + 1]!;
    const z = rest[v + 2]!;
    let px = 0;
    let py = 0;
    let pz = 0;
    for (let k = 0; k < count; k++, slot++) {
      const w = weights[slot]!;
      const m = offsets[slot]!;
      px += w * (maps[m]! * x + maps[m + 1]! * y + maps[m + 2]! * z + maps[m + 3]!);
      py += w * (maps[m + 4]! * x + maps[m + 5]! * y + maps[m + 6]! * z + maps[m + 7]!);
      pz += w * (maps[m + 8]! * x + maps[m + 9]! * y + maps[m + 10]! * z + maps[m + 11]!);
    }
    out[v] = px;
    out[v + 1] = py;
    out[v + 2] = pz;
  }
}

/**
 * Linear blend skinning of V * 3 rest vertices by 3x4 maps (12 numbers per joint) into `out`. Vertices are grouped by
 * their number of joints once, because most follow only one.
 */
export function createSkinKernel(
  skin: SkinWeights,
): (rest: Float32Array, maps: Float64Array, out: Float32Array) => void {
  const groups = groupByInfluences(skin);
  return (rest, maps, out) => {
    for (const group of groups) (group.count === 1 ? skinRigid : skinBlended)(group, rest, maps, out);
  };
}
