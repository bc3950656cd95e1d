import { defineConfig } from '@playwright/test';
import { CHROMIUM_ARGUMENTS } from './test/e2e/chromium';

/** Browser tests drive the served app in Chromium with software GL; pictures and traces of failures are kept. */
export default defineConfig({
  testDir: 'test/e2e',
  outputDir: 'test-results',
  workers: 1,
  // Generous: a busy 2-core machine takes minutes for what a quiet one does in seconds.
  timeout: 600_000,
  expect: { timeout: 20_000 },
  reporter: [['list']],
  use: {
    viewport: { width: 1440, height: 900 },
    trace: 'retain-on-failure',
    launchOptions: {
      ...(process.env['RETAKE_CHROMIUM'] ? { executablePath: process.env['RETAKE_CHROMIUM'] } : {}),
      args: [...CHROMIUM_ARGUMENTS],
    },
  },
});
