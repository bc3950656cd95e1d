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

test('people are edited together, and history goes back several steps at once', async ({ retake, page }) => {
  await retake.open();
  await retake.trySample();
  const people = page.getByRole('grid', { name: 'People in this clip' });
  const messages = page.getByRole('region', { name: 'Messages' });
  const draw = async (frame: number) => {
    await retake.goToFrame(frame);
    await page.keyboard.press('b');
    await page.keyboard.press('Enter');
    await page.keyboard.press('p');
    await page.getByRole('spinbutton', { name: 'Number of frames' }).fill('30');
    await page.keyboard.press('Enter');
  };

  await test.step('two people of one place get the same colour by choice', async () => {
    await draw(20);
    await draw(21);
    await expect(retake.people).toHaveCount(2);
    await page.getByRole('button', { name: 'Colour of Person 2' }).click();
    await page.getByRole('menuitem', { name: 'Orange' }).click();
    await expect(
      people
        .getByRole('row', { name: /Person 2/ })
        .locator('[data-person-slot="1"]')
        .first(),
    ).toBeAttached();
  });

  await test.step('a rectangle over their lanes asks what to do, and Enter chooses before it applies', async () => {
    const [first, second] = await Promise.all(
      [1, 2].map((number) =>
        page
          .locator('[data-lane]')
          .nth(number - 1)
          .boundingBox(),
      ),
    );
    if (!first || !second) throw new Error('both lanes are there');
    const at = (share: number) => first.x + 260 + (first.width - 260) * share;
    await page.keyboard.down('Shift');
    await page.mouse.move(at(0.12), first.y + 6);
    await page.mouse.down();
    await page.mouse.move(at(0.16), second.y + 12, { steps: 5 });
    await page.mouse.up();
    await page.keyboard.up('Shift');
    const bar = page.getByRole('region', { name: /^2 people, frames/ });
    await expect(bar).toBeVisible();
    await expect(bar.getByText('Back in')).toHaveCount(0);
    await page.keyboard.press('Enter');
    await expect(bar.getByRole('radio', { name: 'Outside' })).toBeChecked();
    await page.keyboard.press('Enter');
    await expect(messages).toContainText(/Outside, frames .*2 people/);
  });

  await test.step('one choice in the history takes both back', async () => {
    await page.getByRole('button', { name: 'History' }).click();
    await page.getByRole('menuitem', { name: /Change colour of Person 2/ }).click();
    await expect(page.getByRole('button', { name: 'Redo: Change colour of Person 2' })).toBeVisible();
    await expect(
      people
        .getByRole('row', { name: /Person 2/ })
        .locator('[data-person-slot="2"]')
        .first(),
    ).toBeAttached();
  });
});

test('a keyframe is drawn out over its lane, and the frames where somebody is away are painted', async ({
  retake,
  page,
}) => {
  await retake.open();
  await retake.trySample();
  await retake.goToFrame(20);
  await page.keyboard.press('b');
  await page.keyboard.press('Enter');
  const messages = page.getByRole('region', { name: 'Messages' });
  const keyframe = page.getByRole('button', { name: 'Keyframe of Person 1, frame 20' });
  const cell = (name: RegExp) => page.getByRole('gridcell', { name });
  const box = await keyframe.boundingBox();
  const lane = await page.locator('[data-lane-body]').boundingBox();
  if (!box || !lane) throw new Error('the lane is there');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const at = (frame: number) => x + (lane.width / 240) * (frame - 20);

  await test.step('a drag to the right copies the box', async () => {
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(at(60), y, { steps: 5 });
    await expect(cell(/^Person 1, frames 21 to/)).toHaveCount(0);
    await page.mouse.up();
    await expect(cell(/^Person 1, frames 21 to 59, interpolated/)).toBeAttached();
  });

  await test.step('U and a drag paint frames as outside, Escape leaves them', async () => {
    await page.keyboard.down('u');
    await page.mouse.move(at(30), y);
    await page.mouse.down();
    await page.mouse.move(at(40), y, { steps: 5 });
    await page.keyboard.press('Escape');
    await page.mouse.up();
    await page.keyboard.up('u');
    await expect(cell(/no box/)).toHaveCount(0);
    await page.keyboard.down('u');
    await page.mouse.move(at(30), y);
    await page.mouse.down();
    await page.mouse.move(at(40), y, { steps: 5 });
    await page.mouse.up();
    await page.keyboard.up('u');
    await expect(cell(/^Person 1, frames 30 to 40, no box/)).toBeAttached();
    await page.keyboard.press('Control+z');
    await expect(cell(/no box/)).toHaveCount(0);
    await expect(messages).toContainText('Undid: Outside, frames 30–40');
  });
});

test('boxes dropped on the page are offered in the format they are in', async ({ retake, page }) => {
  await retake.open();
  await retake.trySample();
  const dive = JSON.stringify({
    version: 2,
    tracks: {
      '0': {
        id: 0,
        begin: 10,
        end: 20,
        attributes: {},
        meta: {},
        confidencePairs: [['person', 1]],
        features: [10, 20].map((frame) => ({ frame, bounds: [100, 100, 200, 400], keyframe: true, interpolate: true })),
      },
    },
    groups: {},
  });
  const transfer = await page.evaluateHandle((text) => {
    const dropped = new DataTransfer();
    dropped.items.add(new File([text], 'boxes.json'));
    return dropped;
  }, dive);
  await page.getByRole('group', { name: 'Stage' }).dispatchEvent('drop', { dataTransfer: transfer });
  await expect(page.getByRole('combobox', { name: 'Format of the file' })).toContainText('DIVE');
  await page.getByRole('button', { name: 'Take in' }).click();
  await expect(retake.people).toHaveCount(1);
  await expect(page.getByRole('region', { name: 'Messages' })).toContainText('1 person taken in from boxes.json');
});
