import { expect, footageFolder, test } from './retake';

const WHY = 'the real footage is not beside the checkout (set RETAKE_SHARED)';

test.skip(footageFolder() === undefined, WHY);

test('two people who cross keep who they are', async ({ retake, page }) => {
  test.setTimeout(900_000);
  await retake.open();
  await retake.openFile('two-people-60fps.mp4');
  await expect(page.getByText('1088 × 1920 px')).toBeVisible();
  await retake.startRun();
  await retake.untilDone();
  expect(await retake.people.count()).toBeGreaterThanOrEqual(2);
  await retake.goToFrame(50);
  await retake.screenshot('real-two-people');
});

test('VP9 from afar: shown, found, followed', async ({ retake, page }) => {
  test.setTimeout(900_000);
  await retake.open();
  await retake.openFile('jump-vp9.mp4');
  await expect(page.getByText('1768 × 994 px')).toBeVisible();
  await retake.goToFrame(118);
  await retake.startRun();
  await retake.untilDone();
  expect(await retake.people.count()).toBeGreaterThanOrEqual(1);
  await retake.screenshot('real-jump');
});
