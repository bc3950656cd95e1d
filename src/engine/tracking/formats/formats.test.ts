import { strToU8, zipSync } from 'fflate';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '#core/errors';
import { interpolateBox } from '#core/tracks/box';
import { BOX_ORIGIN, type TrackerTrack } from '#core/tracks/track';
import { lossesOf } from './exchangeTracks';
import { findTrackFormat, trackFormats } from './registry';
import type { ExchangeClip, ExchangeTrack, TrackFormat } from './trackFormat';
import { boxesBetween } from './trackRows';

const FRAMES = 60;
const clip: ExchangeClip = {
  ...{ name: 'Clip ünd <so>.mp4', frameCount: FRAMES, width: 1920, height: 1080, rate: 30 },
  seconds: Float64Array.from({ length: FRAMES }, (_, frame) => frame / 30),
};

const cents = (min: number, max: number) => fc.integer({ min: min * 100, max: max * 100 }).map((value) => value / 100);
const anyBox = fc.record({ x: cents(-50, 1900), y: cents(-50, 1000), width: cents(1, 400), height: cents(1, 700) });
const anyName = fc.oneof(
  fc.constantFrom('Ämily 🤸', 'a "quoted" <b> & co', 'Person 9'),
  fc
    .string({ minLength: 1, maxLength: 12 })
    .filter((name) => name.trim() === name && /^[^\p{C}\uFFFE\uFFFF]+$/u.test(name)),
);

/** Runs of frames: stated boxes, straight stretches between two of them, and holes. */
const anyTrack: fc.Arbitrary<ExchangeTrack> = fc
  .tuple(
    anyName,
    fc.nat(20),
    fc.array(
      fc.record({
        box: anyBox,
        score: fc.integer({ min: 0, max: 100 }).map((value) => value / 100),
        kind: fc.constantFrom('next', 'next', 'straight', 'hole'),
        length: fc.integer({ min: 1, max: 6 }),
      }),
      { minLength: 1, maxLength: 9 },
    ),
  )
  .map(([name, start, steps]) => {
    const boxes: number[] = [];
    const scores: number[] = [];
    const origins: number[] = [];
    const push = (
      { x, y, width, height }: { x: number; y: number; width: number; height: number },
      score: number,
      origin: number,
    ) => {
      boxes.push(x, y, width, height);
      scores.push(score);
      origins.push(origin);
    };
    steps.forEach(({ box, score, kind, length }, index) => {
      push(box, score, BOX_ORIGIN.detected);
      const next = steps[index + 1];
      if (!next || kind === 'next' || origins.length + length + steps.length > FRAMES - 20) return;
      for (let step = 1; step <= length; step++) {
        if (kind === 'hole') push({ x: 0, y: 0, width: 0, height: 0 }, 0, BOX_ORIGIN.absent);
        else push(interpolateBox(box, next.box, step / (length + 1)), 0, BOX_ORIGIN.interpolated);
      }
    });
    const track: TrackerTrack = {
      ...{ id: '1', start, length: origins.length },
      ...{ boxes: Float64Array.from(boxes), scores: Float32Array.from(scores), origins: Uint8Array.from(origins) },
    };
    return { name, track };
  });
const anyTracks = fc
  .array(anyTrack, { minLength: 1, maxLength: 4 })
  .map((list) => list.map(({ name, track }, index) => ({ name, track: { ...track, id: String(index + 1) } })));

/** What a format can hold of a track. */
function held({ name, track }: ExchangeTrack, { holds }: TrackFormat): ExchangeTrack {
  const origins = holds.interpolation
    ? track.origins
    : track.origins.map((origin) => (origin === BOX_ORIGIN.absent ? origin : BOX_ORIGIN.detected));
  const scores = Float32Array.from(origins, (origin, row) => {
    if (origin !== BOX_ORIGIN.detected) return 0;
    return holds.scores ? (track.scores[row] ?? 0) : 1;
  });
  return { name: holds.names ? name : `Person ${track.id}`, track: { ...track, origins, scores } };
}

