import type { Bindings } from './skinning';
import { bindingsFromDense } from './skinning';
import type { SourceAssets } from './source';
import type { Topology } from './topology';
import { smooth } from './topology';

/** MakeHuman's rig bound to the default body. */
export interface Rig {
  names: readonly string[];
  index: ReadonlyMap<string, number>;
  parents: Int16Array;
  /** Bone on the other side. */
  mirror: Uint8Array;
  /** V x bones, rows sum to 1, symmetric. */
  dense: Float64Array;
  bindings: Bindings;
  /** 1 where smoothing may change the shape; 0 on head, fingers and toes, whose detail it would melt. */
  smoothable: Float64Array;
}

const isDetail = (name: string): boolean =>
  /^(head|jaw|toe|finger|tongue|eye|special|oris|levator|orbicularis|temporalis|oculi|risorius)/.test(name);

/** Name of the same bone on the other side. */
function otherSide(name: string): string {
  if (name.endsWith('.L')) return `${name.slice(0, -1)}R`;
  return name.endsWith('.R') ? `${name.slice(0, -1)}L` : name;
}

/** Binds the rig: weights of kept vertices, normalised and made symmetric (the source file nearly is). */
export function buildRig(source: SourceAssets, topology: Topology): Rig {
  const names = source.bones.map((bone) => bone.name);
  const index = new Map(names.map((name, k) => [name, k]));
  const mirror = Uint8Array.from(names, (name) => index.get(otherSide(name)) ?? 0);
  const count = names.length;
  const { vertexCount } = topology;
  const kept = new Map([...topology.sourceIndex].map((vertex, k) => [vertex, k]));
  const raw = new Float64Array(vertexCount * count);
  const sums = new Float64Array(vertexCount);
  for (const [name, list] of source.boneWeights) {
    const bone = index.get(name);
    if (bone === undefined) continue;
    for (const [vertex, weight] of list) {
      const k = kept.get(vertex);
      if (k === undefined || !(weight > 0)) continue;
      raw[k * count + bone]! += weight;
      sums[k]! += weight;
    }
  }
  const dense = new Float64Array(raw.length);
  for (let vertex = 0; vertex < vertexCount; vertex++) {
    const other = topology.mirror[vertex]!;
    if (sums[vertex] === 0) throw new Error(`Vertex ${vertex} follows no bone`);
    for (let bone = 0; bone < count; bone++) {
      const own = raw[vertex * count + bone]! / sums[vertex]!;
      dense[vertex * count + bone] = (own + raw[other * count + mirror[bone]!]! / sums[other]!) / 2;
    }
  }
  const smoothable = new Float64Array(vertexCount);
  for (let vertex = 0; vertex < vertexCount; vertex++) {
    let detail = vertex >= topology.eyeStart ? 1 : 0;
    names.forEach((name, bone) => {
      if (isDetail(name)) detail += dense[vertex * count + bone]!;
    });
    smoothable[vertex] = detail > 0.5 ? 0 : 1;
  }
  smooth(topology, smoothable, 1, 4, 0.5);
  const parents = Int16Array.from(source.bones, (bone) => bone.parent);
  return {
    names,
    index,
    parents,
    mirror,
    dense,
    bindings: bindingsFromDense(dense, vertexCount, count, 1e-6),
    smoothable,
  };
}

/** Ends of all bones in a mesh of 19158 vertices, made symmetric: 3 numbers per bone. */
export function boneEnds(
  source: SourceAssets,
  rig: Rig,
  mesh: Float64Array,
): { heads: Float64Array; tails: Float64Array } {
  const ends = (side: 'head' | 'tail'): Float64Array => {
    const raw = source.bones.map((bone) => {
      const mean = [0, 0, 0];
      for (const vertex of bone[side])
        for (let c = 0; c < 3; c++) mean[c]! += mesh[vertex * 3 + c]! / bone[side].length;
      return mean;
    });
    return Float64Array.from(
      raw.flatMap((own, bone) => {
        const other = raw[rig.mirror[bone]!] ?? own;
        return [(own[0]! - other[0]!) / 2, (own[1]! + other[1]!) / 2, (own[2]! + other[2]!) / 2];
      }),
    );
  };
  return { heads: ends('head'), tails: ends('tail') };
}
