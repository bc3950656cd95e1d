/** WebAssembly memory grows by this, bytes. */
export const PAGE_BYTES = 65536;

/** Compiled once for a thread. */
const compiled = new Map<string, WebAssembly.Module>();

/**
 * What a kernel of scripts/kernels/assembly exports, at work on `memory`: an instance of its own each time, as instances keep
 * where their data lie. Who calls names the exports' types: the code is ours, and a test compiles its source and compares.
 * @param code the module of text beside the caller: WebAssembly, base64
 */
export function startKernel<Kernel>(code: string, memory: WebAssembly.Memory): Kernel {
  const module = compiled.get(code) ?? new WebAssembly.Module(Buffer.from(code, 'base64'));
  compiled.set(code, module);
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernel;
}
