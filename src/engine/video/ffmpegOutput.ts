/** What ffmpeg prints about its input before it starts. */
export interface InputDescription {
  container: string;
  /** Container duration, s; undefined when the file does not say. */
  durationSeconds: number | undefined;
  hasAudio: boolean;
  codec: string;
  codedWidth: number;
  codedHeight: number;
  /** Nominal frames per second as printed; undefined when the stream has none. */
  nominalRate: number | undefined;
  /** Clockwise turn to upright, degrees. */
  rotation: 0 | 90 | 180 | 270;
}

/** One decoded frame as the `showinfo` filter reports it. */
export interface DecodedFrameInfo {
  /** In units of the stream's time base; null when the frame has none. */
  pts: number | null;
  isKey: boolean;
  interlaced: boolean;
  /** Size after the rotation that ffmpeg applies itself, px. */
  width: number;
  height: number;
  /** Sample aspect as `n/d`; 0/1 when unknown. */
  sampleAspect: { numerator: number; denominator: number };
  pixelFormat: string;
  /** Adler-32 of the decoded planes (hex), when showinfo was asked for it. */
  checksum: string | undefined;
}

/** One packet as the `framecrc` muxer reports it. */
export interface PacketInfo {
  pts: number | null;
  dts: number | null;
  isKey: boolean;
  /** Decoded but never shown (outside an edit list). */
  isDiscarded: boolean;
  /** Cut off or known to be damaged. */
  isCorrupt: boolean;
  size: number;
}

/** A time base, seconds per tick. */
export interface TimeBase {
  numerator: number;
  denominator: number;
}

const SHOWINFO_FRAME = /\] n:\s*\d+ pts:\s*(-?\d+|NOPTS) /;

/** Parses a line of `showinfo`; null for every other line. */
export function parseShowinfo(line: string): DecodedFrameInfo | null {
  const pts = SHOWINFO_FRAME.exec(line)?.[1];
  if (pts === undefined) return null;
  const size = / s:(\d+)x(\d+) /.exec(line);
  const aspect = / sar:(\d+)\/(\d+) /.exec(line);
  return {
    pts: pts === 'NOPTS' ? null : Number(pts),
    isKey: / iskey:1/.test(line),
    interlaced: / i:[TB] /.test(line),
    width: Number(size?.[1] ?? 0),
    height: Number(size?.[2] ?? 0),
    sampleAspect: { numerator: Number(aspect?.[1] ?? 0), denominator: Number(aspect?.[2] ?? 1) },
    pixelFormat: / fmt:(\S+) /.exec(line)?.[1] ?? 'unknown',
    checksum: / checksum:([0-9A-F]+)/.exec(line)?.[1],
  };
}

/** The time base that `showinfo` reports when it is configured; null for every other line. */
export function parseShowinfoTimeBase(line: string): TimeBase | null {
  const match = /config in time_base: (\d+)\/(\d+)/.exec(line);
  return match ? { numerator: Number(match[1]), denominator: Number(match[2]) } : null;
}

/** Parses a packet line of the `framecrc` muxer: `stream, dts, pts, duration, size, crc[, F=flags][, S=…]`. */
export function parsePacket(line: string): PacketInfo | null {
  if (line.startsWith('#')) return null;
  const fields = line.split(',').map((field) => field.trim());
  if (fields.length < 6) return null;
  const flagText = fields.find((field) => field.startsWith('F='));
  // framecrc leaves the flags out when they are exactly "keyframe".
  const flags = flagText === undefined ? 1 : Number.parseInt(flagText.slice(2), 16);
  return {
    pts: parseTicks(fields[2]),
    dts: parseTicks(fields[1]),
    isKey: (flags & 1) !== 0,
    isCorrupt: (flags & 2) !== 0,
    isDiscarded: (flags & 4) !== 0,
    size: Number(fields[4]),
  };
}

