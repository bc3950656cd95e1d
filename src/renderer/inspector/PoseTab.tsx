import { Copy } from 'lucide-react';
import { useState } from 'react';
import { planResetPose, smplJointName } from '#core/document/bodyEdits';
import type { Person } from '#core/document/schema';
import { JOINT_NAMES } from '#core/body/skeleton';
import { countOf, formatNumber } from '../wording/numbers';
import { Button } from '../controls/Button';
import { EmptyState } from '../controls/Marks';
import { MenuButton } from '../controls/MenuButton';
import { Segmented } from '../controls/Segmented';
import controls from '../controls/controls.module.css';
import type { MotionRow } from '../playback/shownBodies';
import { applyBodyEdit } from '../session/bodyGesture';
import { projectStore, useProject } from '../session/projectStore';
import { rotationOf } from '../session/turnJoint';
import { useShownFrame } from '../playback/useShownFrame';
import { useView, viewStore } from '../session/viewStore';
import { copyText, motionAsJson, motionAsText } from './copyMotion';
import { EditMark } from './EditMark';
import styles from './inspector.module.css';
import { NumberHeads } from './NumberTable';
import { editStateOf, JointEditor } from './JointEditor';
import { Section } from './Prop';
import { ROTATION_FORMS, type RotationForm, rotationForm, toForm } from './rotationForms';
import { useMotion } from './useMotion';

interface PoseProps {
  person: Person;
  motion: MotionRow;
  frame: number;
  form: RotationForm;
}

function JointRow({ person, joint, motion, frame, form }: PoseProps & { joint: number }) {
  const isPicked = useView((state) => state.pickedJoint === joint);
  const rate = useProject((state) => state.project?.media.rate ?? 30);
  const numbers = toForm(rotationOf(motion.piece.poses, motion.row, joint), form);
  return (
    <tr data-picked={isPicked}>
      <th scope="row">
        <button
          type="button"
          aria-pressed={isPicked}
          onClick={() => viewStore.setState({ pickedJoint: isPicked ? undefined : joint })}
        >
          {smplJointName(joint)} <EditMark state={editStateOf(person, joint, frame, rate)} />
        </button>
      </th>
      {numbers.map((value, axis) => (
        <td key={axis}>{formatNumber(value, Math.min(3, rotationForm(form).decimals))}</td>
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

function copy({ person, motion, frame, form }: PoseProps, as: 'json' | 'text'): void {
  const results = projectStore.getState().project?.results;
  if (!results) return;
  const { bodyModel, camera } = results;
  const copied = { person: person.name, frame, bodyModel, motion, form, camera };
  void copyText(as === 'json' ? motionAsJson(copied) : motionAsText(copied), `Pose of frame ${frame}`);
}

function CopyMenu(props: PoseProps) {
  return (
    <MenuButton
      trigger={
        <button type="button" className={controls['iconButton']} data-size="s" aria-label="Copy pose">
          <Copy size={14} strokeWidth={1.5} aria-hidden />
        </button>
      }
      groups={[
        {
          entries: [
            { title: 'Copy as JSON', shortcut: 'Ctrl+C', onChoose: () => copy(props, 'json') },
            { title: 'Copy as text', onChoose: () => copy(props, 'text') },
          ],
        },
      ]}
    />
  );
}

function Edits({ person }: { person: Person }) {
  const edits = person.poseEdits?.length ?? 0;
  if (edits === 0) return null;
  const reset = () => {
    const { project } = projectStore.getState();
    if (project) applyBodyEdit(planResetPose(project.document, person.id));
  };
  return (
    <div className={styles['buttons']}>
      <p className={styles['note']}>
        <EditMark state="here" /> {countOf(edits, 'edit')} over the estimate, which stays as it was.
      </p>
      <span className={styles['spacer']} />
      <Button size="s" disabled={person.locked} onClick={reset}>
        Reset whole pose
      </Button>
    </div>
  );
}

/** Rotation of each of the 24 SMPL joints on this frame; the picked one can be turned. */
export function PoseTab({ person }: { person: Person | undefined }) {
  const motion = useMotion(person?.id);
  const frame = useShownFrame();
  const joint = useView((state) => state.pickedJoint);
  const [form, setForm] = useState<RotationForm>('axisAngle');
  if (!person || !motion) {
    return (
      <EmptyState
        title="No pose on this frame"
        text="Run computes a body for every box of every person."
        note="Key Ctrl+Enter"
      />
    );
  }
  const props = { person, motion, frame, form };
  const { letters, convention } = rotationForm(form);
  const onKeyDown = (event: React.KeyboardEvent) => {
    const isCopy = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'c' && !event.shiftKey;
    if (!isCopy || event.target instanceof HTMLInputElement || getSelection()?.isCollapsed === false) return;
    event.preventDefault();
    copy(props, 'json');
  };
  return (
    <div onKeyDown={onKeyDown}>
      {joint === undefined ? (
        <Section title="Joint">
          <p className={styles['note']}>Pick a joint in the list or in 3D (layer Joints, key 4) to turn it.</p>
        </Section>
      ) : (
        <JointEditor key={`${person.id} ${joint} ${frame}`} {...props} joint={joint} />
      )}
      <Section title="Pose" aside={<CopyMenu {...props} />}>
        <div className={styles['formRow']}>
          <Segmented label="Form" value={form} options={ROTATION_FORMS} onChange={setForm} />
        </div>
        <p className={styles['note']}>{convention}</p>
        <Edits person={person} />
        <table className={styles['table']}>
          <NumberHeads title="Joint" names={letters} />
          <tbody onKeyDown={moveOverJoints}>
            {JOINT_NAMES.map((name, index) => (
              <JointRow key={name} joint={index} {...props} />
            ))}
          </tbody>
        </table>
      </Section>
    </div>
  );
}
