import { PenLine } from 'lucide-react';
import { useCallback, useMemo } from 'react';
import { type HumanEdits, humanEditsOf } from '#core/document/humanEdits';
import { countFrames } from '#core/frames/span';
import { useProject } from '../session/projectStore';
import { readToken } from '../theme/readToken';
import { countOf } from '../wording/numbers';
import { type TimelineView, xOfFrame } from './geometry';
import { scrubOrSelect } from './scrub';
import styles from './timeline.module.css';
import { useTimeline } from './timelineStore';
import { useLaneCanvas } from './useLaneCanvas';

const HEIGHT = 24;
const BAR = { top: 8, height: 8 };
const MARK = { top: 5, height: 14, width: 1.5 };

interface Ink {
  bar: string;
  mark: string;
}

function drawEdits(
  context: CanvasRenderingContext2D,
  { frames, spans }: HumanEdits,
  view: TimelineView,
  frameCount: number,
  width: number,
  ink: Ink,
): void {
  context.clearRect(0, 0, width, HEIGHT);
  context.fillStyle = ink.bar;
  for (const { from, to } of spans) {
    const left = xOfFrame(view, from, frameCount, width);
    const right = xOfFrame(view, to, frameCount, width);
    if (right < 0 || left > width) continue;
    context.fillRect(left, BAR.top, Math.max(1, right - left), BAR.height);
  }
  context.fillStyle = ink.mark;
  for (const frame of frames) {
    const x = xOfFrame(view, frame + 0.5, frameCount, width);
    if (x >= 0 && x <= width) context.fillRect(x - MARK.width / 2, MARK.top, MARK.width, MARK.height);
  }
}

/** What humans changed, everybody together: bars are frames that are as they said, lines where an edit was made. */
export function EditsLane() {
  const people = useProject((state) => state.project?.document.people);
  const edits = useMemo(() => humanEditsOf(people ?? []), [people]);
  const frameCount = useProject((state) => state.project?.media.frameCount ?? 0);
  const view = useTimeline((state) => state.view);
  const draw = useCallback(
    (context: CanvasRenderingContext2D, element: HTMLCanvasElement, width: number) => {
      const ink = { bar: readToken(element, '--surface-5'), mark: readToken(element, '--text-1') };
      drawEdits(context, edits, view, frameCount, width, ink);
    },
    [edits, view, frameCount],
  );
  const canvas = useLaneCanvas(HEIGHT, draw);
  if (edits.count === 0) return null;
  const label = `${countOf(edits.count, 'edit')} by hand, ${countOf(countFrames(edits.spans), 'frame')}`;
  return (
    <div className={`${styles['lane']} ${styles['edits']}`}>
      <div className={styles['head']}>
        <PenLine size={14} strokeWidth={1.5} aria-hidden />
        <b>Edits</b>
        <small>{edits.count}</small>
      </div>
      <div className={styles['body']} onPointerDown={scrubOrSelect}>
        <canvas ref={canvas} role="img" aria-label={label} />
      </div>
    </div>
  );
}
