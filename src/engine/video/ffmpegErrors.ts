import { AppError } from '#core/errors';

/** What a line of ffmpeg's standard error means for the person, most telling first. */
const MEANINGS: readonly { pattern: RegExp; error: (path: string) => AppError }[] = [
  {
    pattern: /moov atom not found/,
    error: (path) =>
      new AppError('VIDEO_DAMAGED', `${path} is cut off: its index is missing, so no frame can be read.`, {
        hint: 'Copy the file again from where it was recorded.',
      }),
  },
  {
    pattern: /matches no streams|does not contain any stream/,
    error: (path) =>
      new AppError('NOT_A_VIDEO', `${path} has no video stream.`, { hint: 'Choose a file that contains pictures.' }),
  },
  {
    pattern: /Decoder \(codec \S+\) not found|Decoding requested, but no decoder|Unknown decoder/,
    error: (path) =>
      new AppError('UNSUPPORTED', `${path} is in a codec that this ffmpeg cannot decode.`, {
        hint: 'Convert the video to H.264, or install a complete ffmpeg.',
      }),
  },
  {
    pattern: /Invalid data found when processing input|Unknown input format|could not find codec parameters/i,
    error: (path) =>
      new AppError('NOT_A_VIDEO', `${path} is not a video that ffmpeg can read.`, {
        hint: 'Choose a video file (MP4, MOV, MKV, WebM, AVI) or a folder of numbered pictures.',
      }),
  },
  {
    pattern: /No space left on device/,
    error: () => new AppError('DISK_FULL', 'The disk is full.', { hint: 'Free some space and try again.' }),
  },
  {
    pattern: /Cannot allocate memory/,
    error: (path) =>
      new AppError('UNSUPPORTED', `${path} needs more memory than there is.`, {
        hint: 'Close other programs or scale the video down.',
      }),
  },
];

/** Turns a failed ffmpeg run into one sentence. The last lines of its output go into `details`. */
export function explainFailure(path: string, errorLines: readonly string[]): AppError {
  const found = MEANINGS.find(({ pattern }) => errorLines.some((line) => pattern.test(line)));
  const base =
    found?.error(path) ??
    new AppError('VIDEO_DAMAGED', `${path} could not be decoded.`, {
      hint: 'Play it in another program; if that fails too, the file is damaged.',
    });
  const hint = base.hint === undefined ? {} : { hint: base.hint };
  return new AppError(base.code, base.message, { ...hint, details: { ffmpeg: errorLines.slice(-12) } });
}
