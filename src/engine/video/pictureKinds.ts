import { open } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { AppError } from '#core/errors';

/** What a picture is by its first bytes; `unknown` for what no picture begins with. */
type PictureKind = 'JPEG' | 'PNG' | 'WebP' | 'GIF' | 'BMP' | 'TIFF' | 'HEIF or AVIF' | 'unknown';

/** Beginnings of files by kind, as latin1. */
const BEGINNINGS: readonly [Exclude<PictureKind, 'unknown'>, RegExp][] = [
  ['JPEG', /^\xff\xd8\xff/],
  ['PNG', /^\x89PNG\r\n\x1a\n/],
  ['WebP', /^RIFF[^]{4}WEBP/],
  ['GIF', /^GIF8/],
  ['BMP', /^BM/],
  ['TIFF', /^(II\*\0|MM\0\*)/],
  ['HEIF or AVIF', /^[^]{4}ftyp/],
];

const HEAD_BYTES = 12;
/** Files that are open at once. */
const AT_ONCE = 32;

/** See {@link lookAtPictures}. */
export interface SeenPictures {
  codec: 'png' | 'mjpeg';
  /** Names of pictures that hold something, but nothing that a picture begins with. */
  strange: string[];
}

/**
 * Looks at the beginning of every picture of a folder. ffmpeg takes the kind of the first one for all, so another kind
 * among them would be left out without a word, or, where decoding begins at it, all the others would.
 * `empty` names those of 0 bytes, which are passed over.
 * @throws AppError `UNSUPPORTED` when they are not all JPEG or all PNG
 */
export async function lookAtPictures(
  folder: string,
  images: readonly string[],
  empty: readonly string[],
): Promise<SeenPictures> {
  const isEmpty = new Set(empty);
  const full = images.filter((name) => !isEmpty.has(name));
  const kinds: PictureKind[] = [];
  for (let from = 0; from < full.length; from += AT_ONCE) {
    const batch = full.slice(from, from + AT_ONCE);
    kinds.push(...(await Promise.all(batch.map((name) => kindOf(join(folder, name))))));
  }
  // What ffmpeg cannot tell by content it takes by name.
  const effective = kinds.map((kind, index) => (kind === 'unknown' ? kindByName(full[index] ?? '') : kind));
  const [first = kindByName(images[0] ?? '')] = effective;
  const others = full.filter((_, index) => effective[index] !== first);
  if (others.length > 0 || (first !== 'JPEG' && first !== 'PNG')) {
    const [name = full[0] ?? ''] = others;
    const kind = effective[full.indexOf(name)] ?? first;
    throw new AppError(
      'UNSUPPORTED',
      `The pictures in ${folder} must all be JPEG or all PNG: ${full[0]} is ${first}${name === full[0] ? '' : `, ${name} is ${kind}`}.`,
      { hint: 'Move the pictures that are no frames elsewhere, or convert them.' },
    );
  }
  const codec = first === 'PNG' ? 'png' : 'mjpeg';
  return { codec, strange: full.filter((_, index) => kinds[index] === 'unknown') };
}

function kindByName(name: string): PictureKind {
  return extname(name).toLowerCase() === '.png' ? 'PNG' : 'JPEG';
}

/** A picture that went away meanwhile, or that may not be read, is said where it is decoded. */
async function kindOf(path: string): Promise<PictureKind> {
  const file = await open(path, 'r').catch(() => undefined);
  if (!file) return 'unknown';
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const head = buffer.toString('latin1', 0, bytesRead);
    return BEGINNINGS.find(([, beginning]) => beginning.test(head))?.[0] ?? 'unknown';
  } finally {
    await file.close();
  }
}
