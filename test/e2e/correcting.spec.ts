import { expect, test } from './retake';

test('boxes are drawn, copied, swapped, reviewed and written out without a run', async ({ retake, page }) => {
  await retake.open();
  await retake.trySample();
  const bar = (name: RegExp) => page.getByRole('region', { name });
  const messages = page.getByRole('region', { name: 'Messages' });

  await test.step('a box is drawn by keyboard and copied to the next frames, shown before it is made', async () => {
    await retake.goToFrame(20);
    await page.keyboard.press('b');
    await page.keyboard.press('Enter');
    await expect(retake.people).toHaveCount(1);
    await page.keyboard.press('p');
    await expect(bar(/^Copy the box of frame 20/)).toBeVisible();
    await page.getByRole('spinbutton', { name: 'Number of frames' }).fill('30');
    await page.keyboard.press('Enter');
    await expect(messages).toContainText('Copy box to frames 21–50');
  });

  await test.step('a second person gets the boxes from a frame on by a swap', async () => {
    await page.keyboard.press('b');
    await page.keyboard.press('Enter');
    await expect(retake.people).toHaveCount(2);
    await retake.goToFrame(30);
    await page.keyboard.press(']');
    await page.keyboard.press('x');
    await expect(bar(/^Swap Person \d and Person \d/)).toBeVisible();
    expect(await retake.seriousProblems()).toEqual([]);
    await page.keyboard.press('Enter');
    await expect(messages).toContainText(/Swap Person \d and Person \d, frame 30 to the end/);
    await expect(page.getByRole('gridcell', { name: /^Person 2, frames? .*manual/ }).first()).toBeAttached();
    await page.keyboard.press('Control+z');
    await expect(page.getByRole('gridcell', { name: 'Person 1, frames 21 to 49, interpolated' })).toBeAttached();
  });

  await test.step('a frame is marked as reviewed, and moving its box takes the mark and says so', async () => {
    await page
      .getByRole('grid', { name: 'People in this clip' })
      .getByRole('row', { name: /Person 1/ })
      .click();
    await retake.goToFrame(20);
    await page
      .getByRole('grid', { name: 'People in this clip' })
      .getByRole('row', { name: /Person 1/ })
      .click();
    await page.keyboard.press('Shift+R');
    await expect(messages).toContainText('Mark reviewed');
    await page.keyboard.press('Control+ArrowRight');
    await expect(messages).toContainText(/Move box, frame 20: \d+ frames? (is|are) no longer reviewed/);
  });

  await test.step('keys can be changed, and who has one already is said', async () => {
    await page.keyboard.press('?');
    await page.getByRole('button', { name: 'Change keys' }).click();
    await page.getByRole('button', { name: /^Keys of Split track here/ }).click();
    await page.keyboard.press('x');
    await expect(page.getByText('X belongs to Swap from here')).toBeVisible();
    expect(await retake.seriousProblems()).toEqual([]);
    await page.getByRole('button', { name: 'Take it from there' }).click();
    await expect(page.getByRole('button', { name: 'Keys of Split track here: X' })).toBeVisible();
    await page.getByRole('button', { name: 'Bring back all keys' }).click();
    await page.getByRole('button', { name: 'Close', exact: true }).click();
  });

  await test.step('boxes are written out, and what the format cannot hold is said', async () => {
    await page.getByRole('button', { name: 'Track files: boxes in and out' }).click();
    await page.getByRole('button', { name: 'Write the file' }).click();
    await expect(page.getByRole('link', { name: /tracks_mot\.txt/ })).toBeVisible();
    await expect(page.getByText('Not in the file, because the format cannot hold it')).toBeVisible();
    expect(await retake.seriousProblems()).toEqual([]);
  });
});
