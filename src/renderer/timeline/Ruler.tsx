import { RotateCw } from 'lucide-react';
import { type ReactNode, useCallback } from 'react';
import { type FrameTimes, secondsOfFrame } from '#core/frames/frameTimes';
import { playhead } from '../playback/playhead';
import { activeRun, outOfDateFrames, outOfDateText, runState } from '../runs/startRun';
import { useFromPlayhead, usePlayheadFrame } from '../session/usePlayhead';
import { useProject } from '../session/projectStore';
import { useView, viewStore } from '../session/viewStore';
import { readToken } from '../theme/readToken';
import { countOf } from '../wording/numbers';
import { formatSeconds } from '../wording/times';
import { rulerMarks, xOfFrame } from './geometry';
import { frameUnder, scrubOrSelect } from './scrub';
import { trackDrag } from './trackDrag';
import { useTimeline } from './timelineStore';
import styles from './timeline.module.css';
import { useLaneCanvas } from './useLaneCanvas';

const HEIGHT = 26;

function RangeMarks() {
  const range = useView((state) => state.range);
  const { view, width } = useTimeline((state) => state);
  if (!range) return null;
  const frameCount = playhead.frameCount();
  const left = xOfFrame(view, range.from, frameCount, width);
  const right = xOfFrame(view, range.to, frameCount, width);
  const drag = (edge: 'from' | 'to') => (event: React.PointerEvent<HTMLElement>) => {
    event.stopPropagation();
    const body = event.currentTarget.parentElement;
    if (!body) return;
    trackDrag(event, (clientX) => {
      const frame = frameUnder(body, clientX);
      const current = viewStore.getState().range ?? range;
      const next = edge === 'from' ? { ...current, from: frame } : { ...current, to: frame + 1 };
      if (next.to > next.from) viewStore.setState({ range: next });
    });
  };
  return (
    <>
      <div className={styles['range']} style={{ left, width: Math.max(2, right - left) }} />
      <div className={styles['rangeEdge']} style={{ left }} onPointerDown={drag('from')} title="In" />
      <div className={styles['rangeEdge']} style={{ left: right }} onPointerDown={drag('to')} title="Out" />
    </>
  );
}

const TAG_PIXELS = 92;
const LABEL_HALF = 26;

/** Left edge of the count's tag, px: at its first frame, beside the playhead's label where the two would meet. */
function placeTag(x: number, playheadX: number, width: number): number {
  const wanted = Math.max(0, Math.min(width - TAG_PIXELS, x));
  if (playheadX + LABEL_HALF < wanted || playheadX - LABEL_HALF > wanted + TAG_PIXELS) return wanted;
  const after = playheadX + LABEL_HALF;
  return after + TAG_PIXELS <= width ? after : playheadX - LABEL_HALF - TAG_PIXELS;
}

/** How many frames are out of date, at the first of them. */
function StaleTag({ first, text, frameCount }: { first: number; text: string; frameCount: number }) {
  const { view, width } = useTimeline((state) => state);
  const at = xOfFrame(view, first, frameCount, width);
  const x = useFromPlayhead((frame) => placeTag(at, xOfFrame(view, frame + 0.5, frameCount, width), width));
  return (
    <span className={styles['staleTag']} style={{ left: x }}>
      <RotateCw size={12} strokeWidth={2} aria-hidden />
      {text}
    </span>
  );
}

function RunMarks() {
  const project = useProject((state) => state.project);
  const { view, width } = useTimeline((state) => state);
  if (!project) return null;
  const { frameCount } = project.media;
  const run = activeRun(project);
  if (run) {
    const { done, total } = run.stages.find(({ id }) => id === 'detect') ?? { done: 0, total: 0 };
    const end = xOfFrame(view, total > 0 ? (done / total) * frameCount : 0, frameCount, width);
    return <div className={styles['detected']} style={{ width: Math.max(0, end) }} />;
  }
  if (runState(project) !== 'rerun') return null;
  const outOfDate = outOfDateFrames(project);
  const first = Math.min(...outOfDate.people.flatMap((entry) => entry.spans.map((span) => span.from)));
  return <StaleTag first={first} text={outOfDateText(outOfDate)} frameCount={frameCount} />;
}

