import { AppError } from '#core/errors';
import { explainFailure } from './ffmpegErrors';
import { fingerprintImages, hashTimes, listImages } from './fingerprint';
import { durationOf, rateOf } from './frameRate';
import { LONGEST_SIDE, type MediaFacts, type ProbeOptions } from './mediaFacts';
import { openAt } from './mediaInput';
import { describePicture, type PictureFacts } from './pictureFacts';
import { lookAtPictures } from './pictureKinds';
import { readFrames } from './readFrames';

/** Frames per second of a folder of pictures when nobody says otherwise. */
const ASSUMED_RATE = 30;

/**
 * Takes a folder of JPEG or PNG pictures as a video: one picture is one frame, in numeric order of their names, all of
 * the size of the first.
 *
 * @throws AppError `NOT_A_VIDEO` for a folder without pictures, `INVALID_ARGUMENT` for a rate outside (0, 1000].
 */
export async function probeImages(folder: string, options: ProbeOptions, signal?: AbortSignal): Promise<MediaFacts> {
  const framesPerSecond = options.imageRate ?? ASSUMED_RATE;
  if (!(framesPerSecond > 0 && framesPerSecond <= 1000)) {
    throw new AppError('INVALID_ARGUMENT', `The frame rate must be above 0 and at most 1000, not ${framesPerSecond}.`);
  }
  const images = await listImages(folder);
  const name = images[0];
  if (name === undefined) {
    throw new AppError('NOT_A_VIDEO', `${folder} contains no pictures (JPEG or PNG).`, {
      hint: 'Choose a video file, or a folder of numbered pictures.',
    });
  }
  checkNames(folder, images);
  const { fingerprint, modifiedAt, empty } = await fingerprintImages(folder, images);
  const { codec, strange } = await lookAtPictures(folder, images, empty);
  const averageRate = rateOf(framesPerSecond);
  const frameTimes = {
    timeBase: { numerator: averageRate.denominator, denominator: averageRate.numerator },
    pts: images.map((_, index) => index),
  };
  const draft: MediaFacts = {
    ...emptyPicture(),
    kind: 'imageFolder',
    path: folder,
    images,
    container: 'images',
    codec,
    frameCount: images.length,
    frameTimes,
    keyframes: images.map((_, index) => index),
    keyframeTicks: frameTimes.pts,
    access: 'list',
    seekMargin: 0,
    variableRate: false,
    averageRate,
    rateAssumed: options.imageRate === undefined,
    durationSeconds: durationOf(frameTimes, averageRate),
    sizeBytes: fingerprint.size,
    modifiedAt,
    hasAudio: false,
    fingerprint,
    ptsHash: hashTimes(frameTimes),
    warnings: [...rateWarning(options), ...emptyWarning(empty), ...strangeWarning(strange)],
  };
  return { ...draft, ...(await measurePicture(draft, options, signal)) };
}

/** Refuses a name that ffmpeg would read as something else without a word. */
function checkNames(folder: string, images: readonly string[]): void {
  const pattern = images.find((name) => /%\d*d/.test(name));
  if (pattern === undefined) return;
  throw new AppError('UNSUPPORTED', `The picture "${pattern}" in ${folder} is named as a pattern of numbers.`, {
    hint: 'Take the per cent sign out of its name.',
  });
}

function rateWarning(options: ProbeOptions): string[] {
  if (options.imageRate !== undefined) return [];
  return [`A folder of pictures has no frame rate; ${ASSUMED_RATE} frames per second are assumed.`];
}

function emptyWarning(empty: readonly string[]): string[] {
  if (empty.length === 0) return [];
  const which = empty.length === 1 ? `The picture ${empty[0]} is` : `${empty.length} pictures (first ${empty[0]}) are`;
  return [`${which} empty; the one before is shown instead.`];
}

function strangeWarning(strange: readonly string[]): string[] {
  if (strange.length === 0) return [];
  const which =
    strange.length === 1 ? `The picture ${strange[0]} is` : `${strange.length} pictures (first ${strange[0]}) are`;
  return [`${which} damaged; the one before is shown instead.`];
}

function emptyPicture(): PictureFacts {
  const size = { codedWidth: 0, codedHeight: 0, width: 0, height: 0 };
  return { ...size, pixelFormat: 'unknown', bitDepth: 8, rotation: 0, sampleAspect: 1 };
}

async function measurePicture(draft: MediaFacts, options: ProbeOptions, signal?: AbortSignal): Promise<PictureFacts> {
  const { args, script } = openAt(draft, { from: 0, to: 1 });
  const seen = await readFrames(
    { ffmpeg: options.ffmpeg, input: args, limit: 1, ...(script === undefined ? {} : { script }) },
    signal,
  );
  const first = seen.frames[0];
  if (!first) throw explainFailure(draft.path, seen.errorLines);
  if (Math.max(first.width, first.height) > LONGEST_SIDE) {
    throw new AppError(
      'UNSUPPORTED',
      `Pictures of ${first.width}x${first.height} are too large; at most ${LONGEST_SIDE} px are possible.`,
      {
        hint: 'Scale the pictures down first.',
      },
    );
  }
  return describePicture(first, seen.description?.rotation ?? 0);
}
