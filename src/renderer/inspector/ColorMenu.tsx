import { Palette } from 'lucide-react';
import type { Person } from '#core/document/schema';
import controls from '../controls/controls.module.css';
import { MenuButton } from '../controls/MenuButton';
import { recolorPerson } from '../people/peopleActions';
import { PERSON_COLOR_NAMES, identityOf } from '../theme/identity';

/** The colour of a person in boxes, lanes and bodies; the number and the pattern of the lane stay. */
export function ColorMenu({ person }: { person: Person }) {
  const { slot } = identityOf(person.number, person.color);
  return (
    <MenuButton
      trigger={
        <button type="button" className={controls['iconButton']} aria-label={`Colour of ${person.name}`} title="Colour">
          <Palette size={16} strokeWidth={1.5} aria-hidden />
        </button>
      }
      groups={[
        {
          heading: 'Colour',
          entries: PERSON_COLOR_NAMES.map((title, color) => ({
            title,
            swatch: color + 1,
            checked: slot === color + 1,
            // The one that is shown already would be an edit that changes nothing to see.
            onChoose: () => slot !== color + 1 && recolorPerson(person.id, color),
          })),
        },
        {
          entries: [
            {
              title: `As number ${person.number} has it`,
              disabled: person.color === undefined,
              onChoose: () => recolorPerson(person.id, undefined),
            },
          ],
        },
      ]}
    />
  );
}
