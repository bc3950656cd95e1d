import { AppError } from '#core/errors';
import { dict, dtype, global, integer, joined, NONE, opcode, PROTOCOL, text, TRUE, tuple } from './pickleWriter';
import type { Floats, VibePersonResult } from './vibePerson';

/**
 * The object that stands for an array in a joblib stream; the array's bytes follow it. Without the alignment of joblib 1.2
 * both older and newer versions read it, and VIBE itself pins 0.14.
 */
function wrapper(type: string, shape: readonly number[]): Uint8Array {
  return joined(
    global('joblib.numpy_pickle', 'NumpyArrayWrapper'),
    opcode(')'),
    Uint8Array.of(0x81),
    dict({
      subclass: global('numpy', 'ndarray'),
      shape: tuple(...shape.map(integer)),
      order: text('C'),
      dtype: dtype(type),
      allow_mmap: TRUE,
    }),
    opcode('b'),
  );
}

const bytesOf = (data: ArrayBufferView): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

function misfit(key: string, found: number, expected: number): AppError {
  return new AppError('INTERNAL', `${key} has ${found} numbers where ${expected} are expected.`);
}

function* array(key: string, shape: readonly number[], data: Floats | BigInt64Array): Iterable<Uint8Array> {
  const expected = shape.reduce((total, size) => total * size, 1);
  if (data.length !== expected) throw misfit(key, data.length, expected);
  const type = data instanceof Float32Array ? 'f4' : data instanceof Float64Array ? 'f8' : 'i8';
  yield joined(text(key), wrapper(type, shape));
  yield bytesOf(data);
}

async function* vertices(
  frames: number,
  { vertexCount, chunks }: VibePersonResult['verts'],
): AsyncIterable<Uint8Array> {
  const expected = frames * vertexCount * 3;
  yield joined(text('verts'), wrapper('f4', [frames, vertexCount, 3]));
  let written = 0;
  for await (const chunk of chunks()) {
    written += chunk.length;
    if (written > expected) throw misfit('verts', written, expected);
    yield bytesOf(chunk);
  }
  if (written !== expected) throw misfit('verts', written, expected);
}

async function* personEntries(person: VibePersonResult): AsyncIterable<Uint8Array> {
  const n = person.frameIds.length;
  const perFrame = (data: Floats, parts: number): number => (n === 0 ? 49 : data.length / (n * parts));
  yield* array('pred_cam', [n, 3], person.predCam);
  yield* array('orig_cam', [n, 4], person.origCam);
  yield* vertices(n, person.verts);
  yield* array('pose', [n, 72], person.pose);
  yield* array('betas', [n, 10], person.betas);
  yield* array('joints3d', [n, perFrame(person.joints3d, 3), 3], person.joints3d);
  if (person.joints2d === null) yield joined(text('joints2d'), NONE);
  else yield* array('joints2d', person.joints2d.shape, person.joints2d.data);
  yield* array('joints2d_img_coord', [n, perFrame(person.joints2dImgCoord, 2), 2], person.joints2dImgCoord);
  yield* array('bboxes', [n, 4], person.bboxes);
  yield* array('frame_ids', [n], BigInt64Array.from(person.frameIds, BigInt));
}

/**
 * The bytes of a `vibe_output.pkl` that Python's joblib loads (0.14 and later): a dict of people with VIBE's keys, shapes and
 * types (reference vibe-smpl 12.1). Vertices pass through as they come; at no time is a whole clip of them held.
 * @param people by person id
 * @throws AppError INTERNAL when an array does not fit the number of frames
 */
export async function* encodeVibeOutput(
  people: ReadonlyMap<number, VibePersonResult>,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield joined(PROTOCOL, opcode('}'), opcode('('));
  for (const [id, person] of people) {
    yield joined(integer(id), opcode('}'), opcode('('));
    yield* personEntries(person);
    yield opcode('u');
  }
  yield joined(opcode('u'), opcode('.'));
}
