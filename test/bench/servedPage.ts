import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from '@playwright/test';
import { CHROMIUM_ARGUMENTS } from '../e2e/chromium';

async function serve(root: string, data: string): Promise<{ address: string; process: ChildProcess }> {
  const args = [join(root, 'out', 'main', 'serve.js'), '--data', data, '--root', join(root, 'resources', 'sample')];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  for await (const text of child.stdout.setEncoding('utf8')) {
    said += String(text);
    const address = /http:\S+/.exec(said)?.[0];
    if (address) return { address, process: child };
  }
  throw new Error(`The server ended before it said its address: ${said}`);
}

/** Serves a data folder, opens the newest project of it in Chromium with software GL, measures, and ends both. */
export async function withOpenProject<T>(
  root: string,
  data: string,
  measure: (page: Page, browser: Browser) => Promise<T>,
): Promise<T> {
  const chosen = [process.env['RETAKE_CHROMIUM'], '/usr/bin/chromium'].find((path) => path && existsSync(path));
  const server = await serve(root, data);
  const browser = await chromium.launch({
    ...(chosen ? { executablePath: chosen } : {}),
    args: [...CHROMIUM_ARGUMENTS],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(server.address);
    await page
      .getByRole('button', { name: /\d frames/ })
      .first()
      .click();
    await page.locator('[data-exact="true"]').waitFor({ timeout: 60_000 });
    await page.waitForTimeout(3000);
    return await measure(page, browser);
  } finally {
    await browser.close();
    const ended = once(server.process, 'exit');
    server.process.kill('SIGTERM');
    await ended;
  }
}
