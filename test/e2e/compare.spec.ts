import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './retake';

test('two runs are kept, seen in three ways, measured, and chosen between on frames of a person', async ({
  retake,
  page,
}) => {
  test.setTimeout(900_000);
  const stage = page.getByRole('group', { name: 'Stage' });
  const video = page.getByRole('main', { name: 'Video' });
  const runs = page.getByRole('complementary', { name: 'Runs' });
  const difference = page.getByRole('complementary', { name: 'Difference' });
  const chosen = page.getByRole('grid', { name: 'Chosen runs' });
  await retake.open();
  await retake.trySample();
  await retake.startRun();
  await retake.untilDone();
  await retake.people.first().click();

  await stage.focus();
  await page.keyboard.press('d');
  await expect(runs).toContainText('Keep the bodies as they are now');
  await runs.getByRole('button', { name: 'Keep as run A' }).click();
  await expect(runs.getByRole('button', { name: 'Run 1 is A' })).toHaveAttribute('aria-pressed', 'true');
  await expect(runs.getByRole('button', { name: 'Newest run is B' })).toHaveAttribute('aria-pressed', 'true');

  // Boxes are corrected in review; the newest run follows them and run 1 stays.
  await stage.focus();
  await page.keyboard.press('Shift+D');
  for (let time = 0; time < 6; time++) await page.keyboard.press('Control+Shift+ArrowRight');
  await expect(retake.run).toContainText('Rerun');
  await retake.startRun();
  await retake.untilDone();
  await stage.focus();
  await page.keyboard.press('d');
  await expect(video).toContainText(/Run 1\s*striped/);
  await expect(video).toContainText(/Newest run\s*plain/);
  await expect(page.getByRole('img', { name: /^Mean of all joints: up to \d+ mm on frame \d+/ })).toBeVisible();

  // A divider that the keyboard moves, over the video and in 3D.
  await page.keyboard.press('Shift+Y');
  const divider = page.getByRole('slider', { name: 'Divider of A and B over the video' });
  await divider.focus();
  await page.keyboard.press('Shift+ArrowLeft');
  await expect(divider).toHaveAttribute('aria-valuenow', '40');
  await expect(page.getByRole('slider', { name: 'Divider of A and B over the 3D view' })).toHaveAttribute(
    'aria-valuenow',
    '40',
  );
  await page.screenshot({ path: test.info().outputPath('split.png') });

  // One key shows one run in the place of the other.
  await stage.focus();
  await page.keyboard.press('d');
  await expect(video).toContainText('Run 1');
  await expect(video).not.toContainText('Newest run');
  await page.keyboard.press('d');
  await expect(video).toContainText('Newest run');
  await expect(video).not.toContainText('Run 1');
  await page.keyboard.press('y');

  // The worst frame by a key, of all joints and of one, in mm and in degrees.
  await page.keyboard.press('w');
  const worst = await difference.getByRole('button', { name: /^\d+ mm on frame \d+$/ }).innerText();
  const frame = /\d+$/.exec(worst)?.[0];
  await expect(page.getByRole('button', { name: new RegExp(`^Frame ${frame} of`) })).toBeVisible();
  await difference.getByRole('button', { name: /^left_ankle/ }).click();
  await difference.getByRole('button', { name: '°' }).click();
  await expect(page.getByRole('img', { name: /^left_ankle: up to \d+\.\d° on frame \d+/ })).toBeVisible();

  // Run 1 on some frames, seen on the lane, taken back by Delete, brought back by undo.
  await stage.focus();
  await page.keyboard.press('i');
  for (let time = 0; time < 4; time++) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('o');
  await page.keyboard.press('a');
  const span = chosen.getByRole('gridcell', { name: /^Person 1, frames \d+ to \d+, A, Run 1$/ });
  await expect(span).toBeVisible();
  await span.click();
  await expect(span).toHaveAttribute('aria-selected', 'true');
  await page.screenshot({ path: test.info().outputPath('chosen.png') });
  await page.keyboard.press('Delete');
  await expect(span).toHaveCount(0);
  await page
    .getByRole('banner')
    .getByRole('button', { name: /^Undo: Use newest run, frames/ })
    .click();
  await expect(span).toBeVisible();
  const serious = (await new AxeBuilder({ page }).analyze()).violations.filter(
    ({ impact }) => impact === 'serious' || impact === 'critical',
  );
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);

  // Two kept runs with each other.
  await runs.getByRole('button', { name: 'Keep as run A' }).click();
  await expect(runs.getByRole('button', { name: 'Run 2 is A' })).toHaveAttribute('aria-pressed', 'true');
  await runs.getByRole('button', { name: 'Run 1 is B' }).click();
  await expect(video).toContainText(/Run 2\s*striped/);
  await expect(video).toContainText(/Run 1\s*plain/);
  await expect(page.getByRole('img', { name: /on frame \d+/ })).toBeVisible();
});
