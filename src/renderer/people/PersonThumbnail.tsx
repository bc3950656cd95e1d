import type { Person } from '#core/document/schema';
import { bulkRoutes } from '#core/protocol/bulkRoutes';
import { effectiveBoxAt, personExtent } from '#core/tracks/effectiveBoxes';
import { useProject } from '../session/projectStore';
import { PersonBadge } from '../controls/PersonBadge';
import styles from './people.module.css';

const WIDTH = 38;
const HEIGHT = 46;
/** px of the frame the thumbnail is cut from; one size, so that frames are shared between people. */
const LONG_SIDE = 480;
/** Part of the box's height that fits: head to hips. */
const SHOWN_PART = 0.72;

/** The person as seen in the middle of their track, with their number. */
export function PersonThumbnail({ person }: { person: Person }) {
  const projectId = useProject((state) => state.project?.projectId);
  const media = useProject((state) => state.project?.media);
  const tracks = useProject((state) => state.project?.tracks);
  const extent = personExtent(person);
  const frame = extent ? (extent.from + extent.to) >> 1 : 0;
  const box = tracks && effectiveBoxAt(person, tracks, frame)?.box;
  let picture = null;
  if (projectId && media && box) {
    const shown = Math.min(1, LONG_SIDE / Math.max(media.width, media.height));
    const height = Math.max(box.height, (box.width * HEIGHT) / WIDTH);
    const scale = HEIGHT / (height * SHOWN_PART || 1);
    const left = WIDTH / 2 - (box.x + box.width / 2) * scale;
    const top = -(box.y - box.height * 0.02) * scale;
    picture = (
      <img
        src={bulkRoutes.frame(projectId, frame, LONG_SIDE)}
        alt=""
        width={media.width * shown}
        style={{
          position: 'absolute',
          left,
          top,
          width: media.width * scale,
          height: media.height * scale,
          maxWidth: 'none',
        }}
      />
    );
  }
  return (
    <div className={styles['thumb']}>
      <div className={styles['pictureClip']}>{picture}</div>
      <span className={styles['badgeAt']}>
        <PersonBadge number={person.number} color={person.color} />
      </span>
    </div>
  );
}
