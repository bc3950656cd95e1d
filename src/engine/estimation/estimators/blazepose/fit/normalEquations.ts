import type { BandedMatrix } from './bandedCholesky';
import { DERIVATIVES, TRANSLATION_AT, UNKNOWNS } from './parameters';
import { POINT_COUNT, pointOfLandmark } from './points';
import { LANDMARK } from '../observation';
import type { TermSums } from './termSums';

const { starts, groups, blockCount } = DERIVATIVES;
const leftHipBlock = starts[pointOfLandmark(LANDMARK.leftHip)]! * 9;
const rightHipBlock = starts[pointOfLandmark(LANDMARK.rightHip)]! * 9;
const WIDTH = 3 * UNKNOWNS;

/** Derivative of the middle of the hips by the pelvis rotation; columns as elsewhere. */
const hipBlock = new Float64Array(9);
/** Derivative of a point about the middle of the hips by the pelvis rotation. */
const aboutHips = new Float64Array(9);
/** Weight times derivative. */
const weighted = new Float64Array(9);

/**
 * Turns the sums of the terms into normal equations of the unknowns: adds to the lower band of `matrix` and to
 * `gradient`. Window rows [held, held + matrix.frames) are unknown; rows before and after are held where they are.
 */
export function assemble(
  sums: TermSums,
  derivatives: Float64Array,
  held: number,
  matrix: BandedMatrix,
  gradient: Float64Array,
): void {
  for (let frame = 0; frame < matrix.frames; frame++) {
    const row = held + frame;
    for (let c = 0; c < 9; c++) {
      hipBlock[c] =
        (derivatives[row * blockCount * 9 + leftHipBlock + c]! +
          derivatives[row * blockCount * 9 + rightHipBlock + c]!) /
        2;
    }
    for (let point = 0; point < POINT_COUNT; point++) {
      addOwn(sums, derivatives, row, point, matrix.values, frame * UNKNOWNS * WIDTH);
      addForces(sums, derivatives, row, point, gradient, frame * UNKNOWNS);
      if (frame >= 1) addNear(sums, derivatives, row, point, matrix.values, frame * UNKNOWNS * WIDTH);
      if (frame >= 2) addFar(sums, derivatives, row, point, matrix.values, frame * UNKNOWNS * WIDTH);
    }
    addPelvis(sums, row, frame, matrix.values, gradient);
  }
}

/** values[at + r * WIDTH + c] += column r of `left` . column c of `right`. */
function addProduct(
  values: Float64Array,
  at: number,
  left: Float64Array,
  l: number,
  right: Float64Array,
  scale: number,
  r: number,
): void {
  const b0 = right[r]! * scale;
  const b1 = right[r + 1]! * scale;
  const b2 = right[r + 2]! * scale;
  const b3 = right[r + 3]! * scale;
  const b4 = right[r + 4]! * scale;
  const b5 = right[r + 5]! * scale;
  const b6 = right[r + 6]! * scale;
  const b7 = right[r + 7]! * scale;
  const b8 = right[r + 8]! * scale;
  for (let a = 0; a < 3; a++) {
    const x = left[l + a * 3]!;
    const y = left[l + a * 3 + 1]!;
    const z = left[l + a * 3 + 2]!;
    const out = at + a * WIDTH;
    values[out]! += x * b0 + y * b1 + z * b2;
    values[out + 1]! += x * b3 + y * b4 + z * b5;
    values[out + 2]! += x * b6 + y * b7 + z * b8;
  }
}

/** weighted = (absolute + isotropic) times the derivative block at `d`. */
function weigh(sums: TermSums, at: number, isotropic: number, derivatives: Float64Array, d: number): void {
  const m = at * 6;
  const xx = sums.absolute[m]! + isotropic;
  const xy = sums.absolute[m + 1]!;
  const xz = sums.absolute[m + 2]!;
  const yy = sums.absolute[m + 3]! + isotropic;
  const yz = sums.absolute[m + 4]!;
  const zz = sums.absolute[m + 5]! + isotropic;
  for (let c = 0; c < 9; c += 3) {
    const x = derivatives[d + c]!;
    const y = derivatives[d + c + 1]!;
    const z = derivatives[d + c + 2]!;
    weighted[c] = xx * x + xy * y + xz * z;
    weighted[c + 1] = xy * x + yy * y + yz * z;
    weighted[c + 2] = xz * x + yz * y + zz * z;
  }
}

/** The diagonal block of a frame: one point's share. */
function addOwn(
  sums: TermSums,
  derivatives: Float64Array,
  row: number,
  point: number,
  values: Float64Array,
  frameAt: number,
): void {
  const at = row * POINT_COUNT + point;
  const base = row * blockCount * 9;
  const first = starts[point]!;
  const last = starts[point + 1]!;
  const hips = sums.hipRelative[at]!;
  const relative = sums.relative[at]!;
  const diagonal = frameAt + 2 * UNKNOWNS;
  for (let j = first; j < last; j++) {
    const d = base + j * 9;
    const column = groups[j]! * 3;
    const isPelvis = j === first;
    weigh(sums, at, isPelvis ? relative : relative + hips, derivatives, d);
    let from = j;
    if (isPelvis) {
      // The 3-D term is about the hips, which turn with the pelvis: other derivative, only in the pelvis columns.
      addProduct(values, diagonal, derivatives, d, weighted, 1, 0);
      for (let c = 0; c < 9; c++) aboutHips[c] = derivatives[d + c]! - hipBlock[c]!;
      addProduct(values, diagonal, aboutHips, 0, aboutHips, hips, 0);
      for (let c = 0; c < 9; c++) weighted[c]! += hips * aboutHips[c]!;
      from = j + 1;
    }
    for (let i = from; i < last; i++) {
      addProduct(values, diagonal + groups[i]! * 3 * WIDTH + column, derivatives, base + i * 9, weighted, 1, 0);
    }
    weigh(sums, at, 0, derivatives, d);
    for (let c = 0; c < 9; c++) {
      values[diagonal + (TRANSLATION_AT + (c % 3)) * WIDTH + column + Math.floor(c / 3)]! += weighted[c]!;
    }
  }
  addTranslationOwn(sums, at, values, diagonal + TRANSLATION_AT * (WIDTH + 1));
}

