import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const SOURCE = fileURLToPath(new URL('assembly/kernel.ts', import.meta.url));

/** Compiles the mesh kernel; the same source and compiler give the same code. @returns WebAssembly in base64 */
export async function compileMeshKernel(): Promise<string> {
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [
      SOURCE,
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
  if (error || !binary) throw new Error(`The mesh kernel does not compile: ${stderr.toString()}`, { cause: error });
  return Buffer.from(binary).toString('base64');
}
