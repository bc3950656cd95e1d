import { Circle, Diamond, Spline, Square } from 'lucide-react';
import { useRef } from 'react';
import type { Person } from '#core/document/schema';
import type { Box } from '#core/tracks/box';
import { planBackToDetected, planMoveBox } from '#core/tracks/boxEdits';
import type { EffectiveBox } from '#core/tracks/effectiveBoxes';
import { commandById } from '../commands/registry';
import { Button } from '../controls/Button';
import { Chip } from '../controls/Marks';
import { IconButton } from '../controls/IconButton';
import { NumberField } from '../controls/NumberField';
import { applyEdit, beginGesture, type Gesture } from '../session/editing';
import { effectiveBox, projectStore, useProject } from '../session/projectStore';
import { toggleKeepSquare, useView, viewStore } from '../session/viewStore';
import { Keys } from '../controls/Keys';
import styles from './inspector.module.css';
import { Section } from './Prop';

const SIDES = [
  ['x', 'X', 'Left edge, px'],
  ['y', 'Y', 'Top edge, px'],
  ['width', 'W', 'Width, px'],
  ['height', 'H', 'Height, px'],
] as const;

const STATES = {
  detected: { word: 'Detected', icon: Circle, tone: 'neutral' },
  interpolated: { word: 'Interpolated', icon: Spline, tone: 'neutral' },
  manual: { word: 'Manual', icon: Diamond, tone: 'accent' },
} as const;

function StateChip({ effective }: { effective: EffectiveBox | undefined }) {
  if (!effective) return <Chip>No box</Chip>;
  const { word, icon: Icon, tone } = STATES[effective.origin];
  return (
    <Chip tone={tone}>
      <Icon size={12} strokeWidth={2} fill={effective.origin === 'manual' ? 'currentColor' : 'none'} aria-hidden />
      {word}
    </Chip>
  );
}

function planSide(personId: string, frame: number, side: keyof Box, value: number, box: Box) {
  const { project } = projectStore.getState();
  const isSquare = viewStore.getState().keepSquare && (side === 'width' || side === 'height');
  const next = isSquare ? { ...box, width: value, height: value } : { ...box, [side]: value };
  return project && planMoveBox(project.document, personId, frame, next);
}

/** The box on this frame in numbers; changing one sets a keyframe. */
export function BoxSection({ person, frame }: { person: Person; frame: number }) {
  // Boxes of the tracker arrive after the person.
  useProject((state) => state.project?.tracks);
  const effective = effectiveBox(person.id, frame);
  const isSquare = useView((state) => state.keepSquare);
  const gesture = useRef<{ gesture: Gesture; box: Box } | undefined>(undefined);
  const preview = (side: keyof Box, value: number) => {
    if (!effective) return;
    gesture.current ??= { gesture: beginGesture(`Move box, frame ${frame}`, frame, person.id), box: effective.box };
    const edit = planSide(person.id, frame, side, value, gesture.current.box);
    if (edit) gesture.current.gesture.update(edit.recipe);
  };
  const cancel = () => {
    gesture.current?.gesture.cancel();
    gesture.current = undefined;
  };
  const commit = (side: keyof Box, value: number) => {
    const box = gesture.current?.box ?? effective?.box;
    cancel();
    const edit = box && planSide(person.id, frame, side, value, box);
    if (edit) applyEdit(edit.label, edit.frame, edit.recipe, edit.person);
  };
  const backToDetected = () => {
    const { project } = projectStore.getState();
    const edit = project && planBackToDetected(project.document, person.id, { from: frame, to: frame + 1 });
    if (edit) applyEdit(edit.label, edit.frame, edit.recipe, edit.person);
  };
  return (
    <Section title="Box" note={`frame ${frame}, px`} aside={<StateChip effective={effective} />}>
      <div className={styles['fields']}>
        {SIDES.map(([side, letter, label]) => (
          <NumberField
            key={side}
            letter={letter}
            label={label}
            value={effective?.box[side]}
            disabled={person.locked || !effective}
            onPreview={(value) => preview(side, value)}
            onCommit={(value) => commit(side, value)}
            onCancel={cancel}
          />
        ))}
      </div>
      <div className={styles['buttons']}>
        <Button
          size="s"
          fill
          disabled={!effective || person.locked}
          onClick={() => void commandById('box-toggle-keyframe').run()}
        >
          {effective?.isKeyframe ? 'Remove keyframe' : 'Set keyframe'} <Keys shortcut="Q" flat />
        </Button>
        <IconButton
          icon={Square}
          size="s"
          label="Keep boxes square"
          shortcut="Shift+K"
          pressed={isSquare}
          onClick={toggleKeepSquare}
        />
        <Button size="s" fill disabled={effective?.origin !== 'manual' || person.locked} onClick={backToDetected}>
          Back to detected
        </Button>
      </div>
    </Section>
  );
}
