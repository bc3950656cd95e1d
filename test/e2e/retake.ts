import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { test as base, expect, type Locator, type Page } from '@playwright/test';

const ROOT = join(import.meta.dirname, '..', '..');

/** Folder of the real footage, or undefined: RETAKE_SHARED, else ../shared beside the checkout. */
export function footageFolder(): string | undefined {
  const shared = process.env['RETAKE_SHARED'] ?? join(ROOT, '..', 'shared');
  const media = join(shared, 'media');
  return existsSync(media) ? media : undefined;
}

/** A served Retake of this test alone. */
export interface Served {
  address: string;
  /** Folder of projects and exports. */
  data: string;
  process: ChildProcess;
}

/** Serves Retake with new data of its own; videos can be opened from below `root`. Whoever calls ends it. */
export async function serve(root: string): Promise<Served> {
  const data = mkdtempSync(join(tmpdir(), 'retake-e2e-'));
  const entry = join(ROOT, 'out', 'main', 'serve.js');
  const child = spawn(process.execPath, [entry, '--data', data, '--root', root], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const address = await new Promise<string>((resolve, reject) => {
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const found = /http:\S+/.exec(said)?.[0];
      if (found) resolve(found);
    });
    child.on('exit', () => reject(new Error(`The server ended before it said its address: ${said}`)));
  });
  return { address, data, process: child };
}

/** Retake as a person uses it: what is on the page, by its names. */
export class Retake {
  constructor(
    readonly page: Page,
    readonly served: Served,
  ) {}

  get run(): Locator {
    return this.page
      .getByRole('banner')
      .getByRole('button', { name: /^(Run|Rerun|Resume)\b/ })
      .first();
  }

  get people(): Locator {
    return this.page.getByRole('grid', { name: 'People in this clip' }).getByRole('row');
  }

  get status(): Locator {
    return this.page.getByRole('contentinfo');
  }

  async open(): Promise<void> {
    await this.page.goto(this.served.address);
    await expect(this.page.getByRole('heading', { name: 'Drop a video here' })).toBeVisible();
  }

  async trySample(): Promise<void> {
    await this.page.getByRole('button', { name: 'Try the sample' }).click();
    await expect(this.page.getByRole('group', { name: 'Stage' })).toBeVisible();
    await expect(this.page.getByText('exact frame')).toBeVisible();
  }

  async openFile(name: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Open a video' }).click();
    await this.page.getByRole('dialog').getByText(name).dblclick();
    await expect(this.page.getByRole('group', { name: 'Stage' })).toBeVisible({ timeout: 60_000 });
  }

  /** Starts a run and waits until it is seen to run: before that "Nothing running" still stands from before. */
  async startRun(): Promise<void> {
    await this.run.click();
    await expect(this.page.getByRole('button', { name: 'Cancel run' })).toBeVisible();
  }

  /** Waits until no job runs any more. */
  async untilDone(timeout = 420_000): Promise<void> {
    await expect(this.status).toContainText('Nothing running', { timeout });
  }

  /** Leaves the open project for the start page. */
  async closeProject(): Promise<void> {
    await this.page.keyboard.press('Control+k');
    await this.page.keyboard.type('Close the project');
    await this.page.keyboard.press('Enter');
    await expect(this.page.getByRole('heading', { name: 'Drop a video here' })).toBeVisible();
  }

  async goToFrame(frame: number): Promise<void> {
    await this.page.getByRole('group', { name: 'Stage' }).click({ position: { x: 4, y: 4 } });
    await this.page.keyboard.press('g');
    await this.page.keyboard.type(String(frame));
    await this.page.keyboard.press('Enter');
    await expect(this.page.getByRole('button', { name: new RegExp(`^Frame ${frame} of`) })).toBeVisible();
    // The picture follows a moment later, and edits are made on the frame that is seen.
    await expect(this.page.locator(`[data-frame="${frame}"]`)).toBeVisible();
  }

  /** What axe finds serious or critical of the page as it is, with the first place of each. */
  async seriousProblems(): Promise<string[]> {
    const { violations } = await new AxeBuilder({ page: this.page }).analyze();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  }

  async screenshot(name: string): Promise<void> {
    await this.page.screenshot({ path: join(ROOT, 'test-results', 'pictures', `${name}.png`) });
  }
}

/** Ends what {@link serve} began and removes its data. */
export async function endServing(served: Served): Promise<void> {
  const ended = once(served.process, 'exit');
  served.process.kill('SIGTERM');
  await ended;
  rmSync(served.data, { recursive: true, force: true });
}

/** Playwright's test with a Retake of its own, served from the footage folder where there is one. */
export const test = base.extend<{ retake: Retake }>({
  retake: async ({ page }, use) => {
    const served = await serve(footageFolder() ?? join(ROOT, 'resources', 'sample'));
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    await use(new Retake(page, served));
    await endServing(served);
    expect(problems, 'errors thrown in the page').toEqual([]);
  },
});

export { expect };
