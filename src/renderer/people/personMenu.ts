import { selectPerson, viewStore } from '../session/viewStore';

/** Commands of a right click on a person, in groups. */
export const PERSON_MENU: readonly (readonly string[])[] = [
  [
    'box-toggle-keyframe',
    'box-interpolate',
    'box-copy-forward',
    'box-follow-forward',
    'box-outside-from',
    'box-back-to-detected',
  ],
  ['mark-reviewed', 'mark-range-reviewed', 'mark-person-reviewed', 'not-reviewed'],
  ['split', 'merge', 'swap'],
  ['run-person', 'hide-person', 'solo-person', 'lock-person'],
  ['delete-track'],
];

/** Selects the person a menu was opened on, unless they are one of several selected. */
export function selectForMenu(personId: string): void {
  if (!viewStore.getState().selection.includes(personId)) selectPerson(personId);
}
