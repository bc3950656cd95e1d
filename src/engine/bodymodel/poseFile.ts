import { BETA_COUNT } from '#core/body/bodyModel';
import { JOINT_COUNT } from '#core/body/skeleton';
import { AppError } from '#core/errors';
import type { NdArray } from '../weights/numpy/ndArray';
import { readNpz } from '../weights/numpy/npz';

const POSE = JOINT_COUNT * 3;

/** Poses to evaluate, as {@link parsePoseFile} reads them. */
export interface PoseFile {
  /** F. */
  frames: number;
  /** F * 72, rad. */
  poses: Float64Array;
  /** 10, or F * 10. */
  betas: Float64Array;
  /** F * 3, m. */
  translations: Float64Array;
}

/** Pose numbers of models that people confuse with SMPL. */
const OTHER_POSES: ReadonlyMap<number, string> = new Map([
  [69, 'SMPL without the global orientation'],
  [156, 'SMPL-H'],
  [165, 'SMPL-X'],
]);

function invalid(file: string, problem: string): AppError {
  return new AppError('INVALID_ARGUMENT', `${file} cannot be posed: ${problem}.`, {
    hint: 'Save poses (n x 72, or n x 24 x 3, axis-angle in rad), betas (10, or n x 10) and trans (n x 3, m) with numpy.savez.',
  });
}

function numbersOf(file: string, name: string, array: NdArray): Float64Array {
  if (array.type.kind === 'c' || array.type.kind === 'O') throw invalid(file, `${name} does not hold plain numbers`);
  const numbers = Float64Array.from(array.data);
  if (!numbers.every(Number.isFinite)) throw invalid(file, `${name} holds a number that is not finite`);
  return numbers;
}

function shapeText(shape: readonly number[]): string {
  return shape.join(' x ') || 'a single number';
}

function framesOf(file: string, { shape }: NdArray): number {
  const [frames = 0, ...rest] = shape;
  if (shape.length === 2 && rest[0] === POSE) return frames;
  if (shape.length === 3 && rest[0] === JOINT_COUNT && rest[1] === 3) return frames;
  const other = shape.length === 2 ? OTHER_POSES.get(rest[0] ?? 0) : undefined;
  throw invalid(
    file,
    `poses is ${shapeText(shape)}${other ? ` (${other})` : ''} where n x ${POSE} or n x ${JOINT_COUNT} x 3 is expected`,
  );
}

function checkShape(file: string, name: string, { shape }: NdArray, allowed: readonly (readonly number[])[]): void {
  if (allowed.some((wanted) => wanted.length === shape.length && wanted.every((size, axis) => size === shape[axis]))) {
    return;
  }
  const wanted = allowed.map((one) => one.join(' x ')).join(' or ');
  throw invalid(file, `${name} is ${shapeText(shape)} where ${wanted} is expected`);
}

/**
 * Reads poses of SMPL's skeleton from an `.npz`: `poses` [n, 72] or [n, 24, 3], and where it has them `betas` [10] or
 * [n, 10] and `trans` [n, 3]; absent ones count as zero, other arrays are left alone.
 * @param file what the file is called in errors
 * @throws AppError INVALID_ARGUMENT with one sentence; WEIGHTS_INVALID when the archive cannot be read
 */
export function parsePoseFile(bytes: Uint8Array, file: string): PoseFile {
  const arrays = readNpz(bytes, (name) => ['poses', 'betas', 'trans'].includes(name), file);
  const posed = arrays.get('poses');
  if (posed === undefined) throw invalid(file, 'it has no array named poses');
  const frames = framesOf(file, posed);
  if (frames === 0) throw invalid(file, 'it has no poses');
  const [betas, translations] = [arrays.get('betas'), arrays.get('trans')];
  if (betas) checkShape(file, 'betas', betas, [[BETA_COUNT], [frames, BETA_COUNT]]);
  if (translations) checkShape(file, 'trans', translations, [[frames, 3]]);
  return {
    frames,
    poses: numbersOf(file, 'poses', posed),
    betas: betas ? numbersOf(file, 'betas', betas) : new Float64Array(BETA_COUNT),
    translations: translations ? numbersOf(file, 'trans', translations) : new Float64Array(frames * 3),
  };
}
