/** Half precision (IEEE 754 binary16) of files; Node 20 has no Float16Array. */

const table = new Float32Array(65_536);
let isTableReady = false;

function fillTable(): void {
  for (let bits = 0; bits < 65_536; bits++) {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    if (exponent === 31) table[bits] = fraction === 0 ? sign * Infinity : NaN;
    else if (exponent === 0) table[bits] = sign * fraction * 2 ** -24;
    else table[bits] = sign * (1024 + fraction) * 2 ** (exponent - 25);
  }
  isTableReady = true;
}

/**
 * Widens IEEE 754 binary16 values to float32, exactly, subnormals (±m·2⁻²⁴), infinities and NaN included.
 * @param bytes little-endian binary16 values; an odd last byte is ignored.
 */
export function widenHalfFloats(bytes: Uint8Array): Float32Array {
  if (!isTableReady) fillTable();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const result = new Float32Array(bytes.byteLength >> 1);
  for (let index = 0; index < result.length; index++) result[index] = table[view.getUint16(index * 2, true)]!;
  return result;
}

/** Number to the nearest half-precision bit pattern, ties to even; beyond 65504 becomes infinity. */
export function encodeFloat16(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(value)) return 0x7e00;
  if (size >= 65520) return sign | 0x7c00;
  const exponent = Math.max(-14, Math.floor(Math.log2(size || 1e-30)));
  const step = 2 ** (exponent - 10);
  const scaled = size / step;
  const floor = Math.floor(scaled);
  const rest = scaled - floor;
  const units = rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
  // A carry out of the fraction lands in the exponent field by itself.
  return sign | (units < 1024 && exponent === -14 ? units : units - 1024 + ((exponent + 15) << 10));
}

/** Numbers to half-precision bit patterns. */
export function encodeFloat16Array(values: ArrayLike<number>): Uint16Array {
  const bits = new Uint16Array(values.length);
  for (let k = 0; k < values.length; k++) bits[k] = encodeFloat16(values[k]!);
  return bits;
}
