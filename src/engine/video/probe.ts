import { open, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AppError } from '#core/errors';
import { isVariableRate } from '#core/frames/frameTimes';
import { explainFailure } from './ffmpegErrors';
import type { DecodedFrameInfo, InputDescription } from './ffmpegOutput';
import { cannotRead, fingerprintFile, hashTimes } from './fingerprint';
import { averageRateOf, durationOf } from './frameRate';
import { type FrameTable, tableFromFrames, tableFromPackets } from './frameTable';
import { probeImages } from './imageFolder';
import { LONGEST_SIDE, type MediaFacts, type ProbeOptions } from './mediaFacts';
import { describePicture } from './pictureFacts';
import { type DecodedFrames, type FilePackets, readFrames, readPackets, wholeFile } from './readFrames';
import { proveSeek } from './seekProof';

/** Frames decoded to learn the size and to check the first entries of the table. */
const HEAD_FRAMES = 32;
/** Up to so many decoded pixels the whole clip is decoded once instead of trusting its packets (about 0.3 s). */
const DECODE_BUDGET = 60 * 1920 * 1080;
/** Demuxers that read text or other files rather than one video. */
const NO_CONTAINERS = /^(tty|hls|concat|dash|lavfi|ass|srt|webvtt|sdp|rtsp|ffmetadata)\b/;

/**
 * Reads everything Retake needs to know about a video file or a folder of pictures. The pts table holds exactly the
 * frames that decoding delivers, in order of presentation; where packets cannot promise that, the file is decoded
 * once.
 *
 * @param path A path as the user gave it; a relative one is taken from the working directory.
 * @throws AppError `NOT_FOUND`, `FORBIDDEN`, `NOT_A_VIDEO` (no video stream, empty, text, no pictures in a folder),
 * `VIDEO_DAMAGED` (no frame can be read), `UNSUPPORTED` (codec, larger than 16384 px), `FFMPEG_MISSING`.
 */
export async function probeVideo(path: string, options: ProbeOptions, signal?: AbortSignal): Promise<MediaFacts> {
  checkVideoPath(path);
  const fullPath = resolve(path);
  const entry = await stat(fullPath).catch((cause: unknown) => {
    throw cannotRead(fullPath, cause);
  });
  if (entry.isDirectory()) return probeImages(fullPath, options, signal);
  if (!entry.isFile()) {
    throw new AppError('NOT_A_VIDEO', `${fullPath} is neither a file nor a folder.`, { hint: 'Choose a video file.' });
  }
  if (entry.size === 0) {
    throw new AppError('NOT_A_VIDEO', `${fullPath} is empty (0 bytes).`, { hint: 'Copy the file again.' });
  }
  return probeFile(fullPath, options, signal);
}

/**
 * Says what is wrong with a path that no disk holds, before it is taken for a relative one.
 * @throws AppError `NOT_FOUND` when it is empty or an address
 */
export function checkVideoPath(path: string): void {
  if (path === '')
    throw new AppError('NOT_FOUND', 'The path of the video is empty.', { hint: 'Give the path of a file.' });
  if (!/^[a-z][a-z\d+.-]+:\/\//i.test(path)) return;
  throw new AppError('NOT_FOUND', `${path} is an address, but Retake opens files on this computer.`, {
    hint: /^file:/i.test(path) ? 'Give the path without "file://".' : 'Download the video and open the file.',
  });
}

async function probeFile(path: string, options: ProbeOptions, signal?: AbortSignal): Promise<MediaFacts> {
  const { ffmpeg } = options;
  const [identity, head, packets] = await Promise.all([
    fingerprintFile(path),
    readFrames({ ffmpeg, input: wholeFile(path), limit: HEAD_FRAMES }, signal),
    readPackets(ffmpeg, path, signal),
  ]);
  const { description, first } = await checkHead(path, head);
  const fromPackets = isCheap(packets, first, options.decodeBudget ?? DECODE_BUDGET)
    ? null
    : tableFromPackets(packets, head);
  const table = fromPackets ?? (await decodeTable(path, head, packets, options, signal));
  const base = describe(path, description, first, table, identity);
  const draft = withTable(base, table, description, packets);
  if (draft.access !== 'seek') return draft;
  const proof = await proveSeek(draft, table, ffmpeg, signal);
  if (table.checksums !== null || proof.tail === null || endsAsPromised(draft, proof.tail)) return proof.media;
  // The end of the file is not what its packets promise: only decoding everything tells.
  const decoded = await decodeTable(path, head, packets, options, signal);
  const corrected = withTable(base, decoded, description, packets);
  return corrected.access === 'seek' ? (await proveSeek(corrected, decoded, ffmpeg, signal)).media : corrected;
}

function endsAsPromised(media: MediaFacts, tail: DecodedFrames): boolean {
  const expected = media.frameTimes.pts.slice(media.keyframes[media.keyframes.length - 1] ?? 0);
  return tail.frames.length === expected.length && tail.frames.every((frame, index) => frame.pts === expected[index]);
}

async function checkHead(
  path: string,
  head: DecodedFrames,
): Promise<{ description: InputDescription; first: DecodedFrameInfo }> {
  const { description } = head;
  const first = head.frames[0];
  if (description && NO_CONTAINERS.test(description.container)) {
    throw new AppError('NOT_A_VIDEO', `${path} is not a video that ffmpeg can read.`, {
      hint: 'Choose a video file (MP4, MOV, MKV, WebM, AVI) or a folder of numbered pictures.',
    });
  }
  if (!description || !first) {
    const failure = explainFailure(path, head.errorLines);
    // The MP4 reader also takes files by their name; without its first box the file was never an MP4.
    if (failure.code === 'VIDEO_DAMAGED' && !description && !(await startsAsMp4(path))) {
      throw explainFailure(path, ['Invalid data found when processing input']);
    }
    throw failure;
  }
  if (Math.max(first.width, first.height) > LONGEST_SIDE) {
    throw new AppError(
      'UNSUPPORTED',
      `${path} is ${first.width}x${first.height}; at most ${LONGEST_SIDE} px are possible.`,
      {
        hint: 'Scale the video down first.',
      },
    );
  }
  return { description, first };
}

async function startsAsMp4(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const head = Buffer.alloc(8);
    await file.read(head, 0, 8, 0);
    return /^(ftyp|moov|mdat|free|wide|skip|pnot)$/.test(head.toString('latin1', 4, 8));
  } finally {
    await file.close();
  }
}

