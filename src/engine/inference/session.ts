/** A dense float32 tensor, row-major. */
export interface Tensor {
  data: Float32Array;
  dims: readonly number[];
}

/** A loaded network. `run` blocks its thread while it computes, so sessions live in compute threads only. */
export interface Session {
  /** With `outputs`, results are written into these arrays, which may lie in WebAssembly memory, and these are returned. */
  run(
    feeds: Readonly<Record<string, Tensor>>,
    outputs?: Readonly<Record<string, Tensor>>,
  ): Promise<Record<string, Tensor>>;
  dispose(): Promise<void>;
}

/** Opens networks by model id (see `engine/weights`); a second `open` of the same id returns the same session. */
export interface SessionPool {
  open(modelId: string): Promise<Session>;
  dispose(): Promise<void>;
}
