import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileKernel, KERNELS } from './compile';

// npm run build:kernels: compiles what lies in assembly/ into modules of text under src.
for (const kernel of KERNELS) {
  const target = new URL(`../../${kernel.target}`, import.meta.url);
  const code = await compileKernel(kernel);
  const lines = code.match(/.{1,116}/g) ?? [];
  const text = `/**
 * scripts/kernels/assembly/${basename(fileURLToPath(kernel.source))} as WebAssembly, base64. Written by \`npm run build:kernels\`; a test compiles the
 * source again and compares.
 */
export const ${kernel.constant} = [
${lines.map((line) => `  '${line}',`).join('\n')}
].join('');
`;
  writeFileSync(target, text);
  process.stderr.write(`${fileURLToPath(target)} written, ${readFileSync(target).length} bytes\n`);
}
