import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
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
  /** The real `retake`, whose compute threads see made-up people. */
  cli: string;
  /** To be imported by a process that is to die at a change of the disk. */
  dieAtWrite: string;
}

/** Builds them inside of the checkout, where they find its packages. */
export async function buildPrograms(): Promise<Programs> {
  const cache = join(findRoot(import.meta.dirname), 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'durability-'));
  const root = findRoot(import.meta.dirname);
  // Its own root, so that `retake` finds its engine and the made-up compute thread beside it.
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'retake', version: '0.0.0', type: 'module' }));
  symlinkSync(join(root, 'resources'), join(folder, 'resources'), 'junction');
  const own = (name: string) => join(import.meta.dirname, `${name}.ts`);
  const src = (...path: string[]) => join(root, 'src', ...path);
  const input = {
    ...{ editor: own('editor'), killed: own('engine'), compute: own('compute'), dieAtWrite: own('dieAtWrite') },
    ...{ cli: src('cli', 'entry.ts'), engine: src('engine', 'entry.ts') },
    probe: src('engine', 'inference', 'providers', 'probeEntry.ts'),
  };
  const outDir = join(folder, 'out', 'main');
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: true,
      target: 'node20',
      outDir,
      emptyOutDir: false,
      rollupOptions: {
        input,
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  });
  const program = (name: string) => join(outDir, `${name}.js`);
  return {
    ...{ folder, editor: program('editor'), engine: program('killed'), compute: program('compute') },
    ...{ cli: program('cli'), dieAtWrite: program('dieAtWrite') },
  };
}
