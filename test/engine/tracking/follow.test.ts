import { describe, expect, it } from 'vitest';
import { type Box, intersectionOverUnion } from '#core/tracks/box';
import { straightBetweenLooks } from '#engine/tracking/follow/betweenLooks';
import { Follower } from '#engine/tracking/follow/follower';
import type { GrayFrame } from '#engine/tracking/follow/grayFrame';
import { Presence } from '#engine/tracking/follow/presence';

const [WIDTH, HEIGHT] = [320, 180];

/** A patterned person at `box` before a patterned wall; `light` changes as lamps do. */
function picture(frameIndex: number, box: Box | undefined, light = 1): GrayFrame {
  const pixels = new Uint8Array(WIDTH * HEIGHT);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      let value = 90 + 30 * Math.sin(x / 17) * Math.cos(y / 11);
      if (box && x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height) {
        const [u, v] = [(x - box.x) / box.width, (y - box.y) / box.height];
        value = 128 + 100 * Math.sin(9 * u + 2) * Math.cos(13 * v);
      }
      pixels[y * WIDTH + x] = Math.max(0, Math.min(255, value * light));
    }
  }
  return { frameIndex, width: WIDTH, height: HEIGHT, scale: 0.5, pixels };
}

/** px of the picture to px of the video, which is twice as large. */
const inVideo = ({ x, y, width, height }: Box): Box => ({ x: 2 * x, y: 2 * y, width: 2 * width, height: 2 * height });

function place(frame: number): Box {
  const size = 1 + frame * 0.006;
  return { x: 40 + 3 * frame, y: 40 + 8 * Math.sin(frame / 6), width: 30 * size, height: 80 * size };
}

describe('following a person', () => {
  it('keeps to what the box shows, as it moves, grows and gets darker', () => {
    const follower = new Follower(picture(0, place(0)), inVideo(place(0)), undefined, 30);
    for (let frame = 1; frame < 50; frame++) {
      const found = follower.next(picture(frame, place(frame), 1 - frame * 0.008));
      expect(intersectionOverUnion(found?.box ?? inVideo(place(-40)), inVideo(place(frame)))).toBeGreaterThan(0.75);
    }
  });

  it('says that the person is lost instead of following the wall', () => {
    const follower = new Follower(picture(0, place(0)), inVideo(place(0)), undefined, 30);
    for (let frame = 1; frame < 10; frame++) expect(follower.next(picture(frame, place(frame)))).toBeDefined();
    expect(follower.next(picture(10, undefined))).toBeUndefined();
  });

  it('takes a detection where there is one, in the way the human drew around it', () => {
    const drawn = inVideo(place(0));
    const detection = (frame: number) => {
      const box = inVideo(place(frame));
      return { box: { ...box, height: box.height * 0.8 }, score: 0.9 };
    };
    const follower = new Follower(picture(0, place(0)), drawn, [detection(0)], 30);
    for (let frame = 1; frame < 40; frame++) {
      const found = follower.next(picture(frame, place(frame)), [detection(frame)]);
      expect(intersectionOverUnion(found?.box ?? drawn, inVideo(place(frame)))).toBeGreaterThan(0.999);
    }
  });

  it('takes a detection that looks unlike when nobody else is near: a person turned round', () => {
    const start = place(0);
    const seen = { box: { ...inVideo(start), x: inVideo(start).x + 6 }, score: 0.9 };
    const turned = (frame: number) => {
      const { pixels, ...rest } = picture(frame, start);
      return { ...rest, pixels: pixels.map((value) => 255 - value) };
    };
    const follower = (detections: (typeof seen)[]) =>
      new Follower(picture(0, start), inVideo(start), [], 30).next(turned(1), detections);
    expect(follower([seen])?.box).toEqual(seen.box);
    const near = { box: { ...seen.box, x: seen.box.x - 36 }, score: 0.9 };
    expect(follower([seen, near])?.box).not.toEqual(seen.box);
  });

  it('does not go over to somebody else who is detected where the person is expected', () => {
    const follower = new Follower(picture(0, place(0)), inVideo(place(0)), undefined, 30);
    const other = { ...inVideo(place(0)), x: inVideo(place(0)).x + 20 };
    const found = follower.next(picture(1, place(1)), [{ box: other, score: 0.9 }]);
    expect(intersectionOverUnion(found?.box ?? other, inVideo(place(1)))).toBeGreaterThan(0.8);
  });

  it('gives back the boxes since the detector stopped seeing the person, though the picture still has them', () => {
    const detection = (frame: number) => ({ box: inVideo(place(frame)), score: 0.9 });
    const follower = new Follower(picture(0, place(0)), inVideo(place(0)), [detection(0)], 30);
    let frame = 1;
    for (; follower.next(picture(frame, place(frame)), frame % 3 ? undefined : frame < 18 ? [detection(frame)] : []); )
      frame += 1;
    expect(follower.lostBecause).toBe('unseen');
    expect(frame).toBe(45);
    expect(follower.sure).toBe(17);
  });

  it('goes by the picture alone where the detector never saw the person', () => {
    const follower = new Follower(picture(0, place(0)), inVideo(place(0)), [], 30);
    for (let frame = 1; frame < 50; frame++) expect(follower.next(picture(frame, place(frame)), [])).toBeDefined();
    expect(follower.sure).toBe(49);
  });
});

