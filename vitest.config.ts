import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const slow = process.env['RETAKE_SLOW'] === '1';

/** Quick tests run in seconds; `*.slow.test.ts` (real networks, real footage) run with RETAKE_SLOW=1. */
export default defineConfig({
  plugins: [react()],
  test: {
    testTimeout: slow ? 300_000 : 30_000,
    maxWorkers: 2,
    globalSetup: ['test/temporaryFolder.ts'],
    setupFiles: ['test/fixedSeed.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          environment: 'node',
          include: ['src/**/*.test.ts', 'scripts/**/*.test.ts', 'test/{contract,engine,repository}/**/*.test.ts'],
          exclude: ['src/renderer/**', '**/node_modules/**', ...(slow ? [] : ['**/*.slow.test.ts'])],
        },
      },
      {
        extends: true,
        test: { name: 'page', environment: 'happy-dom', include: ['src/renderer/**/*.test.{ts,tsx}'] },
      },
    ],
  },
});
