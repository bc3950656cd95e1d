import { appendFileSync, copyFileSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { endServing, expect, Retake, serve, test } from './retake';

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

test('nor in the tools of the body, nor in what is said of results that are out of date', async ({ retake, page }) => {
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

  const card = page.getByRole('region', { name: 'Out of date' });
  await test.step('a box was moved, so that bodies are out of date', async () => {
    await retake.goToFrame(40);
    await page.keyboard.press(']');
    await page.keyboard.press('Control+Shift+ArrowRight');
    await expect(card).toBeVisible();
    expect(await retake.seriousProblems()).toEqual([]);
  });

  await test.step('beside the runs that are compared', async () => {
    await page.getByRole('banner').getByRole('button', { name: 'Compare', exact: true }).click();
    await expect(card).toHaveAttribute('data-low', 'true');
    expect(await retake.seriousProblems()).toEqual([]);
    await retake.screenshot('out-of-date-compare');
    await page.getByRole('banner').getByRole('button', { name: 'Review', exact: true }).click();
  });

  await test.step('in a small window, where all of the transport can be reached', async () => {
    await page.setViewportSize({ width: 1024, height: 700 });
    await expect(card).toBeVisible();
    expect(await retake.seriousProblems()).toEqual([]);
    for (const [bar, name] of [
      ['Transport', 'Keyframe'],
      ['Transport', 'Next to check'],
      ['Stage tools', 'Fit'],
    ] as const) {
      const button = page.getByRole('toolbar', { name: bar }).getByRole('button', { name, exact: true });
      await expect(button).toBeInViewport({ ratio: 1 });
    }
    await retake.screenshot('out-of-date-small');
  });
});

test('nor of a video that is gone, nor of a shape for another body', async ({ page }) => {
  const [root, elsewhere] = [1, 2].map(() => mkdtempSync(join(tmpdir(), 'retake-e2e-root-')));
  const video = join(root as string, 'clip.mp4');
  copyFileSync(join(import.meta.dirname, '..', '..', 'resources', 'sample', 'sample.mp4'), video);
  const served = await serve(root as string);
  const retake = new Retake(page, served);
  const reopen = () => page.getByRole('button', { name: /^clip/ }).first().click();
  try {
    await retake.open();
    await retake.openFile('clip.mp4');
    await page.keyboard.press('b');
    await page.keyboard.press('Enter');
    await expect(retake.people).toHaveCount(1);
    await expect(page.getByText('Saved')).toBeVisible();
    await retake.closeProject();

    await test.step('a shape that was set on a computer with another body', async () => {
      setShapeOfAnotherBody(served.data);
      await reopen();
      await expect(retake.people).toHaveCount(1);
      await retake.people.first().click();
      await page.getByRole('tab', { name: 'Shape', exact: true }).click();
      await expect(page.getByText('The shape set by hand is not shown')).toBeVisible();
      expect(await retake.seriousProblems()).toEqual([]);
      await retake.screenshot('another-body');
      await retake.closeProject();
    });

    await test.step('a video that is not where it was', async () => {
      renameSync(video, join(elsewhere as string, 'other.mp4'));
      await reopen();
      await expect(page.getByRole('alert').getByText('The video of clip was not found')).toBeVisible();
      expect(await retake.seriousProblems()).toEqual([]);
      await retake.screenshot('missing-video');
    });
  } finally {
    await endServing(served);
    for (const folder of [root, elsewhere]) rmSync(folder as string, { recursive: true, force: true });
  }
});

/** Adds an edit to the only project's journal, as a computer with an imported body would have written it. */
function setShapeOfAnotherBody(data: string): void {
  const projects = join(data, 'projects');
  const journal = join(projects, readdirSync(projects)[0] as string, 'edits.jsonl');
  const lines = readFileSync(journal, 'utf8').trim().split('\n');
  const newest = JSON.parse((lines.at(-1) as string).slice(9)) as { version: number; seq: number };
  const path = ['people', 0, 'shapeEdit'];
  const body = JSON.stringify({
    ...{ version: newest.version, seq: newest.seq + 1, kind: 'edit', at: new Date().toISOString() },
    edit: {
      label: 'Set shape',
      patches: [{ op: 'add', path, value: { bodyModel: 'smpl-neutral-elsewhere', betas: [1, 0.5] } }],
      inverse: [{ op: 'remove', path }],
    },
  });
  appendFileSync(journal, `${crc32(Buffer.from(body)).toString(16).padStart(8, '0')} ${body}\n`);
}

test('nobody without the token gets in', async ({ retake, request }) => {
  const { origin } = new URL(retake.served.address);
  expect((await request.get(`${origin}/index.html`)).status()).toBe(403);
  expect((await request.get(`${origin}/bulk/bodies/x`)).status()).toBe(403);
  expect((await request.post(`${origin}/session`, { data: { token: 'guess' } })).status()).toBe(403);
  const rebound = await request.get(origin, { headers: { Host: 'evil.example' } });
  expect(rebound.status()).toBe(403);
});
