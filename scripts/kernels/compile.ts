import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

/** A kernel: its source here, and what carries its code under `src`. It works in memory that it is given. */
export interface Kernel {
  source: URL;
  constant: string;
  /** File, from the root of the repository. */
  target: string;
}

/** All kernels. */
export const KERNELS: readonly Kernel[] = [
  {
    source: new URL('assembly/mesh.ts', import.meta.url),
    constant: 'MESH_KERNEL_CODE',
    target: 'src/engine/bodymodel/meshKernelCode.ts',
  },
  {
    source: new URL('assembly/bandedCholesky.ts', import.meta.url),
    constant: 'BANDED_CHOLESKY_CODE',
    target: 'src/engine/estimation/estimators/blazepose/fit/bandedCholeskyCode.ts',
  },
  {
    source: new URL('assembly/crop.ts', import.meta.url),
    constant: 'CROP_CODE',
    target: 'src/engine/estimation/estimators/blazepose/cropCode.ts',
  },
  {
    source: new URL('assembly/letterbox.ts', import.meta.url),
    constant: 'LETTERBOX_CODE',
    target: 'src/engine/detection/detectors/movenet/letterboxCode.ts',
  },
  {
    source: new URL('assembly/normalEquations.ts', import.meta.url),
    constant: 'NORMAL_EQUATIONS_CODE',
    target: 'src/engine/estimation/estimators/blazepose/fit/normalEquationsCode.ts',
  },
];

/** Compiles a kernel; the same source and compiler give the same code. @returns WebAssembly in base64 */
export async function compileKernel({ source }: Kernel): Promise<string> {
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [
      fileURLToPath(source),
      '--outFile',
      'kernel.wasm',
      '--optimizeLevel',
      '3',
      '--noAssert',
      '--runtime',
      'stub',
      '--enable',
      'simd',
      '--importMemory',
    ],
    {
      writeFile(_name: string, contents: string | Uint8Array) {
        if (typeof contents !== 'string') binary = contents;
      },
    },
  );
  if (error || !binary)
    throw new Error(`${fileURLToPath(source)} does not compile: ${stderr.toString()}`, { cause: error });
  return Buffer.from(binary).toString('base64');
}
