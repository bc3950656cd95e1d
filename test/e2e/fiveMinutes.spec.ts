import { readFileSync, statSync } from 'node:fs';
import { expect, test } from './retake';

test('a newcomer opens the sample, runs it, corrects a box and exports', async ({ retake, page }) => {
  await retake.open();
  await retake.screenshot('1-start');

  await test.step('the clip shows at once and can be scrubbed before any processing', async () => {
    await retake.trySample();
    await expect(page.getByText('1280 × 720 px')).toBeVisible();
    await expect(page.getByText('30 fps').first()).toBeVisible();
    await expect(page.getByRole('button', { name: 'Frame 0 of 239, go to frame or time' })).toBeVisible();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Shift+ArrowRight');
    await expect(page.getByRole('button', { name: /^Frame 11 of 239/ })).toBeVisible();
    await retake.screenshot('2-opened');
  });

  await test.step('people appear while the run goes on, then bodies', async () => {
    await retake.startRun();
    await expect(retake.status).toContainText(/of \d+ frames/);
    await expect(retake.people).not.toHaveCount(0, { timeout: 90_000 });
    await retake.screenshot('3-running');
    await retake.untilDone();
    await expect(retake.people).toHaveCount(2);
  });

  await test.step('a body stands where the person is', async () => {
    await retake.goToFrame(120);
    await page.keyboard.press(']');
    await expect(page.getByText(/m from the camera/)).toContainText('Person 2');
    await expect(page.getByText('frames with a body')).toBeVisible();
    await retake.screenshot('4-done');
  });

  await test.step('a joint is turned in numbers, a height is typed, undo takes both back', async () => {
    await page.getByRole('tab', { name: 'Pose' }).click();
    await page.getByRole('button', { name: /^left_elbow/ }).click();
    const elbow = page.getByLabel(/^left_elbow z/);
    const before = await elbow.inputValue();
    await elbow.fill('1.2');
    await elbow.press('Enter');
    await expect(page.getByText('1 edit over the estimate')).toBeVisible();
    await expect(elbow).toHaveValue('1.200');
    await page.getByRole('tab', { name: 'Shape' }).click();
    const stature = page.getByLabel('Stature, cm', { exact: true });
    const tall = await stature.inputValue();
    await stature.fill('190');
    await stature.press('Enter');
    await expect(page.getByText('Height given: 1.90 m')).toBeVisible();
    await page.keyboard.press('Control+z');
    await expect(stature).toHaveValue(tall);
    await page.getByRole('tab', { name: 'Pose' }).click();
    await page.keyboard.press('Control+z');
    await expect(elbow).toHaveValue(before);
    await page.getByRole('tab', { name: 'Person' }).click();
  });

  await test.step('a wrong box is dragged, the affected span is marked, undo takes it back', async () => {
    const box = page.getByRole('group', { name: 'Boxes' }).getByRole('button', { name: /^1 / });
    await box.click();
    const area = await box.boundingBox();
    if (!area) throw new Error('the box has no place on the page');
    await page.mouse.move(area.x + area.width / 2, area.y + area.height / 2);
    await page.mouse.down();
    await page.mouse.move(area.x + area.width / 2 + 30, area.y + area.height / 2 - 6, { steps: 5 });
    await page.mouse.up();
    await expect(retake.run).toHaveText(/Rerun \d+ frames/);
    await retake.screenshot('5-out-of-date');
    await page.keyboard.press('Control+z');
    await expect(retake.run).not.toHaveText(/Rerun/);
    await page.keyboard.press('Control+Shift+z');
    await expect(retake.run).toHaveText(/Rerun \d+ frames/);
  });

  await test.step('the rerun takes seconds', async () => {
    await retake.startRun();
    await retake.untilDone(120_000);
    await expect(retake.run).not.toHaveText(/Rerun/);
  });

  await test.step('FBX is exported with everything said before', async () => {
    await page.getByRole('banner').getByRole('button', { name: 'Export' }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByText('sample.fbx')).toBeVisible();
    await expect(dialog.getByText(/Scale assumed/).first()).toBeVisible();
    await retake.screenshot('6-export');
    await dialog
      .getByRole('button', { name: /^Export/ })
      .last()
      .click();
    await expect(page.getByRole('link', { name: /sample\.fbx/ }).first()).toBeVisible({ timeout: 60_000 });
    await retake.screenshot('7-exported');
    const download = page.waitForEvent('download');
    await page
      .getByRole('link', { name: /sample\.fbx/ })
      .first()
      .click();
    const path = await (await download).path();
    expect(readFileSync(path).subarray(0, 20).toString()).toBe('Kaydara FBX Binary  ');
    expect(statSync(path).size).toBeGreaterThan(500_000);
  });
});

test('a run can be cancelled and goes on from there', async ({ retake, page }) => {
  await retake.open();
  await retake.trySample();
  await retake.startRun();
  await expect(retake.people).not.toHaveCount(0, { timeout: 90_000 });
  await page.keyboard.press('Control+.');
  await retake.untilDone(20_000);
  await retake.startRun();
  await retake.untilDone();
  await expect(retake.people).toHaveCount(2);
  await retake.goToFrame(200);
  await expect(page.getByText(/m from the camera/)).toContainText('Person 1');
});

test('edits survive closing the page and stopping the engine', async ({ retake, page }) => {
  await retake.open();
  await retake.trySample();
  await page.keyboard.press('b');
  await page.keyboard.press('Enter');
  await expect(retake.people).toHaveCount(1);
  await retake.goToFrame(7);
  await page.reload();
  await expect(retake.people).toHaveCount(1);
  await expect(page.getByRole('button', { name: /^Frame 7 of/ })).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(retake.people).toHaveCount(0);
});
