import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { findRoot } from '#host/installation';

/** Programs that are killed, each in one file, so that starting one takes little. */
export interface Programs {
  /** Folder of their own, to be removed afterwards. */
  folder: string;
  editor: string;
  engine: string;
  compute: string;
}

/** Builds them inside of the checkout, where they find its packages. */
export async function buildPrograms(): Promise<Programs> {
  const cache = join(findRoot(import.meta.dirname), 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'durability-'));
  const source = (name: string) => join(import.meta.dirname, `${name}.ts`);
  const input = { editor: source('editor'), engine: source('engine'), compute: source('compute') };
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: true,
      target: 'node20',
      outDir: folder,
      rollupOptions: { input, output: { format: 'es', entryFileNames: '[name].mjs' } },
    },
  });
  const program = (name: string) => join(folder, `${name}.mjs`);
  return { folder, editor: program('editor'), engine: program('engine'), compute: program('compute') };
}
