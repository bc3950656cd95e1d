import type { Page } from '@playwright/test';
import { type Measurement, median } from './measure';
import { withOpenProject } from './servedPage';

const SEEKS = 60;

/**
 * Times of each jump, ms. `jump`: from the press on the ruler until the stage has drawn the picture of that very frame in full and
 * the bodies of everybody who has one there, and the browser has shown it (the refresh after). `bare`: fetching and decoding
 * a picture of the same kind and waiting for two refreshes, which nothing can be faster than.
 */
function jump(
  page: Page,
  frames: readonly { frame: number; bodies: number }[],
): Promise<{ jump: number; bare: number }[]> {
  return page.evaluate(async (wanted) => {
    const ruler = document.querySelector<HTMLElement>('[role="slider"][aria-label="Playhead"]');
    const stage = document.querySelector<HTMLElement>('[data-exact]');
    if (!ruler || !stage) throw new Error('the page shows no project');
    const bounds = ruler.getBoundingClientRect();
    const count = Number(ruler.getAttribute('aria-valuemax')) + 1;
    const times: { jump: number; bare: number }[] = [];
    for (const { frame, bodies } of wanted) {
      const { dataset } = stage;
      const clientX = bounds.left + ((frame + 0.5) / count) * bounds.width;
      const press = { clientX, clientY: bounds.top + 4, bubbles: true, button: 0, pointerId: 1, isPrimary: true };
      const start = performance.now();
      ruler.dispatchEvent(new PointerEvent('pointerdown', { ...press, buttons: 1 }));
      ruler.dispatchEvent(new PointerEvent('pointerup', press));
      window.dispatchEvent(new PointerEvent('pointerup', press));
      // No function of its own in here: what compiles this file would name it by a helper that the page does not have.
      while (dataset['frame'] !== String(frame) || dataset['exact'] !== 'true' || Number(dataset['bodies']) < bodies) {
        if (performance.now() - start > 20_000)
          throw new Error(`frame ${frame} did not come: ${JSON.stringify(dataset)}`);
        await new Promise(requestAnimationFrame);
      }
      await new Promise(requestAnimationFrame);
      const time = performance.now() - start;
      // What was put off until it rests must be over before the picture alone is timed.
      await new Promise((resolve) => setTimeout(resolve, 1200));
      const pictures = performance.getEntriesByType('resource').filter(({ name }) => name.includes('/frames/'));
      const again = performance.now();
      const picture = await fetch(pictures.at(-1)?.name ?? '', { cache: 'reload' });
      (await createImageBitmap(await picture.blob())).close();
      await new Promise(requestAnimationFrame);
      await new Promise(requestAnimationFrame);
      times.push({ jump: time, bare: performance.now() - again });
    }
    return times;
  }, frames);
}

/** Jumps to frames all over a finished clip in Chromium with software GL. `bodiesOn` counts the bodies of a frame. */
export async function benchSeekInPage(
  root: string,
  data: string,
  frameCount: number,
  bodiesOn: (frame: number) => number,
): Promise<Measurement> {
  return withOpenProject(root, data, async (page) => {
    const frames = Array.from({ length: SEEKS }, (_, seek) => (seek * 97 + 13) % frameCount);
    const times = await jump(
      page,
      frames.map((frame) => ({ frame, bodies: bodiesOn(frame) })),
    );
    const jumps = times.map((time) => time.jump).sort((a, b) => a - b);
    const most = jumps[Math.floor(0.9 * jumps.length)] ?? Number.NaN;
    const [middle, bare] = [median(jumps), median(times.map((time) => time.bare))];
    return {
      title: 'Jump to an exact frame with its bodies, in headless Chromium with software GL',
      ratio: middle / bare,
      meaning: 'times fetching, decoding and showing a picture and nothing else',
      detail: `median ${middle.toFixed(0)} ms (the limit is 60 on 2 free cores), nine of ten within ${most.toFixed(0)} ms, bare ${bare.toFixed(0)} ms, ${SEEKS} jumps`,
    };
  });
}
