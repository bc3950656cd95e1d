import { Check, ChevronRight } from 'lucide-react';
import { reasonText } from '#core/review/places';
import { Button } from '../controls/Button';
import { Keys } from '../controls/Keys';
import { PersonBadge } from '../controls/PersonBadge';
import { useProject } from '../session/projectStore';
import { useFromPlayhead } from '../session/usePlayhead';
import { useView } from '../session/viewStore';
import { goToNextPlace, useChecks } from './checkStore';
import { markPlaceReviewed } from './reviewActions';
import styles from './review.module.css';

/** Why the playhead stopped here, over the stage, while it stands in the place that was gone to. */
export function CheckReason() {
  const place = useChecks((state) => state.current);
  const isHere = useFromPlayhead((frame) => place !== undefined && frame >= place.from && frame < place.to);
  const selected = useView((state) => state.selection.at(-1));
  const person = useProject((state) => state.project?.document.people.find(({ id }) => id === place?.person));
  if (!place || !person || selected !== person.id || !isHere) return null;
  return (
    <section className={styles['reason']} aria-label="Why this place">
      <PersonBadge number={person.number} color={person.color} />
      <span>
        <b>{reasonText(place)}</b>
        <small>frame {place.frame}</small>
      </span>
      <Button size="s" icon={Check} onClick={markPlaceReviewed}>
        Mark reviewed <Keys shortcut="R" flat />
      </Button>
      <Button size="s" icon={ChevronRight} label="Next to check" onClick={() => goToNextPlace(1)}>
        Next <Keys shortcut="N" flat />
      </Button>
    </section>
  );
}
