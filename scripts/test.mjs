// npm test: sets up what the tests need (packages, networks, ffmpeg, a browser), then quick checks, browser, desktop.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { aptInstall, canInstallWithApt } from './ffmpeg.mjs';
import { check } from './check.mjs';
import { findTestElectron, openDisplay } from './desktopRuntime.mjs';
import { setUp } from './setup.mjs';
import { main, runPackage, say } from './steps.mjs';

/** A Chromium to drive: RETAKE_CHROMIUM, the system's, Debian's (installed as root), or Playwright's own. */
async function findChromium() {
  const known = [
    process.env.RETAKE_CHROMIUM,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
  ];
  const found = known.find((path) => path && existsSync(path));
  if (found) return found;
  if (canInstallWithApt()) {
    say('Installing Chromium (apt-get)');
    await aptInstall('chromium');
    return '/usr/bin/chromium';
  }
  say('Fetching Chromium (playwright install chromium)');
  const result = spawnSync(process.execPath, ['node_modules/playwright/cli.js', 'install', 'chromium'], {
    stdio: 'inherit',
  });
  if (result.status === 0) return '';
  throw new Error('No Chromium was found for the browser tests. Install one, or set RETAKE_CHROMIUM to its path.');
}

/** The desktop shell in a real Electron where one can be had; else its tests skip and say why. */
async function testDesktop(chosen) {
  const electron = await findTestElectron();
  const display = electron.why ? electron : await openDisplay();
  if (display.why) say(`The desktop tests skip: ${display.why}.`);
  const env = display.why ? { RETAKE_NO_ELECTRON: display.why } : { ...electron.env, ...display.env };
  try {
    await runPackage(['@playwright', 'test', 'cli.js'], ['test', '-c', 'test/e2e-desktop', ...chosen], { env });
  } finally {
    display.close?.();
  }
}

// `npm run test:all` adds what takes long: real networks on real footage, and whole runs in the browser and on the desktop.
const all = process.argv.includes('--all');
const QUICK_BROWSER = ['access', 'fiveMinutes', '-g', 'serious|token|survive'];
const QUICK_DESKTOP = ['--grep-invert', 'networks run'];

main(async () => {
  const start = Date.now();
  await setUp({ ffmpegRequired: true });
  await check();
  if (all) {
    say('\n== Slow tests (real networks, real footage)');
    await runPackage(['vitest', 'vitest.mjs'], ['run', '.slow.test.ts'], { env: { RETAKE_SLOW: '1' } });
  }
  const chromium = await findChromium();
  say('\n== Browser');
  const chosen = all ? [] : QUICK_BROWSER;
  await runPackage(['@playwright', 'test', 'cli.js'], ['test', ...chosen], { env: { RETAKE_CHROMIUM: chromium } });
  say('\n== Desktop');
  await testDesktop(all ? [] : QUICK_DESKTOP);
  say(`\nAll tests passed in ${Math.round((Date.now() - start) / 1000)} s`);
});
