import { Minus, Plus } from 'lucide-react';
import { IconButton } from '../controls/IconButton';
import { RangeSlider } from '../controls/RangeSlider';
import { useProject } from '../session/projectStore';
import { MAX_PIXELS_PER_FRAME, scaleOf, visibleFrames } from './geometry';
import { setTimelineView, useTimeline, zoomTimeline } from './timelineStore';
import { trackDrag } from './trackDrag';
import styles from './timeline.module.css';

/** What part of the clip is in sight, and the zoom. */
export function ZoomBar() {
  const { view, width } = useTimeline((state) => state);
  const frameCount = useProject((state) => state.project?.media.frameCount ?? 1);
  const { from, to } = visibleFrames(view, frameCount, width);
  const scale = scaleOf(view, frameCount, width);
  const fitting = width / frameCount;
  const range = Math.log(Math.max(1.0001, MAX_PIXELS_PER_FRAME / fitting));
  const level = Math.round((Math.log(scale / fitting) / range) * 100);
  const startPan = (event: React.PointerEvent<HTMLDivElement>) => {
    if (view.scale === 0) return;
    const pixels = event.currentTarget.getBoundingClientRect().width;
    const start = view.start;
    const origin = event.clientX;
    trackDrag(event, (x) => setTimelineView({ start: start + ((x - origin) * frameCount) / pixels, scale }));
  };
  return (
    <div className={styles['zoombar']}>
      <span>{from}</span>
      <div
        className={styles['navigator']}
        role="scrollbar"
        aria-label="Visible frames"
        aria-orientation="horizontal"
        aria-controls="lanes"
        aria-valuemin={0}
        aria-valuemax={frameCount - 1}
        aria-valuenow={from}
        onPointerDown={startPan}
      >
        <i style={{ left: `${(from / frameCount) * 100}%`, width: `${((to - from) / frameCount) * 100}%` }} />
      </div>
      <span>{to - 1}</span>
      <IconButton
        icon={Minus}
        size="s"
        label="Zoom the timeline out"
        shortcut="Ctrl+-"
        onClick={() => zoomTimeline(1 / 1.5)}
      />
      <div className={styles['zoomSlider']}>
        <RangeSlider
          label="Timeline zoom"
          value={Math.max(0, Math.min(100, level))}
          min={0}
          max={100}
          step={1}
          onChange={(next) => zoomTimeline((fitting * Math.exp((next / 100) * range)) / scale)}
        />
      </div>
      <IconButton
        icon={Plus}
        size="s"
        label="Zoom the timeline in"
        shortcut="Ctrl++"
        onClick={() => zoomTimeline(1.5)}
      />
    </div>
  );
}
