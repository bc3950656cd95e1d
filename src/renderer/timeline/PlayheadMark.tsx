import { useEffect, useRef } from 'react';
import { markedFrame } from '../playback/markedFrame';
import { playhead } from '../playback/playhead';
import { COLUMN_PIXELS, scaleOf, xOfFrame } from './geometry';
import styles from './timeline.module.css';
import { timelineStore } from './timelineStore';

/** Calls back now and whenever the playhead or the timeline's view moved: without React, so that playing stays smooth. */
function usePlacement(place: (x: number, column: number) => void): void {
  const latest = useRef(place);
  latest.current = place;
  useEffect(() => {
    const update = () => {
      const { view, width } = timelineStore.getState();
      const frameCount = playhead.frameCount();
      if (frameCount === 0) return;
      const scale = scaleOf(view, frameCount, width);
      latest.current(xOfFrame(view, markedFrame.frame(), frameCount, width), scale);
    };
    update();
    const ends = [playhead.subscribe(update), markedFrame.subscribe(update), timelineStore.subscribe(update)];
    return () => {
      for (const end of ends) end();
    };
  }, []);
}

/** The line through all lanes; from 6 px a frame on it covers the frame's column. */
export function PlayheadLine() {
  const mark = useRef<HTMLDivElement>(null);
  const column = useRef<HTMLDivElement>(null);
  const line = useRef<HTMLDivElement>(null);
  usePlacement((x, width) => {
    if (!mark.current || !column.current || !line.current) return;
    mark.current.style.transform = `translateX(${x}px)`;
    column.current.style.width = width >= COLUMN_PIXELS ? `${width}px` : '0';
    line.current.style.left = `${width / 2}px`;
  });
  return (
    <div className={styles['playheadArea']} aria-hidden>
      <div ref={mark} className={styles['playhead']}>
        <div ref={column} className={styles['playheadColumn']} />
        <div ref={line} className={styles['playheadLine']} />
      </div>
    </div>
  );
}

/** The frame number on the ruler, above the line. */
export function PlayheadLabel() {
  const label = useRef<HTMLSpanElement>(null);
  usePlacement((x, width) => {
    if (!label.current) return;
    label.current.textContent = String(markedFrame.frame());
    const room = timelineStore.getState().width;
    label.current.style.transform = `translateX(clamp(0px, calc(${x + width / 2}px - 50%), calc(${room}px - 100%)))`;
  });
  return (
    <div className={styles['playheadLabelArea']} aria-hidden>
      <span ref={label} className={styles['playheadLabel']} />
    </div>
  );
}