function isCheap(packets: FilePackets, first: DecodedFrameInfo, budget: number): boolean {
  return packets.packets.length * first.width * first.height <= budget;
}

async function decodeTable(
  path: string,
  head: DecodedFrames,
  packets: FilePackets,
  options: ProbeOptions,
  signal?: AbortSignal,
): Promise<FrameTable> {
  const about = packets.packets.length;
  const decoded = await readFrames(
    {
      ffmpeg: options.ffmpeg,
      input: wholeFile(path),
      checksum: true,
      onCount: (count) => options.onProgress?.(count, Math.max(count, about)),
    },
    signal,
  );
  const timeBase = decoded.timeBase ?? head.timeBase;
  if (decoded.frames.length === 0 || !timeBase) throw explainFailure(path, decoded.errorLines);
  return tableFromFrames(decoded.frames, timeBase, head.description?.nominalRate ?? 30, packets.packets);
}

type FileBase = Omit<
  MediaFacts,
  | 'frameCount'
  | 'frameTimes'
  | 'keyframes'
  | 'keyframeTicks'
  | 'access'
  | 'seekMargin'
  | 'variableRate'
  | 'averageRate'
  | 'durationSeconds'
  | 'ptsHash'
  | 'warnings'
>;

function describe(
  path: string,
  description: InputDescription,
  first: DecodedFrameInfo,
  table: FrameTable,
  identity: Awaited<ReturnType<typeof fingerprintFile>>,
): FileBase {
  return {
    kind: 'file',
    path,
    images: [],
    container: description.container,
    codec: description.codec,
    ...describePicture(first, description.rotation),
    rateAssumed: !table.hasOwnTimes && description.nominalRate === undefined,
    sizeBytes: identity.fingerprint.size,
    modifiedAt: identity.modifiedAt,
    hasAudio: description.hasAudio,
    fingerprint: identity.fingerprint,
  };
}

function withTable(base: FileBase, table: FrameTable, description: InputDescription, packets: FilePackets): MediaFacts {
  const frameTimes = { timeBase: table.timeBase, pts: table.pts };
  const averageRate = averageRateOf(frameTimes);
  const frameCount = table.pts.length;
  return {
    ...base,
    frameCount,
    frameTimes,
    keyframes: table.keyframes,
    keyframeTicks: table.keyframeTicks,
    access: table.hasOwnTimes ? 'seek' : 'count',
    seekMargin: 0,
    variableRate: isVariableRate(frameTimes),
    averageRate,
    durationSeconds: durationOf(frameTimes, averageRate),
    ptsHash: hashTimes(frameTimes),
    warnings: findWarnings(base, frameCount, description, packets),
  };
}

function findWarnings(
  base: FileBase,
  frameCount: number,
  description: InputDescription,
  packets: FilePackets,
): string[] {
  const warnings: string[] = [];
  const isCutOff =
    packets.packets.some((packet) => packet.isCorrupt) ||
    packets.errorLines.some((line) => /partial file|truncat|Truncat|File ended prematurely|end of file/i.test(line));
  const expected = Math.round((description.durationSeconds ?? 0) * (description.nominalRate ?? 0));
  if (isCutOff && expected > frameCount) {
    warnings.push(`The file is cut off: ${frameCount} of about ${expected} frames can be read.`);
  } else if (isCutOff) {
    warnings.push(`The file is damaged or cut off: ${frameCount} frames can be read.`);
  } else if (packets.packets.filter((packet) => !packet.isDiscarded).length > frameCount + 2) {
    warnings.push(`The file is damaged in places: ${frameCount} frames can be read.`);
  }
  if (base.rateAssumed) warnings.push('The file has no frame rate; 30 frames per second are assumed.');
  return warnings;
}