function sorted(tracks: readonly ExchangeTrack[]): ExchangeTrack[] {
  return [...tracks].sort((a, b) => Number(a.track.id.replace('m', '')) - Number(b.track.id.replace('m', '')));
}

const both = trackFormats.filter(({ read, write }) => read && write);

describe.each(both.map((format) => [format.title, format] as const))('%s', (_, format) => {
  it('gives back all that it can hold of any tracks', () => {
    fc.assert(
      fc.property(anyTracks, (tracks) => {
        const again = sorted(format.read?.(format.write?.(tracks, clip) ?? new Uint8Array(), clip) ?? []);
        expect(again.map(({ name }) => name)).toEqual(tracks.map((entry) => held(entry, format).name));
        tracks.forEach((entry, index) => {
          const [expected, found] = [held(entry, format).track, again[index]?.track];
          expect([found?.start, found?.length]).toEqual([expected.start, expected.length]);
          expect([...(found?.origins ?? [])]).toEqual([...expected.origins]);
          expected.scores.forEach((score, row) => expect(found?.scores[row]).toBeCloseTo(score, 4));
          expected.boxes.forEach((side, at) => expect(Math.abs((found?.boxes[at] ?? 0) - side)).toBeLessThan(0.0101));
        });
      }),
      { numRuns: 150 },
    );
  });

  it('is stable: what was read is written as the same file', () => {
    fc.assert(
      fc.property(anyTracks, (tracks) => {
        const once = sorted(format.read?.(format.write?.(tracks, clip) ?? new Uint8Array(), clip) ?? []);
        const twice = sorted(format.read?.(format.write?.(once, clip) ?? new Uint8Array(), clip) ?? []);
        expect(twice.map(({ name, track }) => [name, track.start, [...track.origins]])).toEqual(
          once.map(({ name, track }) => [name, track.start, [...track.origins]]),
        );
      }),
      { numRuns: 40 },
    );
  });

  it('answers any bytes with tracks or with one sentence', () => {
    const whole = format.write?.(fc.sample(anyTracks, { numRuns: 1, seed: 7 })[0] ?? [], clip) ?? new Uint8Array();
    const damaged = fc.tuple(fc.nat(whole.length), fc.uint8Array({ maxLength: 12 })).map(([at, bytes]) => {
      const copy = whole.slice();
      copy.set(bytes.subarray(0, copy.length - at), at);
      return copy;
    });
    const cut = fc.nat(whole.length).map((length) => whole.slice(0, length));
    fc.assert(
      fc.property(fc.oneof(damaged, cut, fc.uint8Array({ maxLength: 200 })), (bytes) => {
        try {
          for (const { track } of format.read?.(bytes, clip) ?? []) {
            expect(track.start + track.length).toBeLessThanOrEqual(FRAMES);
            expect(track.boxes.every(Number.isFinite)).toBe(true);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
          expect(error).toMatchObject({ code: 'INVALID_ARGUMENT' });
        }
      }),
      { numRuns: 200 },
    );
  });
});

function text(content: string): Uint8Array {
  return new TextEncoder().encode(content);
}

describe('files of other programs', () => {
  it('of CVAT: shapes only where something changes, and outside ends a stretch', () => {
    const shape = (frame: number, x: number, outside = 0) =>
      `<box frame="${frame}" keyframe="1" outside="${outside}" occluded="0" xtl="${x}" ytl="5" xbr="${x + 10}" ybr="25" z_order="0"></box>`;
    const xml = `<?xml version="1.0"?><annotations><track id="7" label="person">${shape(2, 0)}${shape(6, 40)}${shape(8, 60, 1)}${shape(12, 0)}</track></annotations>`;
    const [entry] = findTrackFormat('cvat').read?.(text(xml), clip) ?? [];
    expect(entry?.name).toBe('Person 7');
    expect([...(entry?.track.origins ?? [])]).toEqual([1, 2, 2, 2, 1, 2, 0, 0, 0, 0, 1]);
    expect([...(entry?.track.boxes.subarray(8, 12) ?? [])]).toEqual([20, 5, 10, 20]);
  });

  it('of CVAT: no entities of its own, no images', () => {
    const read = findTrackFormat('cvat').read;
    const bomb =
      '<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;">]><annotations><track id="1"><box><attribute name="name">&y;</attribute></box></track></annotations>';
    expect(() => read?.(text(bomb), clip)).toThrow(/CVAT XML file is wrong/);
    expect(() => read?.(text('<annotations><image id="0"/></annotations>'), clip)).toThrow(/expected CVAT for video/);
    expect(() => read?.(text('<annotations></annotations>'), clip)).toThrow(/no box/);
  });

  it('of YOLO without ids: the tracker says who is who', () => {
    const lines = (frame: number) => `0 ${0.2 + frame * 0.002} 0.5 0.1 0.4\n0 ${0.8 - frame * 0.002} 0.5 0.1 0.4\n`;
    const files = Array.from(
      { length: 30 },
      (_, frame) => [`labels/a_${frame + 1}.txt`, strToU8(lines(frame))] as const,
    );
    const tracks = findTrackFormat('yolo').read?.(zipSync(Object.fromEntries(files)), clip) ?? [];
    expect(tracks.length).toBe(2);
    expect(tracks.map(({ track }) => track.length)).toEqual([30, 30]);
  });

  it('say where they are wrong', () => {
    const yolo = findTrackFormat('yolo').read;
    expect(() => yolo?.(zipSync({ 'labels/a_99.txt': strToU8('0 0.5 0.5 0.1 0.1 1 1\n') }), clip)).toThrow(
      /Line 1 of labels\/a_99.txt is wrong: the frame is 98, but the video has 60 frames/,
    );
    const coco = findTrackFormat('coco-video').read;
    expect(() => coco?.(text('{"images":[{"id":1}],"annotations":[{"image_id":1,"bbox":[1,2,3]}]}'), clip)).toThrow(
      /COCO video file is wrong: at annotations\.0\.bbox/,
    );
    expect(() => findTrackFormat('xls')).toThrow(/known are: mot, cvat/);
  });
});

describe('what is lost', () => {
  it('is said in words, and only what is really lost', () => {
    const [entry] = fc.sample(anyTrack, { numRuns: 1, seed: 3 });
    if (!entry) throw new Error('a sample');
    const whole = {
      ...entry.track,
      origins: entry.track.origins.map(() => 1),
      scores: entry.track.scores.map(() => 1),
    };
    const losses = (name: string, track: TrackerTrack, id: string) => {
      const { holds, title } = findTrackFormat(id);
      return lossesOf([{ name, track }], holds, title);
    };
    expect(losses('Person 1', { ...whole, id: '1' }, 'mot')).toEqual([]);
    expect(losses('Emily', { ...whole, id: '1' }, 'mot')).toEqual([
      'MOTChallenge has no place for names: people keep their numbers only.',
    ]);
    expect(
      losses('Emily', { ...whole, origins: whole.origins.map((_, row) => (row === 1 ? 2 : 1)) }, 'yolo'),
    ).toHaveLength(2);
    expect(losses('Person 1', { ...whole, id: '1', scores: whole.scores.map(() => 0.5) }, 'cvat')).toHaveLength(1);
    expect(losses('Emily', whole, 'coco-video')).toEqual([]);
  });
});

it('boxes between two stated ones lie on the line', () => {
  const stated = (frame: number, x: number) => ({
    frame,
    box: { x, y: 0, width: 10, height: 10 },
    score: 1,
    isInterpolated: false,
  });
  expect(boxesBetween(stated(3, 0), stated(6, 30)).map(({ frame, box }) => [frame, box.x])).toEqual([
    [4, 10],
    [5, 20],
  ]);
});
