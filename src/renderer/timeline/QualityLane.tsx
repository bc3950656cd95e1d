import { Zap } from 'lucide-react';
import { useCallback, useMemo } from 'react';
import { useProject } from '../session/projectStore';
import { useView } from '../session/viewStore';
import { qualityRamp } from '../theme/readToken';
import { useChecks } from '../review/checkStore';
import { drawQuality } from './drawLane';
import { xOfFrame } from './geometry';
import { scrubOrSelect } from './scrub';
import { useTimeline } from './timelineStore';
import styles from './timeline.module.css';
import { useLaneCanvas } from './useLaneCanvas';

const HEIGHT = 30;

const MOST_MARKS = 80;

/** Triangles over the worst frames of the places to check. */
function CheckMarks() {
  const places = useChecks((state) => state.places);
  const frameCount = useProject((state) => state.project?.media.frameCount ?? 0);
  const { view, width } = useTimeline((state) => state);
  return places
    .slice(0, MOST_MARKS)
    .map((place) => (
      <i
        key={`${place.person} ${place.reason} ${place.from}`}
        className={styles['check']}
        style={{ left: xOfFrame(view, place.frame + 0.5, frameCount, width) }}
        aria-hidden
      />
    ));
}

/** How good boxes and bodies are, a row per person: bright is suspect. */
export function QualityLane() {
  const people = useProject((state) => state.project?.document.people);
  const frameCount = useProject((state) => state.project?.media.frameCount ?? 0);
  const quality = useChecks((state) => state.quality);
  const view = useTimeline((state) => state.view);
  const theme = useView((state) => state.theme);
  const rows = useMemo(
    () =>
      [...(people ?? [])]
        .filter((person) => person.foldedBecause === undefined)
        .sort((a, b) => a.number - b.number)
        .flatMap((person) => quality.get(person.id) ?? []),
    [people, quality],
  );
  const draw = useCallback(
    (context: CanvasRenderingContext2D, element: HTMLCanvasElement, width: number) => {
      drawQuality(context, rows, { view, frameCount, width, height: HEIGHT }, qualityRamp(element));
    },
    [rows, view, frameCount],
  );
  const canvas = useLaneCanvas(HEIGHT, draw);
  const label = rows.length > 0 ? 'Quality per frame and person' : 'Nobody yet, so no quality';
  return (
    <div className={`${styles['lane']} ${styles['quality']}`}>
      <div className={styles['head']}>
        <Zap size={14} strokeWidth={1.5} aria-hidden />
        <b>Quality</b>
        <small>{theme === 'dark' ? 'bright' : 'dark'}: look here</small>
      </div>
      <div className={styles['body']} onPointerDown={scrubOrSelect}>
        <canvas ref={canvas} role="img" aria-label={label} />
        <CheckMarks />
      </div>
    </div>
  );
}