const NO_CUTS: readonly number[] = [];

function useCuts(): readonly number[] {
  return useProject((state) => state.project?.results.cuts ?? NO_CUTS);
}

function spokenPosition(frame: number, times: FrameTimes | undefined, cuts: readonly number[]): string {
  const time = times ? `, ${formatSeconds(secondsOfFrame(times, frame))}` : '';
  return `Frame ${frame}${time}${cuts.includes(frame) ? ', first after a cut' : ''}`;
}

/** A line with a notch on both sides where a shot begins. */
function drawCut(context: CanvasRenderingContext2D, x: number, colour: string): void {
  context.fillStyle = colour;
  context.fillRect(x, 0, 1, HEIGHT);
  context.beginPath();
  context.moveTo(x - 3.5, 0);
  context.lineTo(x + 4.5, 0);
  context.lineTo(x + 0.5, 5);
  context.fill();
}

/** The slider itself: alone in rendering with every frame, because its position is spoken. */
function ScrubArea({ children }: { children: ReactNode }) {
  const media = useProject((state) => state.project?.media);
  const frame = usePlayheadFrame();
  const cuts = useCuts();
  return (
    <div
      className={styles['body']}
      role="slider"
      tabIndex={0}
      aria-label="Playhead"
      aria-valuemin={0}
      aria-valuemax={Math.max(0, (media?.frameCount ?? 0) - 1)}
      aria-valuenow={frame}
      aria-valuetext={spokenPosition(frame, media, cuts)}
      onPointerDown={scrubOrSelect}
      onWheel={(event) => {
        if (!event.ctrlKey && !event.shiftKey) playhead.step(Math.sign(event.deltaY));
      }}
    >
      {children}
    </div>
  );
}

/** Frame numbers, in and out, and the place to drag the playhead. */
export function Ruler() {
  const view = useTimeline((state) => state.view);
  const frameCount = useProject((state) => state.project?.media.frameCount ?? 0);
  const cuts = useCuts();
  const draw = useCallback(
    (context: CanvasRenderingContext2D, element: HTMLCanvasElement, width: number) => {
      context.clearRect(0, 0, width, HEIGHT);
      const [text, major, minor] = [
        readToken(element, '--text-3'),
        readToken(element, '--line-3'),
        readToken(element, '--line-2'),
      ];
      context.font = `400 11px ${readToken(element, '--font-ui')}`;
      context.textBaseline = 'top';
      for (const mark of rulerMarks(view, frameCount, width)) {
        context.fillStyle = mark.isMajor ? major : minor;
        context.fillRect(Math.round(mark.x), HEIGHT - (mark.isMajor ? 9 : 4), 1, mark.isMajor ? 9 : 4);
        if (mark.label === undefined) continue;
        context.fillStyle = text;
        context.fillText(mark.label, mark.x + 4, 5);
      }
      for (const cut of cuts) drawCut(context, Math.round(xOfFrame(view, cut, frameCount, width)), text);
    },
    [view, frameCount, cuts],
  );
  const canvas = useLaneCanvas(HEIGHT, draw);
  return (
    <div className={`${styles['lane']} ${styles['ruler']}`}>
      <div className={styles['head']}>
        <span>Frames</span>
        {cuts.length > 0 && (
          <small title="Lines in the ruler; Page Up and Page Down go there">{countOf(cuts.length, 'cut')}</small>
        )}
      </div>
      <ScrubArea>
        <canvas ref={canvas} />
        <RangeMarks />
        <RunMarks />
      </ScrubArea>
    </div>
  );
}
