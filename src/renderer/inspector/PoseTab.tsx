import { useState } from 'react';
import type { Person } from '#core/document/schema';
import { axisAngleToMatrix, matrixToEulerXyz } from '#core/body/rotations';
import { JOINT_NAMES } from '#core/body/skeleton';
import { EmptyState } from '../controls/Marks';
import { Segmented } from '../controls/Segmented';
import type { MotionRow } from '../playback/shownBodies';
import { useView, viewStore } from '../session/viewStore';
import { formatNumber } from '../wording/numbers';
import styles from './inspector.module.css';
import { Section } from './Prop';
import { useMotion } from './useMotion';

type Form = 'axisAngle' | 'euler';

const FORMS = [
  { id: 'axisAngle', title: 'Axis-angle' },
  { id: 'euler', title: 'Euler XYZ' },
] as const;

const DEGREES = 180 / Math.PI;

/** `leftKnee` as `left_knee`, the way SMPL writes it. */
function smplName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function numbersOf({ piece, row }: MotionRow, joint: number, form: Form): [number, number, number] {
  const at = row * 72 + joint * 3;
  const axisAngle: [number, number, number] = [
    piece.poses[at] ?? 0,
    piece.poses[at + 1] ?? 0,
    piece.poses[at + 2] ?? 0,
  ];
  if (form === 'axisAngle') return axisAngle;
  const matrix = new Float64Array(9);
  const euler = new Float64Array(3);
  axisAngleToMatrix(axisAngle, matrix);
  matrixToEulerXyz(matrix, euler);
  return [(euler[0] ?? 0) * DEGREES, (euler[1] ?? 0) * DEGREES, (euler[2] ?? 0) * DEGREES];
}

function JointRow({ joint, motion, form }: { joint: number; motion: MotionRow; form: Form }) {
  const isPicked = useView((state) => state.pickedJoint === joint);
  const numbers = numbersOf(motion, joint, form);
  return (
    <tr data-picked={isPicked}>
      <th scope="row">
        <button
          type="button"
          aria-pressed={isPicked}
          onClick={() => viewStore.setState({ pickedJoint: isPicked ? undefined : joint })}
        >
          {smplName(JOINT_NAMES[joint] ?? '')}
        </button>
      </th>
      {numbers.map((value, axis) => (
        <td key={axis}>{formatNumber(value, form === 'axisAngle' ? 3 : 1)}</td>
      ))}
    </tr>
  );
}

function moveOverJoints(event: React.KeyboardEvent): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const buttons = [...event.currentTarget.querySelectorAll('button')];
  const at = buttons.findIndex((button) => button === document.activeElement);
  const next = Math.max(0, Math.min(buttons.length - 1, at + step));
  buttons[next]?.focus();
  viewStore.setState({ pickedJoint: next });
}

/** Rotation of each of the 24 SMPL joints on this frame. */
export function PoseTab({ person }: { person: Person | undefined }) {
  const motion = useMotion(person?.id);
  const [form, setForm] = useState<Form>('axisAngle');
  if (!person || !motion) {
    return (
      <EmptyState
        title="No pose on this frame"
        text="Run computes a body for every box of every person."
        note="Key Ctrl+Enter"
      />
    );
  }
  return (
    <Section
      title="Pose"
      note={form === 'axisAngle' ? 'rad, relative to the parent' : 'degrees, relative to the parent'}
      aside={<Segmented label="Form" value={form} options={FORMS} onChange={setForm} />}
    >
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col" style={{ textAlign: 'left' }}>
              Joint
            </th>
            <th scope="col">x</th>
            <th scope="col">y</th>
            <th scope="col">z</th>
          </tr>
        </thead>
        <tbody onKeyDown={moveOverJoints}>
          {JOINT_NAMES.map((name, joint) => (
            <JointRow key={name} joint={joint} motion={motion} form={form} />
          ))}
        </tbody>
      </table>
    </Section>
  );
}
