import { extname } from 'node:path';

/** Bytes of the beginning of a file that {@link lookAt} needs. */
export const HEAD_BYTES = 512;

/** What the first bytes of a file say. */
export interface FirstLook {
  container: 'zip' | 'torch-stream' | 'pickle' | 'npy' | 'other';
  /** What it looks like, as a noun with its article: `a picture`. */
  looksLike: string;
}

/** Endings of files that a browser or a sync program is still writing. */
const UNFINISHED = new Set(['.crdownload', '.part', '.partial', '.download', '.opdownload', '.aria2', '.filepart']);

/** Endings that a file of a model may have; others are not taken out of a zip. */
const MODEL_ENDINGS = new Set(['.pkl', '.pickle', '.npz', '.npy', '.tar', '.pth', '.pt', '.ckpt', '.zip', '.bin', '']);

/** True for a name that says a download is under way. */
export function isUnfinishedName(name: string): boolean {
  return UNFINISHED.has(extname(name).toLowerCase());
}

/** True for a name that a file of a model may have. */
export function mayBeModel(name: string): boolean {
  return MODEL_ENDINGS.has(extname(name).toLowerCase());
}

const ascii = (text: string) => [...text].map((character) => character.charCodeAt(0));

/** Beginnings of files that people mix up with model files. Source: the formats' own descriptions. */
const BEGINNINGS: readonly [readonly number[], number, FirstLook['container'], string][] = [
  [[0x50, 0x4b, 0x03, 0x04], 0, 'zip', 'a zip'],
  [[0x50, 0x4b, 0x05, 0x06], 0, 'zip', 'an empty zip'],
  // The pickled integer 0x1950A86A20F9469CFC6C: vibe-smpl.md section 10.1.
  [[0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e], 0, 'torch-stream', ''],
  [[0x93, ...ascii('NUMPY')], 0, 'npy', 'a numpy array'],
  [[0x1f, 0x8b], 0, 'other', 'a gzip archive (unpack it first)'],
  [ascii('BZh'), 0, 'other', 'a bzip2 archive (unpack it first)'],
  [[0xfd, ...ascii('7zXZ')], 0, 'other', 'an xz archive (unpack it first)'],
  [[0x37, 0x7a, 0xbc, 0xaf], 0, 'other', 'a 7z archive (unpack it first)'],
  [ascii('Rar!'), 0, 'other', 'a RAR archive (unpack it first)'],
  [ascii('ustar'), 257, 'other', 'a tar archive (unpack it first)'],
  [[0x89, ...ascii('PNG')], 0, 'other', 'a picture'],
  [[0xff, 0xd8, 0xff], 0, 'other', 'a picture'],
  [ascii('GIF8'), 0, 'other', 'a picture'],
  [ascii('ftyp'), 4, 'other', 'a video'],
  [[0x1a, 0x45, 0xdf, 0xa3], 0, 'other', 'a video'],
  [ascii('RIFF'), 0, 'other', 'a video or sound'],
  [ascii('%PDF'), 0, 'other', 'a PDF document'],
  [[0x89, ...ascii('HDF')], 0, 'other', 'an HDF5 file'],
  [ascii('TFL3'), 4, 'other', 'a TFLite network'],
  [ascii('Kaydara FBX'), 0, 'other', 'an FBX file'],
  [ascii('glTF'), 0, 'other', 'a GLB file'],
  [ascii('version https://git-lfs'), 0, 'other', 'a pointer of Git LFS, not the file itself'],
];

/** Says what a file is by its first bytes; the name plays no part. */
export function lookAt(head: Uint8Array): FirstLook {
  if (head.length === 0) return { container: 'other', looksLike: 'an empty file' };
  for (const [bytes, at, container, looksLike] of BEGINNINGS) {
    if (bytes.every((byte, index) => head[at + index] === byte)) return { container, looksLike };
  }
  const text = new TextDecoder('latin1').decode(head).trimStart().toLowerCase();
  if (text.startsWith('<!doctype html') || text.startsWith('<html')) {
    return {
      container: 'other',
      looksLike: 'a web page, perhaps the sign-in page of the site saved in place of the file',
    };
  }
  if (isPickle(head)) return { container: 'pickle', looksLike: 'a Python pickle' };
  if (isText(head)) return { container: 'other', looksLike: 'a text file' };
  return { container: 'other', looksLike: 'a file of another kind' };
}

/** Protocols 2 to 5 begin with PROTO and their number; 0 and 1 with a mark, an empty container or a global. */
function isPickle(head: Uint8Array): boolean {
  const [first = 0, second = 0] = head;
  if (first === 0x80) return second >= 2 && second <= 5;
  const opening = String.fromCharCode(first);
  if (opening === '(') return /^\((d|l|t|i|[VSI])/.test(String.fromCharCode(...head.subarray(0, 2)));
  if (opening === '}' || opening === ']') return second === 0x71 || second === 0x72 || second === 0x28;
  return opening === 'c' && /^c[\w.]+\n[\w.]+\n/.test(String.fromCharCode(...head.subarray(0, 120)));
}

function isText(head: Uint8Array): boolean {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(
      head.subarray(0, head.length - (head.length > 8 ? 4 : 0)),
    );
    return !/[\u0000-\u0008\u000e-\u001f]/.test(text);
  } catch {
    return false;
  }
}
