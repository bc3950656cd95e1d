import { encodeModel } from '../weights/onnx/encodeModel';
import { GraphBuilder } from '../weights/onnx/graph';
import { openSession } from './sessions';

/**
 * Multiplication by a constant matrix (inner x width, row-major) in ONNX Runtime, which uses the widest vectors that the
 * processor has. `multiply` blocks its thread while it computes.
 */
export async function createMatrixProduct(matrix: Float32Array, inner: number, width: number, threads = 1) {
  const graph = new GraphBuilder('product');
  const left = graph.input('left', ['N', inner]);
  const right = graph.floats('matrix', [inner, width], matrix);
  graph.output('product', graph.node('MatMul', [left, right]), ['N', width]);
  const session = await openSession(encodeModel(graph.build()), { threads });
  return {
    inner,
    width,
    /** out (rows x width) = left (rows x inner) times the matrix. */
    async multiply(rowsOfLeft: Float32Array, rows: number, out: Float32Array): Promise<void> {
      await session.run(
        { left: { data: rowsOfLeft, dims: [rows, inner] } },
        { product: { data: out, dims: [rows, width] } },
      );
    },
  };
}
