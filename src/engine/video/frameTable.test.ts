import { expect, it } from 'vitest';
import type { DecodedFrameInfo, PacketInfo } from './ffmpegOutput';
import { tableFromFrames, tableFromPackets } from './frameTable';
import type { DecodedFrames, FilePackets } from './readFrames';

const timeBase = { numerator: 1, denominator: 30 };

const frame = (pts: number | null, more: Partial<DecodedFrameInfo> = {}): DecodedFrameInfo => ({
  ...{ pts, isKey: false, interlaced: false, width: 64, height: 48, pixelFormat: 'yuv420p', checksum: undefined },
  sampleAspect: { numerator: 1, denominator: 1 },
  ...more,
});

const packet = (pts: number | null, more: Partial<PacketInfo> = {}): PacketInfo => ({
  ...{ pts, dts: pts, isKey: false, isDiscarded: false, isCorrupt: false, size: 100 },
  ...more,
});

const head = (frames: DecodedFrameInfo[], container = 'mov,mp4', codec = 'h264'): DecodedFrames => ({
  ...{ timeBase, frames, isClean: true, errorLines: [] },
  description: {
    ...{ container, codec, durationSeconds: 1, hasAudio: false, codedWidth: 64, codedHeight: 48, nominalRate: 30 },
    rotation: 0,
  },
});

const file = (packets: PacketInfo[]): FilePackets => ({ timeBase, packets, isClean: true, errorLines: [] });

const good = [packet(0, { isKey: true }), packet(3), packet(1), packet(2), packet(4, { isKey: true, dts: 2 })];

it('puts packets in the order of presentation and leaves out what an edit list hides', () => {
  const hidden = packet(-2, { isDiscarded: true, isKey: true });
  const table = tableFromPackets(file([hidden, ...good]), head([frame(0), frame(1)]));
  expect(table).toMatchObject({ pts: [0, 1, 2, 3, 4], keyframes: [0, 4], keyframeTicks: [0, 2], hasOwnTimes: true });
});

it('does not trust packets that decoding could contradict', () => {
  const table = (packets: PacketInfo[], seen = head([frame(0), frame(1)])) => tableFromPackets(file(packets), seen);
  expect(table(good)).not.toBeNull();
  expect(table([...good, packet(2)])).toBeNull();
  expect(table([...good, packet(null)])).toBeNull();
  expect(table([...good, packet(7, { isCorrupt: true })])).toBeNull();
  expect(table([...good, packet(7, { size: 0 })])).toBeNull();
  expect(table(good, head([frame(1), frame(2)]))).toBeNull();
  expect(table(good, head([frame(0, { interlaced: true })]))).toBeNull();
  expect(table(good, head([frame(0)], 'avi'))).toBeNull();
  expect(table(good, head([frame(0)], 'matroska,webm', 'vp8'))).toBeNull();
  expect(tableFromPackets({ ...file(good), isClean: false }, head([frame(0)]))).toBeNull();
});

it('takes the pts of decoded frames, and only keyframes that the container marks', () => {
  const frames = [frame(-3, { isKey: true }), frame(0), frame(5, { isKey: true })];
  expect(tableFromFrames(frames, timeBase, 30, [])).toMatchObject({
    pts: [-3, 0, 5],
    keyframes: [0, 2],
    hasOwnTimes: true,
  });
  const marked = [packet(-3, { isKey: true }), packet(0), packet(5)];
  expect(tableFromFrames(frames, timeBase, 30, marked).keyframes).toEqual([0]);
});

it('moves repeated pts by a tick and makes up missing ones; then frames are counted', () => {
  const repeated = tableFromFrames([frame(0), frame(4), frame(4), frame(3), frame(9)], timeBase, 30, []);
  expect(repeated).toMatchObject({ pts: [0, 4, 5, 6, 9], keyframes: [], hasOwnTimes: false });
  const missing = tableFromFrames([frame(0), frame(null), frame(4)], timeBase, 12.5, []);
  expect(missing).toMatchObject({
    pts: [0, 1, 2],
    timeBase: { numerator: 1000, denominator: 12_500 },
    hasOwnTimes: false,
  });
});

it('goes on where another recording was joined on whose times begin anew', () => {
  const recording = Array.from({ length: 20 }, (_, index) => 600 + index * 2);
  const joined = tableFromFrames(
    [...recording, ...recording, 641].map((pts) => frame(pts)),
    timeBase,
    15,
    [],
  );
  const pts = Array.from({ length: 40 }, (_, index) => 600 + index * 2);
  expect(joined).toMatchObject({ pts: [...pts, 681], hasOwnTimes: false });
});
