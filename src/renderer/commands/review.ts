import { goToNextPlace } from '../review/checkStore';
import {
  exportReview,
  hasReviews,
  markPeopleReviewed,
  markPlaceReviewed,
  markRangeReviewed,
} from '../review/reviewActions';
import { projectStore } from '../session/projectStore';
import { viewStore } from '../session/viewStore';
import type { Command } from './command';
import { isProjectOpen } from './conditions';

const area = 'Move in time';

function mayReview(): boolean {
  return projectStore.getState().project?.readOnly === undefined && viewStore.getState().selection.length > 0;
}

/** Commands that go over the places to check and mark what was looked at. */
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
  {
    id: 'mark-reviewed',
    title: 'Mark reviewed',
    area: 'People',
    shortcuts: ['R'],
    when: () => isProjectOpen() && mayReview(),
    run: markPlaceReviewed,
  },
  {
    id: 'mark-range-reviewed',
    title: 'Mark the range reviewed',
    area: 'People',
    shortcuts: ['Shift+R'],
    when: () => isProjectOpen() && mayReview(),
    run: markRangeReviewed,
  },
  {
    id: 'mark-person-reviewed',
    title: 'Mark the whole person reviewed',
    area: 'People',
    shortcuts: [],
    when: () => isProjectOpen() && mayReview(),
    run: () => markPeopleReviewed(true),
  },
  {
    id: 'not-reviewed',
    title: 'Take back the reviewed marks',
    area: 'People',
    shortcuts: [],
    when: () => isProjectOpen() && mayReview() && hasReviews(),
    run: () => markPeopleReviewed(false),
  },
  {
    id: 'review-report',
    title: 'Write the review report',
    area: 'Run and project',
    shortcuts: [],
    when: isProjectOpen,
    run: exportReview,
  },
];
