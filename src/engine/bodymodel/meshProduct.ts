import type { BodyModel } from '#core/body/bodyModel';

/** A constant matrix (inner x width, row-major) that rows are multiplied by. */
export interface MatrixProduct {
  readonly inner: number;
  readonly width: number;
  /** out (rows x width) = left (rows x inner) times the matrix; both may lie in WebAssembly memory. */
  multiply(left: Float32Array, rows: number, out: Float32Array): Promise<void>;
}

/** Makes a {@link MatrixProduct}; the matrix may be kept. */
export type ProductFactory = (matrix: Float32Array, inner: number, width: number) => Promise<MatrixProduct>;

/** SMPL's posedirs as a matrix: (jointCount - 1) * 9 rows of V * 3. */
export function directionMatrix(body: BodyModel): { matrix: Float32Array; inner: number; width: number } {
  const inner = (body.parents.length - 1) * 9;
  const width = body.vertexCount * 3;
  const matrix = new Float32Array(inner * width);
  for (const { joint, vertices, directions } of body.poseCorrectives) {
    for (let n = 0; n < vertices.length; n++) {
      for (let k = 0; k < 27; k++) {
        const row = (joint - 1) * 9 + (k % 9);
        matrix[row * width + vertices[n]! * 3 + Math.floor(k / 9)] = directions[n * 27 + k]!;
      }
    }
  }
  return { matrix, inner, width };
}
