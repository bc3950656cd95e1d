import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compileMeshKernel } from './compile';

// npm run build:meshKernel: compiles assembly/kernel.ts into src/engine/bodymodel/meshKernelCode.ts.
const target = new URL('../../src/engine/bodymodel/meshKernelCode.ts', import.meta.url);

const code = await compileMeshKernel();
const lines = code.match(/.{1,116}/g) ?? [];
const text = `/**
 * scripts/meshKernel/assembly/kernel.ts as WebAssembly, base64. Written by \`npm run build:meshKernel\`; a test compiles the
 * source again and compares.
 */
export const MESH_KERNEL_CODE = [
${lines.map((line) => `  '${line}',`).join('\n')}
].join('');
`;
writeFileSync(target, text);
process.stderr.write(`${fileURLToPath(target)} written, ${readFileSync(target).length} bytes\n`);
