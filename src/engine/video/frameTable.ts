import type { DecodedFrameInfo, PacketInfo, TimeBase } from './ffmpegOutput';
import type { DecodedFrames, FilePackets } from './readFrames';

/** The frames of a file, before it is known how they can be reached. */
export interface FrameTable {
  timeBase: TimeBase;
  /** Strictly increasing. */
  pts: number[];
  /** Indices at which a keyframe stands. */
  keyframes: number[];
  /** Ticks before which a seek must aim to stay clear of each keyframe: the earlier of its dts and pts. */
  keyframeTicks: number[];
  /** False when the pts had to be made up or corrected: then frames can only be counted. */
  hasOwnTimes: boolean;
  /** Checksum of each decoded frame; null for a table made from packets. */
  checksums: readonly (string | undefined)[] | null;
}

/** Containers that store a time with every packet. Others guess some of them, so their frames are decoded once. */
const TIMED_CONTAINERS = /(^|,)(mov|mp4|matroska|webm)(,|$)/;

/** Codecs of which every packet of such a container is exactly one picture (fields aside, which are checked). */
const ONE_PICTURE_PER_PACKET = new Set(['h264', 'hevc', 'vp9', 'av1', 'prores', 'mjpeg', 'dnxhd', 'ffv1']);

/**
 * The frame table from packets alone, or null when decoding could deliver something else: another container or codec,
 * fields, a packet without a time, two with the same one, a damaged one, or first frames that disagree with `head`.
 */
export function tableFromPackets(file: FilePackets, head: DecodedFrames): FrameTable | null {
  const { description, timeBase } = head;
  if (!description || !timeBase || !file.isClean || !file.timeBase) return null;
  if (!TIMED_CONTAINERS.test(description.container) || !ONE_PICTURE_PER_PACKET.has(description.codec)) return null;
  if (file.timeBase.numerator !== timeBase.numerator || file.timeBase.denominator !== timeBase.denominator) return null;
  if (file.packets.some((packet) => packet.pts === null || packet.isCorrupt || packet.size === 0)) return null;
  if (head.frames.some((frame) => frame.interlaced)) return null;
  const shown = file.packets.filter((packet) => !packet.isDiscarded).sort((a, b) => (a.pts ?? 0) - (b.pts ?? 0));
  const pts = shown.map((packet) => packet.pts ?? 0);
  if (pts.some((value, index) => index > 0 && value <= (pts[index - 1] ?? 0))) return null;
  if (head.frames.length > pts.length || head.frames.some((frame, index) => frame.pts !== pts[index])) return null;
  const keyframes = shown.flatMap((packet, index) => (packet.isKey ? [index] : []));
  const keyframeTicks = ticksOfKeyframes(keyframes, pts, shown, timeBase);
  return { timeBase, pts, keyframes, keyframeTicks, hasOwnTimes: true, checksums: null };
}

/** Assumed distance of dts and pts of a keyframe that no packet is known for, s. */
const ASSUMED_REORDER_SECONDS = 0.25;

function ticksOfKeyframes(
  keyframes: readonly number[],
  pts: readonly number[],
  packets: readonly PacketInfo[],
  timeBase: TimeBase,
): number[] {
  const dtsOf = new Map(packets.map((packet) => [packet.pts, packet.dts]));
  const assumed = (ASSUMED_REORDER_SECONDS * timeBase.denominator) / timeBase.numerator;
  return keyframes.map((index) => {
    const shown = pts[index] ?? 0;
    return Math.min(shown, dtsOf.get(shown) ?? shown - assumed);
  });
}

/** A time that falls back further is where another recording was joined on, s; a shorter fall is disorder. */
const LONGEST_DISORDER_SECONDS = 0.5;

/**
 * Times that increase: one that does not comes a tick after the one before. Where a recording was joined on, all that
 * follows is moved, so that it begins one frame of the nominal rate later and keeps its own steps.
 */
function continued(times: readonly number[], timeBase: TimeBase, nominalRate: number): number[] {
  const second = timeBase.denominator / timeBase.numerator;
  const pts: number[] = [];
  let moved = 0;
  let latest = -Infinity;
  for (const time of times) {
    const last = pts[pts.length - 1] ?? -Infinity;
    if (time + LONGEST_DISORDER_SECONDS * second < latest) {
      moved = last + Math.max(1, Math.round(second / nominalRate)) - time;
      latest = time;
    }
    latest = Math.max(latest, time);
    pts.push(Math.max(time + moved, last + 1));
  }
  return pts;
}

/**
 * The frame table from a decoding run over the whole file. Where pts are missing or do not increase they are made up
 * (at `nominalRate`) or moved, and the frames can only be counted.
 */
export function tableFromFrames(
  frames: readonly DecodedFrameInfo[],
  timeBase: TimeBase,
  nominalRate: number,
  packets: readonly PacketInfo[],
): FrameTable {
  // A decoder also calls recovery points key; a container can only seek to what its packets are marked as.
  const marked = new Set(packets.flatMap((packet) => (packet.isKey && packet.pts !== null ? [packet.pts] : [])));
  const isStart = (frame: DecodedFrameInfo): boolean =>
    frame.isKey && (marked.size === 0 || (frame.pts !== null && marked.has(frame.pts)));
  const keyframes = frames.flatMap((frame, index) => (isStart(frame) ? [index] : []));
  const checksums = frames.map((frame) => frame.checksum);
  const own = frames.map((frame) => frame.pts);
  const increases = own.every(
    (value, index) => value !== null && (index === 0 || value > (own[index - 1] ?? Infinity)),
  );
  if (increases) {
    const pts = own.map((value) => value ?? 0);
    const keyframeTicks = ticksOfKeyframes(keyframes, pts, packets, timeBase);
    return { timeBase, pts, keyframes, keyframeTicks, hasOwnTimes: true, checksums };
  }
  const base = { keyframes: [], keyframeTicks: [], hasOwnTimes: false, checksums };
  if (own.some((value) => value === null)) {
    return {
      ...base,
      timeBase: { numerator: 1000, denominator: Math.round(nominalRate * 1000) },
      pts: frames.map((_, index) => index),
    };
  }
  const pts = continued(
    own.map((value) => value ?? 0),
    timeBase,
    nominalRate,
  );
  return { ...base, timeBase, pts };
}
