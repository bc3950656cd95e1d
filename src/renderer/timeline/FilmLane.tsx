import { Film } from 'lucide-react';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { bulkRoutes } from '#core/protocol/bulkRoutes';
import { presentation } from '../playback/presentation';
import { useProject } from '../session/projectStore';
import { formatSeconds } from '../wording/times';
import { frameAtX } from './geometry';
import { type TimelineState, timelineStore } from './timelineStore';
import { scrubOrSelect } from './scrub';
import styles from './timeline.module.css';

const HEIGHT = 32;
const NARROWEST = 40;
/** px of the longer side that the engine makes thumbnails in. */
const LONG_SIDE = 128;
const QUIET_MS = 160;

/** The timeline's view, once it has been still for a moment: thumbnails cost a seek each. */
function useQuietTimeline(): Pick<TimelineState, 'view' | 'width'> {
  const [quiet, setQuiet] = useState(() => timelineStore.getState());
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const settle = () => {
      clearTimeout(timer);
      timer = setTimeout(() => setQuiet(timelineStore.getState()), QUIET_MS);
    };
    settle();
    const end = timelineStore.subscribe(settle);
    return () => {
      clearTimeout(timer);
      end();
    };
  }, []);
  return quiet;
}

/** Requests of the film under way at once: the stage's own picture must not wait behind a row of thumbnails. */
const AT_ONCE = 2;

/** False until the stage has its first picture. */
function useStageReady(): boolean {
  return useSyncExternalStore(presentation.subscribe, () => presentation.picture() !== undefined);
}

/** The thumbnails of some frames, asked for a few at a time, from left to right. */
function Tiles({ projectId, frames, tile }: { projectId: string; frames: readonly number[]; tile: number }) {
  const [arrived, setArrived] = useState(0);
  const arrive = (index: number, { currentTarget }: React.SyntheticEvent<HTMLElement>, isThere: boolean) => {
    setArrived((count) => Math.max(count, index + 1));
    // The stage says why there is none; a broken picture for each would only be noise.
    currentTarget.style.visibility = isThere ? '' : 'hidden';
  };
  return frames
    .slice(0, arrived + AT_ONCE)
    .map((frame, index) => (
      <img
        key={index}
        className={styles['tile']}
        style={{ left: index * tile, width: tile, height: HEIGHT }}
        src={bulkRoutes.frame(projectId, frame, LONG_SIDE)}
        alt=""
        decoding="async"
        draggable={false}
        onLoad={(event) => arrive(index, event, true)}
        onError={(event) => arrive(index, event, false)}
      />
    ));
}

/** Pictures of the clip along time. */
export function FilmLane() {
  const projectId = useProject((state) => state.project?.projectId);
  const media = useProject((state) => state.project?.media);
  const { view, width } = useQuietTimeline();
  const isReady = useStageReady();
  if (!media || projectId === undefined) return null;
  const tile = Math.max(NARROWEST, (HEIGHT * media.width) / media.height);
  const count = Math.ceil(width / tile);
  const frames = Array.from({ length: count }, (_, index) =>
    frameAtX(view, (index + 0.5) * tile, media.frameCount, width),
  );
  return (
    <div className={`${styles['lane']} ${styles['film']} ${styles['hideShort']}`}>
      <div className={styles['head']}>
        <Film size={14} strokeWidth={1.5} aria-hidden />
        <b>Video</b>
        <small>{formatSeconds(media.seconds)}</small>
      </div>
      <div className={styles['body']} aria-hidden onPointerDown={scrubOrSelect}>
        {isReady && <Tiles key={projectId} projectId={projectId} frames={frames} tile={tile} />}
      </div>
    </div>
  );
}
