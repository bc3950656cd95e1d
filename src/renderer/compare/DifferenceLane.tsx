import { ChartSpline } from 'lucide-react';
import { useCallback } from 'react';
import { useProject } from '../session/projectStore';
import { useShownFrame } from '../playback/useShownFrame';
import { readToken } from '../theme/readToken';
import { scaleOf, visibleFrames, xOfFrame } from '../timeline/geometry';
import { scrub } from '../timeline/scrub';
import lanes from '../timeline/timeline.module.css';
import { useTimeline } from '../timeline/timelineStore';
import { useLaneCanvas } from '../timeline/useLaneCanvas';
import styles from './compare.module.css';
import { differenceText, shownCurve } from './comparedMotion';
import { useCompare } from './compareStore';
import { curveTitle } from './DifferencePanel';

const HEIGHT = 64;
const MARGIN = 5;

function Here({ values }: { values: Float32Array }) {
  const measure = useCompare((state) => state.measure);
  const frame = useShownFrame();
  return <small>{differenceText(values[frame], measure)} here</small>;
}

function highest(values: Float32Array): number {
  return values.reduce((high, value) => (value > high ? value : high), 0);
}

/** The curve from `from` to `to`; of frames that share a px, the highest. NaN breaks the line. */
function strokeCurve(
  context: CanvasRenderingContext2D,
  values: Float32Array,
  frames: { from: number; to: number; perPixel: number },
  place: (frame: number, value: number) => { x: number; y: number },
): void {
  let isDrawing = false;
  context.beginPath();
  for (let at = frames.from - (frames.from % frames.perPixel); at < frames.to; at += frames.perPixel) {
    const value = highest(values.subarray(at, at + frames.perPixel));
    const isThere = !Number.isNaN(values[at] ?? Number.NaN) || value > 0;
    const { x, y } = place(at + frames.perPixel / 2, value);
    if (!isThere) isDrawing = false;
    else if (isDrawing) context.lineTo(x, y);
    else context.moveTo(x, y);
    if (isThere) isDrawing = true;
  }
  context.stroke();
}

/** How far two runs are apart along time, for the joint that is chosen. A press goes to its frame. */
export function DifferenceLane() {
  const { joint, measure, compared } = useCompare((state) => state);
  const view = useTimeline((state) => state.view);
  const frameCount = useProject((state) => state.project?.media.frameCount ?? 0);
  // Of what is chosen above: the same object until that changes.
  const values = compared && shownCurve()?.values;
  const most = values ? highest(values) : 0;
  const draw = useCallback(
    (context: CanvasRenderingContext2D, element: HTMLCanvasElement, width: number) => {
      context.clearRect(0, 0, width, HEIGHT);
      if (!values) return;
      const range = HEIGHT - 2 * MARGIN;
      const place = (frame: number, value: number) => ({
        x: xOfFrame(view, frame, frameCount, width),
        y: HEIGHT - MARGIN - (most > 0 ? value / most : 0) * range,
      });
      context.fillStyle = readToken(element, '--line-2');
      for (const share of [0, 0.5, 1]) context.fillRect(0, Math.round(HEIGHT - MARGIN - share * range), width, 1);
      context.strokeStyle = readToken(element, '--text-1');
      context.lineWidth = 1.4;
      const perPixel = Math.max(1, Math.floor(1 / scaleOf(view, frameCount, width)));
      strokeCurve(context, values, { ...visibleFrames(view, frameCount, width), perPixel }, place);
    },
    [values, most, view, frameCount],
  );
  const canvas = useLaneCanvas(HEIGHT, draw);
  const title = curveTitle(joint);
  const worst = values?.indexOf(most) ?? -1;
  const spoken =
    worst >= 0 ? `${title}: up to ${differenceText(most, measure)} on frame ${worst}` : `${title}: nothing to compare`;
  return (
    <div className={`${lanes['lane']} ${styles['curve']}`}>
      <div className={`${lanes['head']} ${styles['curveHead']}`}>
        <ChartSpline size={14} strokeWidth={1.5} aria-hidden />
        <div>
          <b>{title}</b>
          {values && <Here values={values} />}
        </div>
        {values && (
          <span className={styles['axis']} aria-hidden>
            <span>{differenceText(most, measure)}</span>
            <span>0</span>
          </span>
        )}
      </div>
      <div className={lanes['body']} onPointerDown={scrub}>
        <canvas ref={canvas} role="img" aria-label={spoken} />
      </div>
    </div>
  );
}