describe('presence', () => {
  const isGone = (presence: Presence, frame: number, box: Box, person: Box | undefined) =>
    presence.next(picture(frame, person), inVideo(box), undefined);

  it('notices a box that shows the wall as it was before the person came', () => {
    const presence = new Presence(picture(0, place(0)), inVideo(place(0)), false, 30);
    for (let frame = 1; frame < 40; frame++)
      expect(isGone(presence, frame, place(frame), place(frame))).toBeUndefined();
    expect(presence.sureBoxes).toBe(39);
    let frame = 40;
    while (!isGone(presence, frame, place(39), undefined)) frame += 1;
    expect(frame).toBe(48);
    expect(presence.sureBoxes).toBe(39);
  });

  it('forgives a moment behind something', () => {
    const presence = new Presence(picture(0, place(0)), inVideo(place(0)), false, 30);
    for (let frame = 1; frame < 50; frame++) {
      const isHidden = frame >= 40 && frame < 46;
      expect(isGone(presence, frame, place(frame), isHidden ? undefined : place(frame))).toBeUndefined();
    }
    expect(presence.sureBoxes).toBe(49);
  });
});

describe('boxes between two looks of the detector', () => {
  const box = (x: number, width = 10) => ({ x, y: 0, width, height: 20 });
  const step = (frame: number, x: number, isDetected = false) => ({ frame, box: box(x), isDetected });

  it('run straight from one to the next, forwards and backwards, and stay as they are behind the last', () => {
    const steps = [step(1, 3), step(2, 3), step(3, 30, true), step(4, 31), step(5, 33), step(6, 60, true), step(7, 61)];
    const xOf = (boxes: { box: { x: number } }[]) => boxes.map((entry) => entry.box.x);
    expect(xOf(straightBetweenLooks({ frame: 0, box: box(0) }, steps, 4))).toEqual([10, 20, 30, 40, 50, 60, 61]);
    const back = steps.map((entry) => ({ ...entry, frame: 20 - entry.frame }));
    expect(xOf(straightBetweenLooks({ frame: 20, box: box(0) }, back, 4))).toEqual([10, 20, 30, 40, 50, 60, 61]);
  });

  it('stay as the picture had them where the detector did not see the person for long', () => {
    const steps = [step(1, 3), step(2, 3), step(3, 30, true)];
    expect(straightBetweenLooks({ frame: 0, box: box(0) }, steps, 2).map((entry) => entry.box.x)).toEqual([3, 3, 30]);
  });
});
