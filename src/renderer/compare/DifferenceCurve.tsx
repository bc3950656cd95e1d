import { useLayoutEffect, useRef } from 'react';
import { playhead } from '../playback/playhead';
import { usePlayheadFrame } from '../session/usePlayhead';
import { useView } from '../session/viewStore';
import { readToken } from '../theme/readToken';
import { formatNumber } from '../wording/numbers';
import styles from './compare.module.css';

const WIDTH = 300;
const HEIGHT = 72;

/** Mean difference of the joints over the clip, mm; a click goes to the frame. */
export function DifferenceCurve({ curve }: { curve: Float32Array }) {
  const ref = useRef<HTMLCanvasElement | null>(null);
  const frame = usePlayheadFrame();
  const theme = useView((state) => state.theme);
  const most = curve.reduce((high, value) => (value > high ? value : high), 1);
  useLayoutEffect(() => {
    const canvas = ref.current;
    const context = canvas?.getContext('2d');
    if (!canvas || !context) return;
    const ratio = window.devicePixelRatio || 1;
    canvas.width = WIDTH * ratio;
    canvas.height = HEIGHT * ratio;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const x = (at: number) => ((at + 0.5) / Math.max(1, curve.length)) * WIDTH;
    const y = (value: number) => HEIGHT - 2 - (value / most) * (HEIGHT - 6);
    context.strokeStyle = readToken(canvas, '--text-1');
    context.lineWidth = 1.25;
    context.beginPath();
    let isDrawing = false;
    curve.forEach((value, at) => {
      if (Number.isNaN(value)) isDrawing = false;
      else if (isDrawing) context.lineTo(x(at), y(value));
      else {
        context.moveTo(x(at), y(value));
        isDrawing = true;
      }
    });
    context.stroke();
    context.fillStyle = readToken(canvas, '--accent');
    context.fillRect(x(frame) - 0.75, 0, 1.5, HEIGHT);
  }, [curve, frame, most, theme]);
  const here = curve[frame];
  const spoken =
    here === undefined || Number.isNaN(here) ? 'no body in one of them' : `${formatNumber(Math.round(here))} mm`;
  return (
    <figure className={styles['curve']}>
      <figcaption>
        <span>Mean of all joints, hips aligned</span>
        <b>{spoken} here</b>
      </figcaption>
      <canvas
        ref={ref}
        style={{ width: WIDTH, height: HEIGHT }}
        role="img"
        aria-label={`Difference over the clip, up to ${formatNumber(Math.round(most))} mm; frame ${frame}: ${spoken}`}
        onClick={(event) => {
          const share = event.nativeEvent.offsetX / event.currentTarget.clientWidth;
          playhead.seek(Math.max(0, Math.min(curve.length - 1, Math.floor(share * curve.length))));
        }}
      />
      <small>
        0 to {formatNumber(Math.round(most))} mm, {formatNumber(curve.length)} frames
      </small>
    </figure>
  );
}
