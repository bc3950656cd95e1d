import { Circle, Diamond, Ratio, Spline } from 'lucide-react';
import { useRef } from 'react';
import type { Person } from '#core/document/schema';
import type { Box } from '#core/tracks/box';
import { planBackToDetected } from '#core/tracks/boxEdits';
import type { EffectiveBox } from '#core/tracks/effectiveBoxes';
import { beginBoxGesture, type BoxGesture } from '../boxes/boxGesture';
import { commandById } from '../commands/registry';
import { Button } from '../controls/Button';
import { Chip } from '../controls/Marks';
import { IconButton } from '../controls/IconButton';
import { NumberField } from '../controls/NumberField';
import { useBoxInHand } from '../session/boxInHand';
import { applyEdit } from '../session/editing';
import { effectiveBox, projectStore, useProject } from '../session/projectStore';
import { useShownFrame } from '../playback/useShownFrame';
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

function withSide(side: keyof Box, value: number, box: Box): Box {
  const isSquare = viewStore.getState().keepSquare && (side === 'width' || side === 'height');
  return isSquare ? { ...box, width: value, height: value } : { ...box, [side]: value };
}

/** The box on this frame in numbers; changing one sets a keyframe. */
export function BoxSection({ person }: { person: Person }) {
  const frame = useShownFrame();
  // Boxes of the tracker arrive after the person.
  useProject((state) => state.project?.tracks);
  useBoxInHand();
  const effective = effectiveBox(person.id, frame);
  const isSquare = useView((state) => state.keepSquare);
  const gesture = useRef<{ gesture: BoxGesture; box: Box } | undefined>(undefined);
  const preview = (side: keyof Box, value: number) => {
    if (!effective) return;
    const verb = side === 'x' || side === 'y' ? 'Move' : 'Resize';
    gesture.current ??= { gesture: beginBoxGesture(person.id, frame, verb), box: effective.box };
    gesture.current.gesture.update(withSide(side, value, gesture.current.box));
  };
  const cancel = () => {
    gesture.current?.gesture.cancel();
    gesture.current = undefined;
  };
  const commit = (side: keyof Box, value: number) => {
    preview(side, value);
    gesture.current?.gesture.commit();
    gesture.current = undefined;
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
          icon={Ratio}
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
