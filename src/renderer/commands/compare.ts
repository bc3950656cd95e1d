import { goToDifference, goToWorst } from '../compare/comparedMotion';
import { areRunsShown, isComparing } from '../compare/compareStore';
import { chooseSide, compareOrBlink, keepAsA, showCompare, showView, swapRuns } from '../compare/runActions';
import type { Command } from './command';
import { isProjectOpen } from './conditions';

const area = 'Compare';

/** Commands of keeping and comparing runs. Those without a project-wide meaning hold only while runs are compared. */
export const compareCommands: readonly Command[] = [
  {
    id: 'compare',
    title: 'Compare runs, again: the other run in its place',
    area,
    shortcuts: ['D'],
    when: isProjectOpen,
    run: compareOrBlink,
  },
  {
    id: 'compare-close',
    title: 'Back to review',
    area,
    shortcuts: ['Shift+D'],
    when: isComparing,
    run: () => showCompare(false),
  },
  { id: 'keep-run', title: 'Keep as run A', area, shortcuts: [], when: isProjectOpen, run: keepAsA },
  {
    id: 'compare-ghosts',
    title: 'A and B as ghosts',
    area,
    shortcuts: ['Y'],
    when: areRunsShown,
    run: () => showView('ghost'),
  },
  {
    id: 'compare-split',
    title: 'A left, B right of a divider',
    area,
    shortcuts: ['Shift+Y'],
    when: areRunsShown,
    run: () => showView('split'),
  },
  { id: 'compare-swap', title: 'Swap A and B', area, shortcuts: [], when: areRunsShown, run: swapRuns },
  {
    id: 'use-run-a',
    title: 'Use A in the range',
    area,
    shortcuts: ['A'],
    when: areRunsShown,
    run: () => chooseSide('A'),
  },
  {
    id: 'use-run-b',
    title: 'Use B in the range',
    area,
    shortcuts: ['B'],
    when: areRunsShown,
    run: () => chooseSide('B'),
  },
  {
    id: 'next-difference',
    title: 'Next difference',
    area,
    shortcuts: ['N'],
    when: areRunsShown,
    run: () => goToDifference(1),
  },
  {
    id: 'previous-difference',
    title: 'Previous difference',
    area,
    shortcuts: ['Shift+N'],
    when: areRunsShown,
    run: () => goToDifference(-1),
  },
  {
    id: 'worst-difference',
    title: 'Worst difference, again: the next worst',
    area,
    shortcuts: ['W'],
    when: areRunsShown,
    run: goToWorst,
  },
];
