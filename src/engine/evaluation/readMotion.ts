import type { BodyModel } from '#core/body/bodyModel';
import { type MotionFile, parseMotionFile } from '#core/evaluation/motionFiles';
import { vibeOutputOf } from '../weights/joblib/decodeVibeOutput';
import { readJoblib } from '../weights/joblib/readJoblib';
import { readNpz } from '../weights/numpy/npz';
import { looksLikeZip } from '../weights/torch/readCheckpoint';
import { arrayMotion } from './arrayMotion';
import { isThreeDpw, threeDpwMotion } from './threeDpw';
import { vibeMotion } from './vibeMotion';

/** First bytes of pickles (protocol 2 and later; 0 and 1 begin with a container), of zlib and of gzip. */
const PICKLE_STARTS = [0x80, 0x28, 0x7d, 0x78, 0x1f];

/**
 * Reads motion for an evaluation, truth or result: the JSON of `--export joints` or of a truth file, an npz
 * ({@link arrayMotion}), a sequence file of 3DPW ({@link threeDpwMotion}), or a `vibe_output.pkl`.
 * @param name what the file is called in messages
 * @param body poses SMPL parameters to vertices and, where a file has no joints, to joints
 * @throws AppError WEIGHTS_INVALID for a damaged file, INVALID_ARGUMENT for one without motion
 */
export function readMotion(bytes: Uint8Array, name: string, body?: BodyModel): MotionFile {
  if (looksLikeZip(bytes))
    return arrayMotion(
      readNpz(bytes, () => true, name),
      name,
      body,
    );
  if (!PICKLE_STARTS.includes(bytes[0] ?? 0)) return parseMotionFile(new TextDecoder().decode(bytes), name);
  const value = readJoblib(bytes, name);
  if (value instanceof Map && isThreeDpw(value)) return threeDpwMotion(value, name, body);
  return vibeMotion(vibeOutputOf(value, name), name);
}
