import { quaternionToMatrix } from '../../src/core/body/rotations';
import { symmetricEigen } from './linearAlgebra';
import { pointAt } from './vectors';

/** The rotation (9, row-major) and translation (3) that best carry weighted points `from` to `to` (Horn 1987). */
export function fitRigid(
  from: Float64Array,
  to: Float64Array,
  weight: (vertex: number) => number,
): { rotation: Float64Array; translation: Float64Array } {
  const [meanFrom, meanTo] = [new Float64Array(3), new Float64Array(3)];
  let total = 0;
  const count = from.length / 3;
  for (let v = 0; v < count; v++) {
    const w = weight(v);
    total += w;
    for (let c = 0; c < 3; c++) {
      meanFrom[c]! += w * from[v * 3 + c]!;
      meanTo[c]! += w * to[v * 3 + c]!;
    }
  }
  for (let c = 0; c < 3; c++) {
    meanFrom[c]! /= total;
    meanTo[c]! /= total;
  }
  const s = new Float64Array(9);
  for (let v = 0; v < count; v++) {
    const w = weight(v);
    if (w === 0) continue;
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++)
        s[i * 3 + j]! += w * (from[v * 3 + i]! - meanFrom[i]!) * (to[v * 3 + j]! - meanTo[j]!);
    }
  }
  const [xx, xy, xz] = pointAt(s, 0);
  const [yx, yy, yz] = pointAt(s, 1);
  const [zx, zy, zz] = pointAt(s, 2);
  const key = Float64Array.of(
    ...[xx + yy + zz, yz - zy, zx - xz, xy - yx],
    ...[yz - zy, xx - yy - zz, xy + yx, zx + xz],
    ...[zx - xz, xy + yx, yy - xx - zz, yz + zy],
    ...[xy - yx, zx + xz, yz + zy, zz - xx - yy],
  );
  const rotation = new Float64Array(9);
  quaternionToMatrix(symmetricEigen(key, 4).vectors.subarray(0, 4), rotation);
  const translation = Float64Array.from(meanTo, (value, row) => {
    let moved = value;
    for (let c = 0; c < 3; c++) moved -= rotation[row * 3 + c]! * meanFrom[c]!;
    return moved;
  });
  return { rotation, translation };
}
