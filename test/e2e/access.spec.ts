import { expect, test } from './retake';

test('the first load asks for nothing that is refused', async ({ retake, page }) => {
  const said: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') said.push(`${message.text()} ${message.location().url}`);
  });
  await retake.open();
  await retake.trySample();
  expect(said).toEqual([]);
});

test('a screen reader finds nothing serious to complain of', async ({ retake }) => {
  await retake.open();
  expect(await retake.seriousProblems()).toEqual([]);
  await retake.trySample();
  expect(await retake.seriousProblems()).toEqual([]);
});

test('nor with a menu open', async ({ retake, page }) => {
  await retake.open();
  await retake.trySample();
  await page.getByRole('button', { name: 'History' }).click();
  await expect(page.getByRole('menu')).toBeVisible();
  await expect(page.locator('[data-base-ui-focus-guard][aria-hidden]')).toHaveCount(0);
  expect(await retake.seriousProblems()).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'History' })).toBeFocused();
  await page.getByRole('group', { name: 'Stage' }).click({ button: 'right', position: { x: 200, y: 200 } });
  await expect(page.getByRole('menu')).toBeVisible();
  expect(await retake.seriousProblems()).toEqual([]);
});

test('nor in the tools of the body', async ({ retake, page }) => {
  await retake.open();
  await retake.trySample();
  await retake.startRun();
  await retake.untilDone();
  await retake.goToFrame(120);
  await page.keyboard.press(']');
  const scene = page.getByRole('group', { name: '3D view' });
  const layers = page.getByRole('toolbar', { name: '3D layers' });
  const inspector = (name: string) => page.getByRole('tab', { name, exact: true });

  await test.step('a joint is picked and can be turned by rings', async () => {
    await layers.getByRole('button', { name: 'Joints', exact: true }).click();
    await inspector('Pose').click();
    await page.getByRole('button', { name: /^left_elbow/ }).click();
    await expect(page.getByLabel(/^left_elbow z/)).toBeVisible();
    await expect(layers.getByRole('button', { name: /^Rotation rings/ })).toHaveAttribute('aria-pressed', 'true');
    expect(await retake.seriousProblems()).toEqual([]);
  });

  await test.step('all joints are named, and a step of the body model is shown', async () => {
    await layers.getByRole('button', { name: 'Names of all joints' }).click();
    await page.getByRole('button', { name: 'Step back' }).click();
    await expect(scene.getByText(/the video keeps the finished body/)).toBeVisible();
    expect(await retake.seriousProblems()).toEqual([]);
    await page.getByRole('button', { name: 'Step on' }).click();
  });

  await test.step('skin weights are shown, of a joint and of a vertex', async () => {
    await layers.getByRole('button', { name: 'Skin weights' }).click();
    await inspector('Weights').click();
    await expect(page.getByRole('option', { name: /^left_elbow/ })).toHaveAttribute('aria-selected', 'true');
    await page.getByLabel('Number of the vertex').fill('1200');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('row', { name: /^Template, m/ })).toBeVisible();
    expect(await retake.seriousProblems()).toEqual([]);
    await page.getByRole('button', { name: 'Seams' }).click();
    expect(await retake.seriousProblems()).toEqual([]);
    await retake.screenshot('weights');
  });

  for (const tab of ['Shape', 'Camera']) {
    await test.step(`the tab ${tab} is open`, async () => {
      await inspector(tab).click();
      await expect(page.getByRole('tabpanel', { name: tab })).toBeVisible();
      expect(await retake.seriousProblems()).toEqual([]);
      await retake.screenshot(`inspector-${tab.toLowerCase()}`);
    });
  }
});

test('nobody without the token gets in', async ({ retake, request }) => {
  const { origin } = new URL(retake.served.address);
  expect((await request.get(`${origin}/index.html`)).status()).toBe(403);
  expect((await request.get(`${origin}/bulk/bodies/x`)).status()).toBe(403);
  expect((await request.post(`${origin}/session`, { data: { token: 'guess' } })).status()).toBe(403);
  const rebound = await request.get(origin, { headers: { Host: 'evil.example' } });
  expect(rebound.status()).toBe(403);
});
