import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

/** Beside each part: the licences of the packages that are built into it. */
const LICENSES = { fileName: 'licenses.md' };

const entry = (path: string) => resolve(import.meta.dirname, path);

/**
 * One build for the three shells. `main` holds every Node program: the Electron main process, the engine, its compute
 * thread, the local server and the cli, targeting Node 20 although Electron embeds a newer one. Only what package.json calls
 * a dependency (native modules, programs) stays outside: one file is read several times faster than the hundreds of a package.
 */
export default defineConfig({
  main: {
    build: {
      target: 'node20',
      license: LICENSES,
      rollupOptions: {
        input: {
          index: entry('src/main/index.ts'),
          engine: entry('src/engine/entry.ts'),
          compute: entry('src/engine/compute/thread.ts'),
          probe: entry('src/engine/inference/providers/probeEntry.ts'),
          serve: entry('src/serve/entry.ts'),
          cli: entry('src/cli/entry.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      externalizeDeps: false,
      rollupOptions: {
        input: { index: entry('src/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: 'index.cjs' },
      },
    },
  },
  renderer: {
    root: 'src/renderer',
    plugins: [react()],
    build: {
      target: 'es2023',
      license: LICENSES,
      minify: true,
      // Fonts and icons stay files: the content security policy allows no data: fonts.
      assetsInlineLimit: 0,
      rollupOptions: { input: { index: entry('src/renderer/index.html') } },
    },
  },
});
