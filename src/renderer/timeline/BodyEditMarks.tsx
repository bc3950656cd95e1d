import { Tooltip } from '@base-ui/react/tooltip';
import { Ruler } from 'lucide-react';
import { useMemo } from 'react';
import type { Person } from '#core/document/schema';
import controls from '../controls/controls.module.css';
import { IconButton } from '../controls/IconButton';
import { playhead } from '../playback/playhead';
import { selectPerson, viewStore } from '../session/viewStore';
import { type PoseMark, poseMarkName, poseMarksOf } from './poseMarks';
import { MOST_MARKS_IN_SIGHT, visibleFrames, xOfFrame } from './geometry';
import { useTimeline } from './timelineStore';
import styles from './timeline.module.css';

function show(person: Person, { frame, joints }: PoseMark): void {
  selectPerson(person.id);
  playhead.pause();
  playhead.seek(frame);
  viewStore.setState({ inspectorTab: 'pose', pickedJoint: joints[0] });
}

function Mark({ person, mark, left }: { person: Person; mark: PoseMark; left: number }) {
  const name = poseMarkName(person.name, mark);
  const cell = (
    <div
      role="gridcell"
      className={styles['poseMark']}
      aria-label={name}
      data-from={mark.frame}
      data-person={person.id}
      data-mark="pose"
      tabIndex={-1}
      style={{ left }}
      onPointerDown={(event) => event.stopPropagation()}
      onClick={() => show(person, mark)}
    />
  );
  return (
    <Tooltip.Root>
      <Tooltip.Trigger render={cell} />
      <Tooltip.Portal>
        <Tooltip.Positioner sideOffset={6} className={controls['positioner']}>
          <Tooltip.Popup className={controls['tooltip']}>{name}</Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}

/** Rings over the bar where a human turned joints; reached with the arrow keys like the spans of the lane. */
export function PoseMarks({ person }: { person: Person }) {
  const { view, width } = useTimeline((state) => state);
  const marks = useMemo(() => poseMarksOf(person), [person]);
  const frameCount = playhead.frameCount();
  const { from, to } = visibleFrames(view, frameCount, width);
  const shown = marks.filter(({ frame }) => frame >= from && frame < to);
  if (shown.length > MOST_MARKS_IN_SIGHT) return null;
  return shown.map((mark) => (
    <Mark key={mark.frame} person={person} mark={mark} left={xOfFrame(view, mark.frame + 0.5, frameCount, width)} />
  ));
}

/** Says in the head of the lane that a human set the body's shape, which holds on all frames, and goes there. */
export function ShapeMark({ person }: { person: Person }) {
  if (!person.shapeEdit) return null;
  return (
    <IconButton
      size="s"
      icon={Ruler}
      label={`Shape of ${person.name} by hand, on all frames`}
      onClick={() => {
        selectPerson(person.id);
        viewStore.setState({ inspectorTab: 'shape' });
      }}
    />
  );
}
