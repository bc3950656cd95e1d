import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clampView,
  frameAtX,
  MAX_PIXELS_PER_FRAME,
  panBy,
  revealFrame,
  rulerMarks,
  scaleOf,
  type TimelineView,
  visibleFrames,
  WHOLE_CLIP,
  xOfFrame,
  zoomAround,
} from './geometry';

const clip = fc.record({
  frameCount: fc.integer({ min: 1, max: 20000 }),
  width: fc.integer({ min: 50, max: 3000 }),
  start: fc.double({ min: -100, max: 30000, noNaN: true }),
  scale: fc.oneof(fc.constant(0), fc.double({ min: 0.001, max: 60, noNaN: true })),
});

describe('the view of the timeline', () => {
  it('never shows anything outside the clip', () => {
    fc.assert(
      fc.property(clip, ({ frameCount, width, start, scale }) => {
        const view = clampView({ start, scale }, frameCount, width);
        const shown = width / scaleOf(view, frameCount, width);
        expect(view.start).toBeGreaterThanOrEqual(0);
        expect(view.start + Math.min(shown, frameCount)).toBeLessThanOrEqual(frameCount + 1e-6);
      }),
    );
  });

  it('finds the frame again at every point of its column', () => {
    fc.assert(
      fc.property(clip, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (given, within) => {
        const { frameCount, width } = given;
        const view = clampView(given, frameCount, width);
        const { from, to } = visibleFrames(view, frameCount, width);
        const frame = Math.floor((from + to - 1) / 2);
        const x = xOfFrame(view, frame, frameCount, width) + within * scaleOf(view, frameCount, width);
        expect(frameAtX(view, x, frameCount, width)).toBe(frame);
      }),
    );
  });

  it('keeps the frame under the pointer while zooming, unless an end of the clip is reached', () => {
    fc.assert(
      fc.property(
        clip,
        fc.double({ min: 0.2, max: 5, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (given, factor, at) => {
          const { frameCount, width } = given;
          const before = clampView(given, frameCount, width);
          const x = at * width;
          const after = zoomAround(before, factor, x, frameCount, width);
          const frameBefore = before.start + x / scaleOf(before, frameCount, width);
          const frameAfter = after.start + x / scaleOf(after, frameCount, width);
          const shown = width / scaleOf(after, frameCount, width);
          const atEnd = after.start <= 1e-9 || after.start + shown >= frameCount - 1e-6;
          if (!atEnd) expect(frameAfter).toBeCloseTo(frameBefore, 4);
        },
      ),
    );
  });

  it('zooms out to the whole clip and in to 24 px a frame', () => {
    const out = zoomAround({ start: 40, scale: 10 }, 0.0001, 100, 230, 800);
    expect(out).toEqual(WHOLE_CLIP);
    const into = zoomAround(WHOLE_CLIP, 1e6, 400, 230, 800);
    expect(into.scale).toBe(MAX_PIXELS_PER_FRAME);
  });

  it('fills the lanes with a clip that is shorter than they are wide', () => {
    expect(scaleOf(WHOLE_CLIP, 2, 800)).toBe(400);
    expect(zoomAround(WHOLE_CLIP, 3, 10, 2, 800)).toEqual(WHOLE_CLIP);
  });

  it('reveals a frame with the least movement', () => {
    const view: TimelineView = { start: 50, scale: 10 };
    expect(revealFrame(view, 60, 1000, 800)).toBe(view);
    const right = revealFrame(view, 200, 1000, 800);
    expect(visibleFrames(right, 1000, 800).to).toBeGreaterThan(200);
    expect(revealFrame(right, 10, 1000, 800).start).toBe(8);
    expect(panBy(view, -100000, 1000, 800).start).toBe(0);
  });
});

describe('the ruler', () => {
  it('labels frames far enough apart and marks none twice', () => {
    fc.assert(
      fc.property(clip, (given) => {
        const { frameCount, width } = given;
        const view = clampView(given, frameCount, width);
        const marks = rulerMarks(view, frameCount, width);
        const labels = marks.filter((mark) => mark.label !== undefined);
        expect(new Set(marks.map((mark) => mark.frame)).size).toBe(marks.length);
        expect(marks.length).toBeLessThanOrEqual(width / 2);
        labels.slice(1).forEach((mark, index) => {
          expect(mark.x - (labels[index]?.x ?? 0)).toBeGreaterThanOrEqual(50);
        });
      }),
    );
  });
});
