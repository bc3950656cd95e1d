const textEncoder = new TextEncoder();

/**
 * A protocol-buffers message under construction: fields in the order they are written, sub-messages kept as lists of
 * byte runs so that hundreds of megabytes of weights are copied once only, by {@link ProtobufMessage.toBytes}.
 * Source: protobuf encoding specification (wire types 0, 2 and 5 are all that ONNX needs).
 */
export class ProtobufMessage {
  private readonly runs: Uint8Array[] = [];
  private size = 0;

  /** Bytes written so far. */
  get byteLength(): number {
    return this.size;
  }

  /** A varint field: any safe integer, negative ones as 64-bit two's complement. */
  integer(field: number, value: number): this {
    return this.push(varint(field * 8)).push(varint(value));
  }

  /** A 32-bit float field. */
  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.push(varint(field * 8 + 5)).push(bytes);
  }

  /** A length-delimited field holding `bytes` as they are (not copied until {@link toBytes}). */
  bytes(field: number, bytes: Uint8Array): this {
    return this.push(varint(field * 8 + 2))
      .push(varint(bytes.byteLength))
      .push(bytes);
  }

  /** A UTF-8 string field. */
  string(field: number, value: string): this {
    return this.bytes(field, textEncoder.encode(value));
  }

  /** A nested message field. */
  message(field: number, message: ProtobufMessage): this {
    this.push(varint(field * 8 + 2)).push(varint(message.size));
    for (const run of message.runs) this.push(run);
    return this;
  }

  /** The encoded message as one array. */
  toBytes(): Uint8Array {
    const bytes = new Uint8Array(this.size);
    let at = 0;
    for (const run of this.runs) {
      bytes.set(run, at);
      at += run.byteLength;
    }
    return bytes;
  }

  private push(run: Uint8Array): this {
    this.runs.push(run);
    this.size += run.byteLength;
    return this;
  }
}

function varint(value: number): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
