import {
  axisAngleToMatrix,
  axisAngleToQuaternion,
  eulerXyzToMatrix,
  matrixToAxisAngle,
  matrixToEulerXyz,
  type Numbers,
  quaternionToAxisAngle,
} from '#core/body/rotations';

/** How a rotation is written. */
export type RotationForm = 'axisAngle' | 'quaternion' | 'euler';

/** One way to write a rotation, and what must be known to read it. */
export interface RotationFormEntry {
  id: RotationForm;
  title: string;
  letters: readonly string[];
  /** Unit and convention, for people. */
  convention: string;
  decimals: number;
  /** Step of arrow keys and of a dragged px. */
  step: number;
}

/** Ways to write a rotation, in the order of their buttons. */
export const ROTATION_FORMS: readonly RotationFormEntry[] = [
  {
    id: 'axisAngle',
    title: 'Axis-angle',
    letters: ['x', 'y', 'z'],
    convention: 'Axis times angle, rad, relative to the parent',
    decimals: 3,
    step: 0.01,
  },
  {
    id: 'quaternion',
    title: 'Quaternion',
    letters: ['w', 'x', 'y', 'z'],
    convention: 'Unit quaternion w x y z, relative to the parent',
    decimals: 4,
    step: 0.005,
  },
  {
    id: 'euler',
    title: 'Euler',
    letters: ['x', 'y', 'z'],
    convention: 'Euler XYZ, degrees: R = Rz Ry Rx, x is applied first',
    decimals: 1,
    step: 1,
  },
];

const DEGREES = 180 / Math.PI;

/** The entry of a form. */
export function rotationForm(form: RotationForm): RotationFormEntry {
  return ROTATION_FORMS.find(({ id }) => id === form) ?? ROTATION_FORMS[0]!;
}

/** An axis-angle (rad) as the numbers of a form. Quaternions have w of at least 0. */
export function toForm(axisAngle: Numbers, form: RotationForm): number[] {
  if (form === 'axisAngle') return [axisAngle[0]!, axisAngle[1]!, axisAngle[2]!];
  if (form === 'quaternion') {
    const quaternion = [1, 0, 0, 0];
    axisAngleToQuaternion(axisAngle, quaternion);
    return (quaternion[0] ?? 1) < 0 ? quaternion.map((value) => -value || 0) : quaternion;
  }
  const [matrix, euler] = [new Float64Array(9), [0, 0, 0]];
  axisAngleToMatrix(axisAngle, matrix);
  matrixToEulerXyz(matrix, euler);
  return euler.map((value) => value * DEGREES || 0);
}

/**
 * The axis-angle (rad) of numbers of a form. A quaternion is brought to unit length, keeping the number at `typed` as far
 * as it can; all zeros are no rotation.
 */
export function fromForm(numbers: readonly number[], form: RotationForm, typed = 0): [number, number, number] {
  const out: [number, number, number] = [0, 0, 0];
  if (form === 'axisAngle') return [numbers[0] ?? 0, numbers[1] ?? 0, numbers[2] ?? 0];
  if (form === 'quaternion') {
    quaternionToAxisAngle(unitKeeping(numbers, typed), out);
    return out;
  }
  const matrix = new Float64Array(9);
  eulerXyzToMatrix(
    numbers.map((value) => value / DEGREES),
    matrix,
  );
  matrixToAxisAngle(matrix, out);
  return out;
}

function unitKeeping(numbers: readonly number[], typed: number): number[] {
  const kept = Math.max(-1, Math.min(1, numbers[typed] ?? 0));
  const rest = Math.hypot(...numbers.filter((_, at) => at !== typed));
  const room = Math.sqrt(1 - kept * kept);
  if (rest < 1e-9) {
    // Nothing says where the rest goes: into w, or about x when w itself is what was typed.
    return [0, 1, 2, 3].map((at) => (at === typed ? kept : at === (typed === 0 ? 1 : 0) ? room : 0));
  }
  return numbers.map((value, at) => (at === typed ? kept : (value / rest) * room));
}
