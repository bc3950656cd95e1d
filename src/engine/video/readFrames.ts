import { runLines } from './childProcesses';
import {
  type DecodedFrameInfo,
  type InputDescription,
  type PacketInfo,
  parseInput,
  parsePacket,
  parsePacketTimeBase,
  parseShowinfo,
  parseShowinfoTimeBase,
  type TimeBase,
} from './ffmpegOutput';
import type { FfmpegTool } from './findFfmpeg';
import { fileInput, OPENING_ARGS } from './mediaInput';

/** What one decoding run over a file has shown. */
export interface DecodedFrames {
  description: InputDescription | null;
  timeBase: TimeBase | null;
  /** In the order of delivery. */
  frames: DecodedFrameInfo[];
  /** False when ffmpeg ended with an error. */
  isClean: boolean;
  errorLines: readonly string[];
}

/** What the packets of a file say, without decoding. */
export interface FilePackets {
  timeBase: TimeBase | null;
  /** In the order of decoding. */
  packets: PacketInfo[];
  isClean: boolean;
  errorLines: readonly string[];
}

/** Which frames {@link readFrames} decodes. */
export interface ReadFramesOptions {
  ffmpeg: FfmpegTool;
  /** Arguments up to and including `-i`'s; {@link wholeFile} makes the usual ones. */
  input: readonly string[];
  /** Text for standard input, and the folder of the names in it. */
  script?: { input: string; folder: string };
  /** Filter before the frames are reported; ends with the last wanted frame. */
  trim?: string;
  /** At most so many frames. */
  limit?: number;
  /** True: each frame carries a checksum of its decoded planes. */
  checksum?: boolean;
  /** Told the number of frames so far, about every 100 frames. */
  onCount?: (count: number) => void;
}

/**
 * A few pixels of every frame go to standard output, where nobody looks at them: an ffmpeg whose parent was killed
 * finds the pipe closed and ends, which it does not do when it only reports.
 */
const CORNER = 'crop=min(iw\\,2):min(ih\\,2):0:0';

/** Input arguments that open a file at its start. */
export function wholeFile(path: string): string[] {
  return [...OPENING_ARGS, ...fileInput(path)];
}

/** Decodes frames and reports each one, without its picture. Reports what it saw even when ffmpeg fails. */
export async function readFrames(options: ReadFramesOptions, signal?: AbortSignal): Promise<DecodedFrames> {
  const { ffmpeg, limit, trim } = options;
  const frames: DecodedFrameInfo[] = [];
  const header: string[] = [];
  let timeBase: TimeBase | null = null;
  const onErrorLine = (line: string): void => {
    const frame = parseShowinfo(line);
    if (frame) {
      frames.push(frame);
      if (frames.length % 100 === 0) options.onCount?.(frames.length);
    } else {
      timeBase ??= parseShowinfoTimeBase(line);
      if (header.length < 400) header.push(line);
    }
  };
  const filters = `${trim === undefined ? '' : `${trim},`}showinfo=checksum=${options.checksum === true ? 1 : 0},${CORNER}`;
  const { code, errorLines } = await runLines(
    {
      path: ffmpeg.path,
      args: [
        ...options.input,
        ...['-map', '0:V:0', ...ffmpeg.passthrough, '-vf', filters],
        ...(limit === undefined ? [] : ['-frames:v', String(limit)]),
        ...['-f', 'rawvideo', 'pipe:1'],
      ],
      ...options.script,
      onErrorLine,
    },
    signal,
  );
  return { description: parseInput(header), timeBase, frames, isClean: code === 0, errorLines };
}

/** Reads all packets of the first video stream; nothing is decoded. */
export async function readPackets(ffmpeg: FfmpegTool, path: string, signal?: AbortSignal): Promise<FilePackets> {
  const packets: PacketInfo[] = [];
  let timeBase: TimeBase | null = null;
  const { code, errorLines } = await runLines(
    {
      path: ffmpeg.path,
      args: [...wholeFile(path), '-map', '0:V:0', '-c', 'copy', '-copyinkf', '-f', 'framecrc', 'pipe:1'],
      onLine: (line) => {
        timeBase ??= parsePacketTimeBase(line);
        const packet = parsePacket(line);
        if (packet) packets.push(packet);
      },
    },
    signal,
  );
  return { timeBase, packets, isClean: code === 0, errorLines };
}
