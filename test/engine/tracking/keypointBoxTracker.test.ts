import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BOX_ORIGIN, type Detection, type TrackerTrack, trackerBoxAt } from '#core/tracks/track';
import type { TrackerInput } from '#engine/tracking/tracker';
import { keypointBoxTracker } from '#engine/tracking/trackers/keypointBox/keypointBoxTracker';
import { filmScene, judge, randomOf, trueBox, type Walker } from './scene';

/** Walks along a straight line: from (x, y) px with a speed in px per s. */
function walker(x: number, y: number, speedX: number, height: number, rest: Partial<Walker> = {}): Walker {
  return { height, at: (seconds) => ({ x: x + speedX * seconds, y }), ...rest };
}

const track = (input: TrackerInput) => keypointBoxTracker.track(input);

describe('identities', () => {
  it('two people who cross keep theirs, at every speed of looking', () => {
    for (const every of [1, 3, 6]) {
      const people = [walker(200, 350, 150, 300), walker(1000, 380, -150, 310)];
      const input = filmScene(people, { frameCount: 160, rate: 30, every, seed: every });
      expect(judge(track(input), people, input)).toMatchObject({ people: 2, switches: 0, tracksOf: [1, 1] });
    }
  });

  it('they keep them without keypoints', () => {
    const people = [walker(200, 350, 150, 300), walker(1000, 380, -150, 310)];
    const input = filmScene(people, { frameCount: 160, rate: 30, every: 3, hasKeypoints: false });
    expect(judge(track(input), people, input)).toMatchObject({ people: 2, switches: 0, tracksOf: [1, 1] });
  });

  it('somebody hidden for 0.8 s behind a passer-by is the same person afterwards', () => {
    for (let seed = 1; seed <= 10; seed++) {
      const hidden = walker(250, 340, 120, 280, { isHidden: (seconds) => seconds > 2 && seconds < 2.8 });
      const people = [hidden, walker(940, 360, -150, 320)];
      const input = filmScene(people, { frameCount: 150, rate: 30, every: 3, jitter: 0.015, seed });
      const tracks = track(input);
      expect(judge(tracks, people, input)).toMatchObject({ people: 2, switches: 0, tracksOf: [1, 1] });
      const own = tracks.find((entry) => entry.start === 0 && (trackerBoxAt(entry, 0)?.x ?? 999) < 400);
      expect(own?.origins[72]).toBe(BOX_ORIGIN.interpolated);
      expect(own?.scores[72]).toBe(0);
    }
  });

  it('a third person standing in the back stays a third person', () => {
    const people = [walker(200, 400, 120, 400), walker(1000, 420, -120, 420), walker(600, 300, 0, 130)];
    const input = filmScene(people, { frameCount: 180, rate: 30, every: 3 });
    expect(judge(track(input), people, input)).toMatchObject({ people: 3, switches: 0, tracksOf: [1, 1, 1] });
  });

  it('a quarter of the detections may be missing', () => {
    const people = [0, 1, 2, 3].map((index) => walker(150 + 280 * index, 360, 8 * (index - 1.5), 240));
    for (let seed = 1; seed <= 10; seed++) {
      const input = filmScene(people, { frameCount: 240, rate: 30, every: 3, missed: 0.25, jitter: 0.02, seed });
      const result = judge(track(input), people, input);
      expect(result).toMatchObject({ people: 4, switches: 0, tracksOf: [1, 1, 1, 1] });
      for (const share of result.coverage) expect(share).toBeGreaterThan(0.95);
    }
  });

  it('a jump is followed: free fall after a run, seen five times a second', () => {
    const jumper: Walker = {
      height: 200,
      at: (seconds) => {
        const fall = Math.max(0, seconds - 1);
        return { x: 200 + 200 * seconds, y: Math.min(550, 250 - 250 * fall + (0.5 * 9.8 * 200 * fall ** 2) / 1.75) };
      },
    };
    const input = filmScene([jumper], { frameCount: 90, rate: 30, every: 6 });
    expect(judge(track(input), [jumper], input)).toMatchObject({ people: 1, switches: 0, tracksOf: [1] });
  });

  it('thirty people walking past one another are thirty people', () => {
    for (let seed = 1; seed <= 6; seed++) {
      const random = randomOf(seed);
      const people = Array.from({ length: 30 }, (_, index) => {
        const y = 180 + Math.floor(index / 6) * 170 + 60 * random();
        return walker(100 + ((index * 37) % 30) * 58, y, (random() - 0.5) * 160, 150 + 40 * random());
      });
      const input = filmScene(people, { frameCount: 200, rate: 30, every: 3, width: 1920, height: 1080, seed });
      const result = judge(track(input), people, input);
      expect(result.switches).toBe(0);
      expect(result.tracksOf).toEqual(people.map(() => 1));
    }
  });

  it('somebody who leaves over a side and comes back there is the same person, absent in between', () => {
    const guest: Walker = {
      height: 300,
      at: (seconds) => {
        const x = seconds < 3 ? 1000 + 100 * seconds : 1340 - 100 * (seconds - 5);
        return x < 1290 ? { x, y: 350 } : undefined;
      },
    };
    const input = filmScene([guest], { frameCount: 240, rate: 30, every: 3 });
    const tracks = track(input);
    expect(tracks).toHaveLength(1);
    expect(tracks[0]?.origins[115]).toBe(BOX_ORIGIN.absent);
    expect(judge(tracks, [guest], input)).toMatchObject({ people: 1, tracksOf: [1] });
  });

  it('somebody else who comes in far from there is another person', () => {
    const people: Walker[] = [
      { height: 300, at: (seconds) => (seconds < 2.8 ? { x: 1000 + 100 * seconds, y: 350 } : undefined) },
      { height: 300, at: (seconds) => (seconds > 4 ? { x: 100 * (seconds - 4), y: 350 } : undefined) },
    ];
    const input = filmScene(people, { frameCount: 240, rate: 30, every: 3 });
    expect(judge(track(input), people, input)).toMatchObject({ people: 2, switches: 0, tracksOf: [1, 1] });
  });

  it('uneven frame times are respected', () => {
    const people = [walker(200, 350, 150, 300), walker(1000, 380, -150, 310)];
    const even = filmScene(people, { frameCount: 160, rate: 30 });
    const keep = Array.from({ length: 160 }, (_, frame) => frame).filter((frame) => frame < 60 || frame % 5 === 0);
    const input: TrackerInput = {
      ...even,
      frameCount: keep.length,
      rate: 15,
      seconds: Float64Array.from(keep, (frame) => frame / 30),
      detections: keep.map((frame) => even.detections[frame]),
    };
    expect(judge(track(input), people, input)).toMatchObject({ people: 2, switches: 0, tracksOf: [1, 1] });
  });
});

