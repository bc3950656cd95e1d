import { EyeOff } from 'lucide-react';
import type { Person } from '#core/document/schema';
import { Button } from '../controls/Button';
import { PersonBadge } from '../controls/PersonBadge';
import { boxSpans } from '../session/boxSpans';
import { useProject } from '../session/projectStore';
import { useView, viewStore } from '../session/viewStore';
import { countOf } from '../wording/numbers';
import { presenceText } from '../wording/presence';
import { unfoldPerson } from './peopleActions';
import styles from './people.module.css';

/** Tracks that were folded away, each with the rule that did it; any can be kept. */
export function FoldedTracks({ people }: { people: readonly Person[] }) {
  const isShown = useView((state) => state.showFolded);
  const project = useProject((state) => state.project);
  if (people.length === 0) return null;
  return (
    <>
      <div className={styles['folded']}>
        <EyeOff size={14} strokeWidth={1.5} aria-hidden />
        <span>{countOf(people.length, 'short track')} hidden</span>
        <Button look="link" size="s" onClick={() => viewStore.setState({ showFolded: !isShown })}>
          {isShown ? 'Fold away' : 'Show why'}
        </Button>
      </div>
      {isShown && (
        <ul className={styles['foldedList']} aria-label="Hidden tracks">
          {people.map((person) => (
            <li key={person.id}>
              <PersonBadge number={person.number} color={person.color} />
              <span>
                <b>
                  {person.name}
                  {project ? `, ${presenceText(boxSpans(person, project)).toLowerCase()}` : ''}
                </b>
                {person.foldedBecause}
              </span>
              <Button look="link" size="s" label={`Keep ${person.name}`} onClick={() => unfoldPerson(person.id)}>
                Keep
              </Button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
