import { expect, isAlive, SAMPLE, test } from './desktop';

test('a window shows the page over app:// and the engine answers over its port', async ({ desktop }) => {
  const { app, page } = desktop;
  await expect(page.getByRole('heading', { name: 'Drop a video here' })).toBeVisible();
  expect(page.url()).toBe('app://retake/index.html');
  const window = await app.evaluate(({ BrowserWindow }) => {
    const all = BrowserWindow.getAllWindows();
    return { count: all.length, visible: all[0]?.isVisible(), title: all[0]?.getTitle() };
  });
  expect(window).toEqual({ count: 1, visible: true, title: 'Retake' });
  // What works on this computer is asked of the engine.
  await expect(page.getByText(/^ffmpeg \d/)).toBeVisible();
  await desktop.screenshot('1-start');
});

test('the sample opens and its frames come from the engine', async ({ desktop }) => {
  const { page } = desktop;
  await desktop.trySample();
  await expect(page.getByText('1280 × 720 px')).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('button', { name: /^Frame 1 of 239/ })).toBeVisible();
  await desktop.screenshot('2-sample');
});

test('the networks run in the engine process, and an export is shown in the file manager', async ({ desktop }) => {
  test.setTimeout(480_000);
  const { app, page } = desktop;
  await desktop.trySample();
  await desktop.run.click();
  await expect(page.getByText('frames with a body')).toBeVisible({ timeout: 200_000 });
  await desktop.screenshot('3-bodies');
  await expect(desktop.status).toContainText('Nothing running', { timeout: 200_000 });
  await page.getByRole('banner').getByRole('button', { name: 'Export' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('sample.fbx')).toBeVisible();
  await app.evaluate(({ shell }) => {
    const shown: string[] = [];
    Object.assign(globalThis, { shown });
    shell.showItemInFolder = (path) => void shown.push(path);
  });
  await dialog
    .getByRole('button', { name: /^Export/ })
    .last()
    .click();
  await page
    .getByRole('button', { name: /Show in folder|Show/ })
    .first()
    .click({ timeout: 60_000 });
  await expect
    .poll(() => app.evaluate(() => (globalThis as unknown as { shown: string[] }).shown))
    .toEqual([expect.stringMatching(/sample\.fbx$/)]);
});

test('the system dialog opens a video', async ({ desktop }) => {
  await desktop.app.evaluate(({ dialog }, path) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] });
  }, SAMPLE);
  await desktop.page.getByRole('button', { name: 'Open a video' }).click();
  await expect(desktop.stage).toBeVisible();
});

test('an engine that dies costs nothing: it is started again and the project is there', async ({ desktop }) => {
  await desktop.trySample();
  const pid = await desktop.enginePid();
  process.kill(pid, 'SIGKILL');
  await expect(desktop.page.getByText('The engine was started again')).toBeVisible();
  expect(await desktop.enginePid()).not.toBe(pid);
  await desktop.page.keyboard.press('ArrowRight');
  await expect(desktop.page.getByRole('button', { name: /^Frame 1 of 239/ })).toBeVisible();
  await expect(desktop.page.getByText('exact frame')).toBeVisible();
});

test('a page that dies comes back', async ({ desktop }) => {
  const { app, page } = desktop;
  await expect(page.getByRole('heading', { name: 'Drop a video here' })).toBeVisible();
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer());
  await expect
    .poll(() =>
      app.evaluate(async ({ BrowserWindow }) => {
        const contents = BrowserWindow.getAllWindows()[0]?.webContents;
        if (!contents || contents.isCrashed()) return 'crashed';
        // Asked of a page in the moment of its death, this is never answered.
        const late = new Promise((resolve) => setTimeout(resolve, 500, 'no answer'));
        return String(await Promise.race([contents.executeJavaScript('document.body.innerText'), late]));
      }),
    )
    .toContain('Drop a video here');
});

test('a second start hands its file to the first and ends', async ({ desktop }) => {
  await expect(desktop.page.getByRole('heading', { name: 'Drop a video here' })).toBeVisible();
  const second = desktop.startAgain(SAMPLE);
  const code = await new Promise((resolve) => second.on('exit', resolve));
  expect(code).toBe(0);
  await expect(desktop.stage).toBeVisible();
});

test.describe('with a file on the command line', () => {
  test.use({ args: [SAMPLE] });
  test('opens it', async ({ desktop }) => {
    await expect(desktop.stage).toBeVisible();
    await expect(desktop.page.getByText('1280 × 720 px')).toBeVisible();
  });
});

test('closing the window ends every process', async ({ desktop }) => {
  const { app, page } = desktop;
  await desktop.trySample();
  const pids = await app.evaluate(({ app: electron }) => electron.getAppMetrics().map(({ pid }) => pid));
  expect(pids.length).toBeGreaterThan(2);
  const closed = app.waitForEvent('close');
  await page.close();
  await closed;
  await expect.poll(() => pids.filter(isAlive)).toEqual([]);
});
