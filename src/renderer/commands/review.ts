import { goToNextPlace } from '../review/checkStore';
import type { Command } from './command';
import { isProjectOpen } from './conditions';

const area = 'Move in time';

/** Commands that go over the places to check. */
export const reviewCommands: readonly Command[] = [
  {
    id: 'next-check',
    title: 'Next to check',
    area,
    shortcuts: ['N'],
    when: isProjectOpen,
    run: () => goToNextPlace(1),
  },
  {
    id: 'previous-check',
    title: 'Previous to check',
    area,
    shortcuts: ['Shift+N'],
    when: isProjectOpen,
    run: () => goToNextPlace(-1),
  },
];