function addTranslationOwn(sums: TermSums, at: number, values: Float64Array, corner: number): void {
  const m = at * 6;
  values[corner]! += sums.absolute[m]!;
  values[corner + WIDTH]! += sums.absolute[m + 1]!;
  values[corner + WIDTH + 1]! += sums.absolute[m + 3]!;
  values[corner + 2 * WIDTH]! += sums.absolute[m + 2]!;
  values[corner + 2 * WIDTH + 1]! += sums.absolute[m + 4]!;
  values[corner + 2 * WIDTH + 2]! += sums.absolute[m + 5]!;
}

function addForces(
  sums: TermSums,
  derivatives: Float64Array,
  row: number,
  point: number,
  gradient: Float64Array,
  frameAt: number,
): void {
  const f = (row * POINT_COUNT + point) * 3;
  const base = row * blockCount * 9;
  const hx = sums.hipForces[f]!;
  const hy = sums.hipForces[f + 1]!;
  const hz = sums.hipForces[f + 2]!;
  const x = sums.absoluteForces[f]! + sums.relativeForces[f]! + hx;
  const y = sums.absoluteForces[f + 1]! + sums.relativeForces[f + 1]! + hy;
  const z = sums.absoluteForces[f + 2]! + sums.relativeForces[f + 2]! + hz;
  for (let j = starts[point]!; j < starts[point + 1]!; j++) {
    const out = frameAt + groups[j]! * 3;
    for (let a = 0; a < 3; a++) {
      const d = base + j * 9 + a * 3;
      gradient[out + a]! += derivatives[d]! * x + derivatives[d + 1]! * y + derivatives[d + 2]! * z;
    }
  }
  for (let a = 0; a < 3; a++) {
    gradient[frameAt + a]! -= hipBlock[a * 3]! * hx + hipBlock[a * 3 + 1]! * hy + hipBlock[a * 3 + 2]! * hz;
    gradient[frameAt + TRANSLATION_AT + a]! += sums.absoluteForces[f + a]!;
  }
}

/** Coupling with the frame before. */
function addNear(
  sums: TermSums,
  derivatives: Float64Array,
  row: number,
  point: number,
  values: Float64Array,
  frameAt: number,
): void {
  const at = row * POINT_COUNT + point;
  const absolute = sums.absoluteLinks[at]!;
  const both = absolute + sums.relativeLinks[at]!;
  if (both === 0) return;
  const base = row * blockCount * 9;
  const before = base - blockCount * 9;
  const corner = frameAt + UNKNOWNS;
  const first = starts[point]!;
  const last = starts[point + 1]!;
  for (let j = first; j < last; j++) {
    const column = corner + groups[j]! * 3;
    for (let i = first; i < last; i++) {
      addProduct(values, column + groups[i]! * 3 * WIDTH, derivatives, base + i * 9, derivatives, both, before + j * 9);
    }
  }
  if (absolute === 0) return;
  for (let c = 0; c < 3; c++) {
    const translationRow = corner + (TRANSLATION_AT + c) * WIDTH;
    values[translationRow + TRANSLATION_AT + c]! += absolute;
    for (let j = first; j < last; j++) {
      for (let a = 0; a < 3; a++) {
        values[translationRow + groups[j]! * 3 + a]! += absolute * derivatives[before + j * 9 + a * 3 + c]!;
        const rotationRow = corner + (groups[j]! * 3 + a) * WIDTH;
        values[rotationRow + TRANSLATION_AT + c]! += absolute * derivatives[base + j * 9 + a * 3 + c]!;
      }
    }
  }
}

/** Coupling with the frame before the last. */
function addFar(
  sums: TermSums,
  derivatives: Float64Array,
  row: number,
  point: number,
  values: Float64Array,
  frameAt: number,
): void {
  const link = sums.farLinks[row * POINT_COUNT + point]!;
  if (link === 0) return;
  const base = row * blockCount * 9;
  const before = base - 2 * blockCount * 9;
  const last = starts[point + 1]!;
  for (let j = starts[point]!; j < last; j++) {
    const column = frameAt + groups[j]! * 3;
    for (let i = starts[point]!; i < last; i++) {
      addProduct(values, column + groups[i]! * 3 * WIDTH, derivatives, base + i * 9, derivatives, link, before + j * 9);
    }
  }
}

function addPelvis(sums: TermSums, row: number, frame: number, values: Float64Array, gradient: Float64Array): void {
  for (let c = 0; c < 3; c++) {
    const at = (frame * UNKNOWNS + TRANSLATION_AT + c) * WIDTH + TRANSLATION_AT + c;
    values[at + 2 * UNKNOWNS]! += sums.pelvis[row * 3]!;
    if (frame >= 1) values[at + UNKNOWNS]! += sums.pelvis[row * 3 + 1]!;
    if (frame >= 2) values[at]! += sums.pelvis[row * 3 + 2]!;
    gradient[frame * UNKNOWNS + TRANSLATION_AT + c]! += sums.pelvisForces[row * 3 + c]!;
  }
}
