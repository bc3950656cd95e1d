import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

/** Quick tests run in seconds; `*.slow.test.ts` (real networks, real footage) run with RETAKE_SLOW=1. */
export default defineConfig({
  plugins: [react()],
  test: {
    include: ['src/**/*.test.{ts,tsx}', 'test/{contract,engine,repository}/**/*.test.ts'],
    exclude: process.env['RETAKE_SLOW'] === '1' ? ['node_modules'] : ['node_modules', '**/*.slow.test.ts'],
    environmentMatchGlobs: [['src/renderer/**', 'happy-dom']],
    testTimeout: 30_000,
    maxWorkers: 2,
  },
});
