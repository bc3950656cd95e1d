import {
  Blend,
  Bone,
  CircleHelp,
  Footprints,
  type LucideIcon,
  MoveDiagonal,
  Spline,
  TriangleAlert,
  Unlink,
  UserMinus,
  UserPlus,
  Zap,
} from 'lucide-react';
import { type PlaceToCheck, reasonText } from '#core/review/places';
import type { Reason } from '#core/review/signal';
import { Keys } from '../controls/Keys';
import { Count } from '../controls/Marks';
import { PersonBadge } from '../controls/PersonBadge';
import { PanelBar } from '../panels/PanelBar';
import { useProject } from '../session/projectStore';
import text from '../theme/text.module.css';
import { goToPlace, useChecks } from './checkStore';
import { ReviewProgress } from './ReviewProgress';
import styles from './review.module.css';

const ICONS: Record<Reason, LucideIcon> = {
  boxJump: MoveDiagonal,
  overlap: Blend,
  spawn: UserPlus,
  loss: UserMinus,
  gap: Unlink,
  longInterpolation: Spline,
  posePop: Zap,
  boneSlip: Bone,
  footSlip: Footprints,
  lowConfidence: TriangleAlert,
  lowPlausibility: CircleHelp,
};
const SHOWN = 60;

function Place({ place }: { place: PlaceToCheck }) {
  const isCurrent = useChecks((state) => state.current === place);
  const person = useProject((state) => state.project?.document.people.find((entry) => entry.id === place.person));
  const Icon = ICONS[place.reason];
  const step = Math.max(0, Math.min(9, Math.floor((1 - place.severity) * 10)));
  if (!person) return null;
  return (
    <li>
      <button
        type="button"
        className={styles['place']}
        aria-current={isCurrent}
        aria-label={`Frame ${place.frame}, ${person.name}: ${reasonText(place)}`}
        onClick={() => goToPlace(place)}
      >
        <span className={styles['mark']} data-good={step > 4} style={{ background: `var(--quality-${step})` }}>
          <Icon size={10} strokeWidth={2.4} aria-hidden />
        </span>
        <span className={styles['frame']}>{place.frame}</span>
        <span className={styles['text']} title={reasonText(place)}>
          {reasonText(place)}
        </span>
        <PersonBadge number={person.number} color={person.color} />
      </button>
    </li>
  );
}

/** Where a human should look, worst first. */
export function ChecksList() {
  const places = useChecks((state) => state.places);
  const hasBoxes = useChecks((state) => state.counts.size > 0);
  if (!hasBoxes) return null;
  return (
    <section className={styles['section']} aria-label="To check">
      <PanelBar title="To check">
        <Count>{places.length}</Count>
        <span className={text['grow']} />
        <span className={styles['next']}>
          Next <Keys shortcut="N" />
        </span>
      </PanelBar>
      {places.length === 0 ? (
        <p className={styles['empty']}>Nothing suspect is left unreviewed.</p>
      ) : (
        <ul className={styles['list']}>
          {places.slice(0, SHOWN).map((place) => (
            <Place key={`${place.person} ${place.reason} ${place.from}`} place={place} />
          ))}
        </ul>
      )}
      <ReviewProgress />
    </section>
  );
}
