import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, expect, type Locator, type Page, test as base } from '@playwright/test';

const ROOT = join(import.meta.dirname, '..', '..');
const MISSING = process.env['RETAKE_NO_ELECTRON'];

/** The binary as the electron package finds it: its own, or that in ELECTRON_OVERRIDE_DIST_PATH. */
const electronPath = () => String(createRequire(import.meta.url)('electron'));

/** The committed clip. */
export const SAMPLE = join(ROOT, 'resources', 'sample', 'sample.mp4');

/** A desktop Retake of one test: the window's page, the main process, folders of its own. */
export class Desktop {
  constructor(
    readonly app: ElectronApplication,
    readonly page: Page,
    private readonly switches: readonly string[],
    private readonly environment: Record<string, string>,
  ) {}

  get stage(): Locator {
    return this.page.getByRole('group', { name: 'Stage' });
  }

  get status(): Locator {
    return this.page.getByRole('contentinfo');
  }

  get run(): Locator {
    return this.page
      .getByRole('banner')
      .getByRole('button', { name: /^(Run|Rerun|Resume)\b/ })
      .first();
  }

  async trySample(): Promise<void> {
    await this.page.getByRole('button', { name: 'Try the sample' }).click();
    await expect(this.stage).toBeVisible();
    await expect(this.page.getByText('exact frame')).toBeVisible();
  }

  /** Process id of the engine. */
  async enginePid(): Promise<number> {
    const pid = await this.app.evaluate(
      ({ app }) => app.getAppMetrics().find((process) => process.name === 'Retake engine')?.pid,
    );
    if (pid === undefined) throw new Error('there is no engine process');
    return pid;
  }

  /** Starts the program a second time, as a double click on a file does. */
  startAgain(...args: string[]): ChildProcess {
    const child = spawn(electronPath(), [...this.switches, ROOT, ...args], {
      env: { ...process.env, ...this.environment },
      stdio: 'ignore',
    });
    return child;
  }

  async screenshot(name: string): Promise<void> {
    await this.page.screenshot({ path: join(ROOT, 'test-results', 'pictures', `desktop-${name}.png`) });
  }
}

/** True while a process runs; one that ended and waits to be collected does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Playwright's test with a desktop Retake; `args` is its command line, `provokes` says that the page is led astray. */
export const test = base.extend<{ args: string[]; provokes: boolean; desktop: Desktop }>({
  args: [[], { option: true }],
  provokes: [false, { option: true }],
  desktop: async ({ args, provokes }, use) => {
    test.skip(MISSING !== undefined, MISSING);
    const folder = mkdtempSync(join(tmpdir(), 'retake desktop '));
    const environment = { RETAKE_DATA: join(folder, 'data') };
    const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
    const switches = [
      `--user-data-dir=${join(folder, 'profile')}`,
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
      '--ignore-gpu-blocklist',
      ...(isRoot ? ['--no-sandbox'] : []),
    ];
    const app = await _electron.launch({
      args: [...switches, ROOT, ...args],
      env: { ...(process.env as Record<string, string>), ...environment },
    });
    const problems: string[] = [];
    const page = await app.firstWindow();
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      // What was asked of an engine that was ended fails, as it should.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load')) problems.push(message.text());
    });
    await use(new Desktop(app, page, switches, environment));
    await app.close().catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
    if (!provokes) expect(problems, 'errors in the page').toEqual([]);
  },
});

export { expect };
