import { join } from 'node:path';
import { defineConfig } from '@playwright/test';

/** Desktop tests drive the built app in a real Electron; where there is none they skip and say what
 * RETAKE_NO_ELECTRON says. */
export default defineConfig({
  testDir: import.meta.dirname,
  outputDir: join(import.meta.dirname, '..', '..', 'test-results', 'desktop'),
  workers: 1,
  timeout: 240_000,
  expect: { timeout: 20_000 },
  reporter: [['list']],
});