/** The time base line of the `framecrc` muxer (`#tb 0: 1/15360`); null for every other line. */
export function parsePacketTimeBase(line: string): TimeBase | null {
  const match = /^#tb 0: (\d+)\/(\d+)/.exec(line);
  return match ? { numerator: Number(match[1]), denominator: Number(match[2]) } : null;
}

/**
 * Reads ffmpeg's description of the first input and of the video stream that is mapped to the first output.
 * Null when there is no such stream.
 */
export function parseInput(lines: readonly string[]): InputDescription | null {
  const container = firstMatch(lines, /^Input #0, (.+?), from '/)?.[1];
  const mapped = firstMatch(lines, /^ {2}Stream #0:(\d+) -> #0:0 /)?.[1];
  if (container === undefined || mapped === undefined) return null;
  const outputAt = lines.findIndex((line) => line.startsWith('Output #0'));
  const input = outputAt < 0 ? lines : lines.slice(0, outputAt);
  const streamAt = input.findIndex((line) => new RegExp(`^ {2,4}Stream #0:${mapped}(?=[[(:]).*: Video: `).test(line));
  const stream = input[streamAt];
  if (stream === undefined) return null;
  const next = input.findIndex((line, index) => index > streamAt && /^ {2,4}Stream /.test(line));
  const sideData = input.slice(streamAt + 1, next < 0 ? undefined : next);
  const size = /, (\d{1,6})x(\d{1,6})(?=[ ,]|$)/.exec(stream);
  return {
    container,
    durationSeconds: parseDuration(firstMatch(input, /^ {2}Duration: (\S+),/)?.[1]),
    hasAudio: input.some((line) => /^ {2,4}Stream #0:\d+.*: Audio: /.test(line)),
    codec: /: Video: (\w+)/.exec(stream)?.[1] ?? 'unknown',
    codedWidth: Number(size?.[1] ?? 0),
    codedHeight: Number(size?.[2] ?? 0),
    nominalRate: parseRate(/, ([\d.]+)(k?) (?:fps|tbr)/.exec(stream)),
    rotation: parseRotation(sideData),
  };
}

/** Bits per sample of one of ffmpeg's pixel formats, by its name. */
export function bitDepthOf(pixelFormat: string): number {
  if (/^(rgb|bgr)48|^(rgba|bgra|ayuv)64|16(le|be)$/.test(pixelFormat)) return 16;
  const depth = /(?:p|gray|p0|x2rgb|x2bgr|xyz|y2)(9|10|12|14)(?:le|be|msble)?$/.exec(pixelFormat)?.[1];
  return depth === undefined ? 8 : Number(depth);
}

function parseTicks(text: string | undefined): number | null {
  const ticks = Number(text);
  // "No time" is printed as the lowest 64-bit integer.
  return Number.isSafeInteger(ticks) ? ticks : null;
}

function firstMatch(lines: readonly string[], pattern: RegExp): RegExpExecArray | null {
  for (const line of lines) {
    const match = pattern.exec(line);
    if (match) return match;
  }
  return null;
}

function parseDuration(text: string | undefined): number | undefined {
  const match = /^(\d+):(\d\d):(\d\d(?:\.\d+)?)$/.exec(text ?? '');
  return match ? Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3]) : undefined;
}

function parseRate(match: RegExpExecArray | null): number | undefined {
  if (!match) return undefined;
  return Number(match[1]) * (match[2] === 'k' ? 1000 : 1);
}

function parseRotation(sideData: readonly string[]): 0 | 90 | 180 | 270 {
  const text = firstMatch(sideData, /displaymatrix: rotation of (-?[\d.]+) degrees/)?.[1];
  // ffmpeg prints the counter-clockwise angle of the matrix; upright is the opposite turn.
  const turn = (((Math.round(-Number(text ?? 0) / 90) * 90) % 360) + 360) % 360;
  return turn === 90 || turn === 180 || turn === 270 ? turn : 0;
}
