import { RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { editedFrames, easeFramesOf } from '#core/body/poseLayer';
import { planResetPose, type PoseEditKind, smplJointName } from '#core/document/bodyEdits';
import type { Person } from '#core/document/schema';
import { hasFrame } from '#core/frames/span';
import { Button } from '../controls/Button';
import { Chip } from '../controls/Marks';
import { NumberField } from '../controls/NumberField';
import { Segmented } from '../controls/Segmented';
import type { MotionRow } from '../playback/shownBodies';
import { applyBodyEdit, cancelBodyEdit, commitBodyEdit, previewBodyEdit } from '../session/bodyGesture';
import { projectStore, useProject } from '../session/projectStore';
import { planShownTurn, rotationOf, turnKindOf } from '../session/turnJoint';
import { useView, viewStore } from '../session/viewStore';
import { useViewport } from '../viewport/viewportStore';
import { EditMark, type EditState } from './EditMark';
import styles from './inspector.module.css';
import { Section } from './Prop';
import { fromForm, type RotationForm, rotationForm, toForm } from './rotationForms';

const KINDS = [
  { id: 'offset', title: 'Ease in and out' },
  { id: 'replace', title: 'This frame only' },
] as const;

/** How a joint stands to its edits on a frame. */
export function editStateOf(person: Person, joint: number, frame: number, rate: number): EditState {
  const own = person.poseEdits?.filter((edit) => edit.joint === joint) ?? [];
  if (own.some((edit) => edit.frame === frame)) return 'here';
  return hasFrame(editedFrames(own, easeFramesOf(rate), frame + 1), frame) ? 'eased' : 'none';
}

/** The picked joint's rotation in fields; changing one turns the joint over the estimate. */
export function JointEditor(props: {
  person: Person;
  motion: MotionRow;
  frame: number;
  joint: number;
  form: RotationForm;
}) {
  const { person, motion, frame, joint, form } = props;
  const chosen = useView((state) => state.turnKind);
  const [inHand, setInHand] = useState<number[]>();
  const rate = useProject((state) => state.project?.media.rate ?? 30);
  const { letters, decimals, step, convention } = rotationForm(form);
  const name = smplJointName(joint);
  const here = person.poseEdits?.find((edit) => edit.joint === joint && edit.frame === frame);
  const kind = turnKindOf(person, joint, frame, chosen);
  const turned = useViewport((state) => state.turn?.rotation);
  const numbers = inHand ?? toForm(turned ?? rotationOf(motion.piece.poses, motion.row, joint), form);
  const state = editStateOf(person, joint, frame, rate);

  const plan = (at: number, value: number, as: PoseEditKind = kind) => {
    const wanted = fromForm(numbers.with(at, value), form, at);
    return planShownTurn(person, motion, { frame, joint, wanted, kind: as });
  };
  const end = () => setInHand(undefined);
  const reset = (scope: { frame?: number }) => {
    const { project } = projectStore.getState();
    if (project) applyBodyEdit(planResetPose(project.document, person.id, { joint, ...scope }));
  };
  const changeKind = (next: PoseEditKind) => {
    viewStore.setState({ turnKind: next });
    if (here) applyBodyEdit(plan(0, numbers[0] ?? 0, next));
  };
  return (
    <Section title={name} note={`joint ${joint}, frame ${frame}`} aside={<StateChip state={state} />}>
      <div className={styles['fields']} style={{ gridTemplateColumns: `repeat(${letters.length}, 1fr)` }}>
        {letters.map((letter, at) => (
          <NumberField
            key={`${form}${letter}`}
            letter={letter.toUpperCase()}
            label={`${name} ${letter}, ${convention}`}
            value={numbers[at]}
            decimals={decimals}
            step={step}
            disabled={person.locked}
            onPreview={(value) => {
              setInHand((before) => (before ?? numbers).with(at, value));
              previewBodyEdit(plan(at, value));
            }}
            onCommit={(value) => {
              end();
              commitBodyEdit(plan(at, value));
            }}
            onCancel={() => {
              end();
              cancelBodyEdit();
            }}
          />
        ))}
      </div>
      <div className={styles['buttons']}>
        <Segmented label="Reach of the edit" value={kind} options={KINDS} onChange={changeKind} />
      </div>
      <div className={styles['buttons']}>
        <Button size="s" fill disabled={!here || person.locked} onClick={() => reset({ frame })}>
          Reset on this frame
        </Button>
        <Button
          size="s"
          fill
          icon={RotateCcw}
          disabled={!person.poseEdits?.some((edit) => edit.joint === joint) || person.locked}
          onClick={() => reset({})}
        >
          Reset joint
        </Button>
      </div>
    </Section>
  );
}

function StateChip({ state }: { state: EditState }) {
  if (state === 'none') return <Chip>As estimated</Chip>;
  return (
    <Chip tone="accent">
      <EditMark state={state} />
      {state === 'here' ? 'Edited' : 'Eased'}
    </Chip>
  );
}
