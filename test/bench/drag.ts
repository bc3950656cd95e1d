import { loadavg } from 'node:os';
import type { Browser, Page } from '@playwright/test';
import { CROWD } from './crowdProject';
import { type Measurement, median } from './measure';
import { type FrameTimes, scriptingOf } from './scripting';
import { withOpenProject } from './servedPage';

const MOST_SCRIPTING_MS = 8;
/** Length of a gesture, s, and the pace of the pointer's moves: one a refresh of the screen. */
const GESTURE_SECONDS = 5;
const MOVE_MS = 1000 / 60;

interface Place {
  x: number;
  y: number;
}

/** Presses, moves at the pace of the screen (a slow page makes it wait), lets go. `at` is given the move that time asks for. */
async function drag(page: Page, from: Place, at: (move: number) => Place): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  const start = performance.now();
  for (let now = start; now - start < GESTURE_SECONDS * 1000; now = performance.now()) {
    const { x, y } = at((now - start) / MOVE_MS);
    await page.mouse.move(x, y);
    const early = MOVE_MS - (performance.now() - now);
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
  }
  await page.mouse.up();
}

const around =
  ({ x, y }: Place, radius: number) =>
  (move: number): Place => ({
    x: x + radius * Math.sin(move / 9),
    y: y + 0.5 * radius * Math.sin(move / 14),
  });

/** A page with one element that follows the pointer: what a gesture costs where nothing else is. */
async function bareGesture(browser: Browser): Promise<FrameTimes> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  try {
    await page.setContent('<div style="position:fixed;width:9px;height:99px;background:#888"></div>');
    await page.evaluate(() => {
      const mark = document.querySelector('div');
      let x = 0;
      let isAsked = false;
      window.addEventListener('pointermove', (event) => {
        x = event.clientX;
        if (isAsked || !mark) return;
        isAsked = true;
        requestAnimationFrame(() => {
          isAsked = false;
          mark.style.transform = `translateX(${x}px)`;
        });
      });
    });
    const middle = { x: 700, y: 400 };
    return await scriptingOf(browser, page, () => drag(page, middle, around(middle, 200)));
  } finally {
    await page.close();
  }
}

async function dragPlayhead(browser: Browser, page: Page): Promise<FrameTimes> {
  const bounds = await page.getByRole('slider', { name: 'Playhead' }).boundingBox();
  if (!bounds) throw new Error('The page shows no ruler.');
  const middle = { x: bounds.x + bounds.width / 2, y: bounds.y + 8 };
  return scriptingOf(browser, page, () => drag(page, middle, around(middle, bounds.width * 0.4)));
}

async function dragBox(browser: Browser, page: Page): Promise<FrameTimes> {
  const box = page
    .getByRole('group', { name: 'Boxes' })
    .getByRole('button')
    .nth(CROWD.people / 2);
  const bounds = await box.boundingBox();
  if (!bounds) throw new Error('The page shows no boxes.');
  const middle = { x: bounds.x + bounds.width / 2, y: bounds.y + bounds.height / 2 };
  await page.mouse.click(middle.x, middle.y);
  await page.waitForTimeout(500);
  const undo = page.getByRole('button', { name: /^Undo: Move box/ });
  const before = await undo.getAttribute('aria-label');
  const times = await scriptingOf(browser, page, () => drag(page, middle, around(middle, 60)));
  await page.waitForTimeout(1000);
  const isKept = (await undo.getAttribute('aria-label')) !== before;
  if (!isKept) throw new Error('The dragged box was not kept.');
  return times;
}

function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}

function measurementOf(title: string, times: FrameTimes, bare: FrameTimes): Measurement {
  const most = percentile(times.scripting, 0.95);
  const bareMost = percentile(bare.scripting, 0.95);
  return {
    title: `${title}, ${CROWD.people} people, ${CROWD.frames} frames`,
    ratio: most / MOST_SCRIPTING_MS,
    meaning: `of ${MOST_SCRIPTING_MS} ms of scripting a picture, at the 95th percentile; below 1`,
    detail: [
      `median ${median(times.scripting).toFixed(2)} ms, 95th percentile ${most.toFixed(2)} ms, slowest ${Math.max(...times.scripting).toFixed(1)} ms`,
      `${(times.pictures / times.seconds).toFixed(0)} pictures a second with software GL`,
      `a page with nothing but the gesture: median ${median(bare.scripting).toFixed(2)}, 95th percentile ${bareMost.toFixed(2)} ms, ${(bare.pictures / bare.seconds).toFixed(0)} a second`,
      `load ${loadavg()[0]?.toFixed(1)}`,
    ].join('; '),
  };
}

/** Scripting while the playhead and a box are dragged, in the newest project of a data folder. */
export async function benchDrag(root: string, data: string): Promise<Measurement[]> {
  return withOpenProject(root, data, async (page, browser) => {
    await page.waitForTimeout(5000);
    const bare = await bareGesture(browser);
    const playhead = await dragPlayhead(browser, page);
    const mesh = page.getByRole('toolbar', { name: 'Stage tools' }).getByRole('button', { name: 'Mesh', exact: true });
    await mesh.click();
    await page.waitForTimeout(2000);
    const bodiless = await dragPlayhead(browser, page);
    await mesh.click();
    await page.waitForTimeout(2000);
    const box = await dragBox(browser, page);
    return [
      measurementOf('Dragging the playhead', playhead, bare),
      measurementOf('The same with the bodies hidden, which the software GL is slow to draw', bodiless, bare),
      measurementOf('Dragging a box', box, bare),
    ];
  });
}
