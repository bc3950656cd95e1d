import { useState } from 'react';
import { secondsOfFrame } from '#core/frames/frameTimes';
import { playhead } from '../playback/playhead';
import { useProject } from '../session/projectStore';
import { usePlayheadFrame } from '../session/usePlayhead';
import text from '../theme/text.module.css';
import { formatRate, timecode } from '../wording/times';
import { parseFrameEntry } from './frameEntry';
import { revealInTimeline, timelineStore, useTimeline } from './timelineStore';
import styles from './timeline.module.css';

function close(): void {
  timelineStore.setState({ isEnteringFrame: false });
}

function Entry() {
  const media = useProject((state) => state.project?.media);
  const [value, setValue] = useState('');
  const [isWrong, setWrong] = useState(false);
  const go = () => {
    const frame = media && parseFrameEntry(value, playhead.frame(), media);
    if (frame === undefined) return setWrong(true);
    playhead.pause();
    playhead.seek(frame);
    revealInTimeline(frame);
    close();
  };
  return (
    <input
      className={styles['frameField']}
      // Opened by a key or a click on the number: typing goes on here.
      autoFocus
      aria-label="Go to frame or time"
      aria-invalid={isWrong}
      placeholder="118, 3.9s, +10"
      value={value}
      onChange={(event) => {
        setValue(event.target.value);
        setWrong(false);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') go();
        if (event.key === 'Escape') close();
      }}
      onBlur={close}
    />
  );
}

/** The current frame and time; a click or G opens a field to go elsewhere. */
export function FrameField() {
  const media = useProject((state) => state.project?.media);
  const frame = usePlayheadFrame();
  const isEntering = useTimeline((state) => state.isEnteringFrame);
  if (!media) return null;
  const rate = media.variableRate ? 'variable rate' : formatRate(media.rate);
  return (
    <div className={styles['position']}>
      {isEntering ? (
        <Entry />
      ) : (
        <button
          type="button"
          className={styles['frameButton']}
          aria-label={`Frame ${frame} of ${media.frameCount - 1}, go to frame or time`}
          onClick={() => timelineStore.setState({ isEnteringFrame: true })}
        >
          <b>{frame}</b> of {media.frameCount - 1}
        </button>
      )}
      <time>{timecode(frame, secondsOfFrame(media, frame), media.rate)}</time>
      <span className={text['clip']} title={media.rateAssumed ? 'Assumed: the source says no rate' : undefined}>
        {rate}
        {media.rateAssumed ? ' assumed' : ''}
      </span>
    </div>
  );
}
