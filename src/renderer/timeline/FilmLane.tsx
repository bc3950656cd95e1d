import { Film } from 'lucide-react';
import { useEffect, useState } from 'react';
import { bulkRoutes } from '#core/protocol/bulkRoutes';
import { useProject } from '../session/projectStore';
import { formatSeconds } from '../wording/times';
import { frameAtX } from './geometry';
import { type TimelineState, timelineStore } from './timelineStore';
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

/** Pictures of the clip along time. */
export function FilmLane() {
  const projectId = useProject((state) => state.project?.projectId);
  const media = useProject((state) => state.project?.media);
  const { view, width } = useQuietTimeline();
  if (!media || projectId === undefined) return null;
  const tile = Math.max(NARROWEST, (HEIGHT * media.width) / media.height);
  const count = Math.ceil(width / tile);
  return (
    <div className={`${styles['lane']} ${styles['film']} ${styles['hideShort']}`}>
      <div className={styles['head']}>
        <Film size={14} strokeWidth={1.5} aria-hidden />
        <b>Video</b>
        <small>{formatSeconds(media.seconds)}</small>
      </div>
      <div className={styles['body']} aria-hidden>
        {Array.from({ length: count }, (_, index) => {
          const frame = frameAtX(view, (index + 0.5) * tile, media.frameCount, width);
          return (
            <img
              key={index}
              className={styles['tile']}
              style={{ left: index * tile, width: tile, height: HEIGHT }}
              src={bulkRoutes.frame(projectId, frame, LONG_SIDE)}
              alt=""
              decoding="async"
              draggable={false}
            />
          );
        })}
      </div>
    </div>
  );
}
