import { expect, test } from './desktop';

// Numbers are those of Electron's docs/tutorial/security.md.

test('the page is isolated, sandboxed and without Node (2, 3, 4)', async ({ desktop }) => {
  const preferences = await desktop.app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    return (contents as unknown as { getLastWebPreferences(): Record<string, unknown> }).getLastWebPreferences();
  });
  expect(preferences).toMatchObject({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    webSecurity: true,
    webviewTag: false,
  });
  const globals = await desktop.page.evaluate(() =>
    ['require', 'process', 'module', 'Buffer', 'ipcRenderer', 'electron'].filter((name) => name in globalThis),
  );
  expect(globals).toEqual([]);
});

test('the bridge is functions and nothing else (20)', async ({ desktop }) => {
  const bridge = await desktop.page.evaluate(() =>
    Object.entries((globalThis as unknown as { retake: object }).retake).map(([name, value]) => [name, typeof value]),
  );
  const { platform, ...functions } = Object.fromEntries(bridge) as Record<string, string>;
  expect(platform).toBe('string');
  expect(new Set(Object.values(functions))).toEqual(new Set(['function']));
  expect(Object.keys(functions).length).toBeLessThanOrEqual(10);
});

test.describe('where the page tries what it must not', () => {
  test.use({ provokes: true });

  test('the page goes nowhere and opens nothing (13, 14)', async ({ desktop }) => {
    const { page, app } = desktop;
    await expect(page.getByRole('heading', { name: 'Drop a video here' })).toBeVisible();
    for (const address of ['https://example.com/', 'file:///etc/passwd', 'app://elsewhere/index.html']) {
      await page.evaluate((to) => void (location.href = to), address);
      await page.waitForTimeout(200);
      expect(page.url()).toBe('app://retake/index.html');
    }
    const opened = await page.evaluate(() => window.open('app://retake/index.html') === null);
    expect(opened).toBe(true);
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  });

  test('the policy of the page holds (7)', async ({ desktop }) => {
    const { page } = desktop;
    const found = await page.evaluate(async () => {
      const violations: string[] = [];
      document.addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective));
      const script = document.createElement('script');
      script.textContent = 'globalThis.wasInjected = true';
      document.body.append(script);
      const frame = document.createElement('iframe');
      frame.src = 'https://example.com/';
      document.body.append(frame);
      // Later: the debugger that runs this may evaluate, the page may not.
      const evaluated = await new Promise((resolve) => {
        setTimeout(() => {
          try {
            resolve(new Function('return true')());
          } catch {
            resolve(false);
          }
        });
      });
      const outside = await fetch('https://example.com/').then(
        () => 'reached',
        () => 'refused',
      );
      const file = await fetch('file:///etc/passwd').then(
        () => 'reached',
        () => 'refused',
      );
      await new Promise((resolve) => setTimeout(resolve, 200));
      frame.remove();
      return {
        evaluated,
        outside,
        file,
        wasInjected: 'wasInjected' in globalThis,
        violations: [...new Set(violations)].sort(),
      };
    });
    expect(found).toEqual({
      evaluated: false,
      outside: 'refused',
      file: 'refused',
      wasInjected: false,
      violations: ['connect-src', 'frame-src', 'script-src', 'script-src-elem'],
    });
  });

  test('permissions are denied but for full screen and copying (5)', async ({ desktop }) => {
    const states = await desktop.page.evaluate(async () => {
      const names = ['geolocation', 'notifications', 'camera', 'microphone', 'midi'];
      const found = await Promise.all(
        names.map((name) => navigator.permissions.query({ name: name as PermissionName })),
      );
      return found.map(({ state }) => state);
    });
    expect(new Set(states)).toEqual(new Set(['denied']));
  });

  test('files come over app:// with ranges, and none from outside of the page', async ({ desktop }) => {
    const answers = await desktop.page.evaluate(async () => {
      const ask = async (path: string, headers: Record<string, string> = {}) => {
        const answer = await fetch(path, { headers });
        return { status: answer.status, range: answer.headers.get('Content-Range'), bytes: (await answer.blob()).size };
      };
      return {
        part: await ask('/index.html', { Range: 'bytes=0-9' }),
        unsatisfiable: await ask('/index.html', { Range: 'bytes=9000000-' }),
        above: await ask('/..%2f..%2fpackage.json'),
      };
    });
    expect(answers.part).toMatchObject({ status: 206, bytes: 10 });
    expect(answers.part.range).toMatch(/^bytes 0-9\/\d+$/);
    expect(answers.unsatisfiable.status).toBe(416);
    expect(answers.above.status).toBe(404);
  });

  test('a wrong message of the page neither passes nor ends the app (17)', async ({ desktop }) => {
    const { page } = desktop;
    const refused = await page.evaluate(async () => {
      const { retake } = globalThis as unknown as { retake: Record<string, (...values: unknown[]) => unknown> };
      retake['setProgress']?.(7);
      retake['setTitle']?.({});
      const outcomes = [
        retake['openMedia']?.('everything'),
        retake['grantDropped']?.('/etc/passwd'),
        retake['grantDropped']?.(new File(['made here'], 'a.mp4')),
        retake['revealExport']?.('x'.repeat(500), 'y'),
      ];
      return Promise.all(
        outcomes.map((outcome) =>
          Promise.resolve(outcome).then(
            () => 'passed',
            () => 'refused',
          ),
        ),
      );
    });
    expect(refused).toEqual(['refused', 'refused', 'refused', 'refused']);
    await expect(page.getByRole('heading', { name: 'Drop a video here' })).toBeVisible();
  });
});
