import type { Person } from '#core/document/schema';
import { keyframeBefore } from '#core/tracks/interpolation';
import { playhead } from '../playback/playhead';
import { useFromPlayhead } from '../session/usePlayhead';
import { selectPerson } from '../session/viewStore';
import { MOST_MARKS_IN_SIGHT, visibleFrames, xOfFrame } from './geometry';
import { copyByDrag } from './laneEdits';
import type { Lane } from './laneModel';
import { useTimeline } from './timelineStore';
import styles from './timeline.module.css';

function hasKeyframe({ keyframes }: Person, frame: number): boolean {
  return keyframes[keyframeBefore(keyframes, frame) + 1]?.frame === frame;
}

/** Diamonds on a lane: a click goes there, a drag to the right copies the box that far (by keyboard: P). */
export function Keyframes({ person, lane }: { person: Person; lane: Lane }) {
  const { view, width } = useTimeline((state) => state);
  const frameCount = playhead.frameCount();
  const keyframeHere = useFromPlayhead((frame) => (hasKeyframe(person, frame) ? frame : undefined));
  const { from, to } = visibleFrames(view, frameCount, width);
  const shown = lane.keyframes.filter((at) => at >= from && at < to);
  if (shown.length > MOST_MARKS_IN_SIGHT) return null;
  return shown.map((at) => (
    <span key={at} role="gridcell">
      <button
        type="button"
        tabIndex={-1}
        className={styles['keyframe']}
        data-current={at === keyframeHere}
        aria-label={`Keyframe of ${person.name}, frame ${at}`}
        style={{ left: xOfFrame(view, at + 0.5, frameCount, width) }}
        onPointerDown={(event) => {
          event.stopPropagation();
          copyByDrag(event, person.id, at);
        }}
        onClick={() => {
          selectPerson(person.id);
          playhead.pause();
          playhead.seek(at);
        }}
      />
    </span>
  ));
}
