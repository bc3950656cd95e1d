import type { BodyModel, SparseRows } from '#core/body/bodyModel';
import type { NpzMember } from '../../weights/numpy/writeNpz';

/** SMPL's files name the root's parent so (uint32 of -1). */
const NO_PARENT = 0xffff_ffff;

/** V x 3 x shapeCount from offsets beta by beta. */
function shapedirsOf({ shapeDirections, shapeCount, vertexCount }: BodyModel): Float32Array {
  const size = vertexCount * 3;
  return Float32Array.from(
    { length: shapeDirections.length },
    (_, at) => shapeDirections[(at % shapeCount) * size + Math.floor(at / shapeCount)]!,
  );
}

/** V x 3 x ((jointCount - 1) * 9), dense. */
function posedirsOf({ poseCorrectives, vertexCount, parents }: BodyModel): Float32Array {
  const features = (parents.length - 1) * 9;
  const posedirs = new Float32Array(vertexCount * 3 * features);
  for (const { joint, vertices, directions } of poseCorrectives) {
    for (let n = 0; n < vertices.length; n++) {
      for (let k = 0; k < 27; k++) {
        const row = vertices[n]! * 3 + Math.floor(k / 9);
        posedirs[row * features + (joint - 1) * 9 + (k % 9)] = directions[n * 27 + k]!;
      }
    }
  }
  return posedirs;
}

function denseOf({ rowStarts, columns, values }: SparseRows, width: number): Float32Array {
  const rows = rowStarts.length - 1;
  const dense = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    for (let k = rowStarts[row]!; k < rowStarts[row + 1]!; k++) dense[row * width + columns[k]!] = values[k]!;
  }
  return dense;
}

function weightsOf({ skin, vertexCount, parents }: BodyModel): Float32Array {
  const dense = new Float32Array(vertexCount * parents.length);
  for (let slot = 0; slot < skin.joints.length; slot++) {
    dense[Math.floor(slot / skin.influences) * parents.length + skin.joints[slot]!]! += skin.weights[slot]!;
  }
  return dense;
}

/** kintree_table, 2 x jointCount: parents above their children. */
function treeOf({ parents }: BodyModel): Uint32Array {
  return Uint32Array.from([...parents.map((parent) => (parent < 0 ? NO_PARENT : parent)), ...parents.keys()]);
}

/**
 * A body as the arrays of a SMPL file (reference vibe-smpl 7.1), for loaders in smplx's manner: f32 where SMPL has
 * numbers, uint32 for `f` and `kintree_table`, posedirs dense.
 */
export function smplMembers(body: BodyModel): NpzMember[] {
  const { vertexCount, faceCount, shapeCount } = body;
  const jointCount = body.parents.length;
  const f4 = (name: string, shape: number[], values: Float32Array): NpzMember => ({
    ...{ name, shape, type: '<f4', pieces: [values], isPacked: true },
  });
  return [
    f4('v_template', [vertexCount, 3], body.template),
    { name: 'f', type: '<u4', shape: [faceCount, 3], pieces: [body.faces], isPacked: true },
    f4('shapedirs', [vertexCount, 3, shapeCount], shapedirsOf(body)),
    f4('posedirs', [vertexCount, 3, (jointCount - 1) * 9], posedirsOf(body)),
    f4('J_regressor', [jointCount, vertexCount], denseOf(body.jointRegressor, vertexCount)),
    f4('weights', [vertexCount, jointCount], weightsOf(body)),
    { name: 'kintree_table', type: '<u4', shape: [2, jointCount], pieces: [treeOf(body)], isPacked: true },
  ];
}