describe('boxes', () => {
  it('are interpolated where nobody looked, on the line between their neighbours', () => {
    const people = [walker(200, 350, 150, 300)];
    const input = filmScene(people, { frameCount: 61, rate: 30, every: 3, jitter: 0 });
    const [only] = track(input);
    if (!only) throw new Error('nobody was found');
    expect([only.start, only.length]).toEqual([0, 61]);
    for (let frame = 0; frame < 61; frame++) {
      const isLook = frame % 3 === 0;
      expect(only.origins[frame]).toBe(isLook ? BOX_ORIGIN.detected : BOX_ORIGIN.interpolated);
      const box = trackerBoxAt(only, frame);
      const truth = trueBox(walker(200, 350, 150, 300), frame / 30);
      expect(Math.abs((box?.x ?? 0) + (box?.width ?? 0) / 2 - (truth?.x ?? 0) - (truth?.width ?? 0) / 2)).toBeLessThan(
        1,
      );
      expect(Math.abs((only.keypoints?.[frame * 51] ?? 0) - (truth?.x ?? 0) - 0.5 * 120)).toBeLessThan(1);
    }
  });

  it('are steadier than the detections and cover the person', () => {
    const still = walker(600, 350, 40, 300);
    const input = filmScene([still], { frameCount: 300, rate: 30, every: 3, jitter: 0.02 });
    const [only] = track(input);
    if (!only) throw new Error('nobody was found');
    const shake = (places: number[]) => {
      const bends = places.slice(2).map((value, index) => value - 2 * places[index + 1]! + places[index]!);
      return Math.sqrt(bends.reduce((sum, bend) => sum + bend ** 2, 0) / bends.length);
    };
    const looks = Array.from({ length: 100 }, (_, index) => index * 3);
    const raw = shake(looks.map((frame) => input.detections[frame]![0]!.box.x));
    const smooth = shake(looks.map((frame) => trackerBoxAt(only, frame)!.x));
    expect(smooth).toBeLessThan(0.5 * raw);
    for (let frame = 0; frame < 300; frame++) {
      const truth = trueBox(still, frame / 30)!;
      const box = trackerBoxAt(only, frame)!;
      const across = Math.min(box.x + box.width, truth.x + truth.width) - Math.max(box.x, truth.x);
      const along = Math.min(box.y + box.height, truth.y + truth.height) - Math.max(box.y, truth.y);
      expect((across * along) / (truth.width * truth.height)).toBeGreaterThan(0.9);
    }
  });

  it('reach the last frame when the last look is a little before it', () => {
    const input = filmScene([walker(400, 350, 10, 300)], { frameCount: 59, rate: 30, every: 6 });
    expect(track(input)[0]).toMatchObject({ start: 0, length: 59 });
  });
});

