/**
 * Widens IEEE 754 binary16 values to float32, exactly, subnormals (±m·2⁻²⁴), infinities and NaN included.
 * @param bytes little-endian binary16 values; an odd last byte is ignored.
 */
export function widenHalfFloats(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const result = new Float32Array(bytes.byteLength >> 1);
  for (let index = 0; index < result.length; index++) result[index] = widenHalfFloat(view.getUint16(index * 2, true));
  return result;
}

function widenHalfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}