describe('folding', () => {
  it('keeps somebody seen briefly, and says so', () => {
    const passer: Walker = { height: 200, at: (seconds) => (seconds < 0.2 ? { x: 900, y: 300 } : undefined) };
    const input = filmScene([walker(300, 350, 10, 300), passer], { frameCount: 120, rate: 30 });
    expect(track(input).map((entry) => entry.foldedBecause)).toEqual([undefined, 'Seen on 6 frames only']);
  });

  it('does not fold the person of a clip of one frame', () => {
    const input = filmScene([walker(300, 350, 10, 300)], { frameCount: 1, rate: 30 });
    expect(track(input).map((entry) => entry.foldedBecause)).toEqual([undefined]);
  });

  it('folds a person seen twice and one that is doubtful throughout', () => {
    const input = filmScene([walker(300, 350, 10, 300)], { frameCount: 120, rate: 30, jitter: 0 });
    const doubled = input.detections.map((found) =>
      found?.flatMap((entry) => [
        entry,
        { ...entry, score: entry.score - 0.1, box: { ...entry.box, width: entry.box.width * 1.08 } },
        { box: { x: 1000, y: 500, width: 60, height: 120 }, score: 0.36 },
      ]),
    );
    expect(track({ ...input, detections: doubled }).map((entry) => entry.foldedBecause)).toEqual([
      undefined,
      'Overlaps another person',
      'Doubtful: detected with 36 % at best',
    ]);
  });
});

const anyNumber = fc.oneof(
  fc.double({ min: -200, max: 1500, noNaN: true }),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, 0),
);
const anyDetection: fc.Arbitrary<Detection> = fc
  .tuple(anyNumber, anyNumber, anyNumber, anyNumber, fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean())
  .map(([x, y, width, height, score, has]) => ({
    box: { x, y, width, height },
    score,
    ...(has ? { keypoints: Float32Array.from({ length: 51 }, (_, index) => (index % 3 === 2 ? 0.5 : x + index)) } : {}),
  }));
const anyInput: fc.Arbitrary<TrackerInput> = fc
  .array(fc.option(fc.array(anyDetection, { maxLength: 5 }), { nil: undefined }), { maxLength: 40 })
  .map((detections) => ({
    frameCount: detections.length,
    rate: 25,
    width: 1280,
    height: 720,
    seconds: Float64Array.from(detections, (_, frame) => frame / 25),
    detections,
  }));

function expectSound(tracks: readonly TrackerTrack[], input: TrackerInput): void {
  expect(new Set(tracks.map((entry) => entry.id)).size).toBe(tracks.length);
  let hasFolded = false;
  for (const entry of tracks) {
    hasFolded ||= entry.foldedBecause !== undefined;
    expect(entry.foldedBecause !== undefined).toBe(hasFolded);
    expect(entry.start).toBeGreaterThanOrEqual(0);
    expect(entry.start + entry.length).toBeLessThanOrEqual(input.frameCount);
    expect([entry.boxes.length, entry.scores.length, entry.origins.length]).toEqual(
      [4, 1, 1].map((numbers) => numbers * entry.length),
    );
    expect(entry.origins[0]).not.toBe(BOX_ORIGIN.absent);
    expect(entry.origins[entry.length - 1]).not.toBe(BOX_ORIGIN.absent);
    for (let row = 0; row < entry.length; row++) {
      const box = trackerBoxAt(entry, entry.start + row);
      if (!box) {
        expect([...entry.boxes.subarray(row * 4, row * 4 + 4)]).toEqual([0, 0, 0, 0]);
        continue;
      }
      expect([box.x, box.y, box.width, box.height].every(Number.isFinite)).toBe(true);
      expect(Math.min(box.width, box.height)).toBeGreaterThan(0);
      const isDetected = entry.origins[row] === BOX_ORIGIN.detected;
      if (isDetected) expect(input.detections[entry.start + row]?.length).toBeGreaterThan(0);
      else expect(entry.scores[row]).toBe(0);
    }
  }
}

describe('whatever the detector says', () => {
  it('tracks are sound: finite boxes in the clip, origins and scores that agree, ids of their own', () => {
    fc.assert(fc.property(anyInput, (input) => expectSound(track(input), input)));
  });

  it('the same detections give the same tracks, in whatever order within a frame', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const turned = input.detections.map((found) => found?.toReversed());
        expect(track({ ...input, detections: turned })).toEqual(track(input));
        expect(track(input)).toEqual(track(input));
      }),
    );
    const people = Array.from({ length: 8 }, (_, index) => walker(150 * index, 360, 90 * (index % 3) - 60, 240));
    const input = filmScene(people, { frameCount: 120, rate: 30, every: 3, missed: 0.1 });
    const turned = input.detections.map((found) => found?.toReversed());
    expect(track({ ...input, detections: turned })).toEqual(track(input));
  });

  it('earlier people keep their ids when more frames have been looked at', () => {
    const people = [walker(200, 350, 60, 300), walker(1000, 380, -60, 310)];
    const input = filmScene(people, { frameCount: 300, rate: 30, every: 3 });
    const early = { ...input, detections: input.detections.map((found, frame) => (frame < 150 ? found : undefined)) };
    const placeOf = (tracks: TrackerTrack[]) =>
      tracks.map((entry) => [entry.id, (trackerBoxAt(entry, 0)?.x ?? 0) < 500 ? 'left' : 'right']).sort();
    expect(placeOf(track(early))).toEqual(placeOf(track(input)));
  });
});
