import { chooseSide, goToDifference, isComparing, keepAsA, toggleCompare } from '../compare/compareStore';
import type { Command } from './command';
import { isProjectOpen } from './conditions';

const area = 'Run and project';

/** Commands of keeping and comparing runs. Those without a project-wide meaning hold only while runs are compared. */
export const compareCommands: readonly Command[] = [
  { id: 'compare', title: 'Compare runs', area, shortcuts: ['D'], when: isProjectOpen, run: () => toggleCompare() },
  { id: 'keep-run', title: 'Keep as run A', area, shortcuts: [], when: isProjectOpen, run: () => keepAsA() },
  {
    id: 'use-run-a',
    title: 'Use A in the range',
    area,
    shortcuts: ['A'],
    when: isComparing,
    run: () => chooseSide('a'),
  },
  {
    id: 'use-run-b',
    title: 'Use B in the range',
    area,
    shortcuts: ['B'],
    when: isComparing,
    run: () => chooseSide('b'),
  },
  {
    id: 'next-difference',
    title: 'Next difference',
    area,
    shortcuts: ['N'],
    when: isComparing,
    run: () => goToDifference(1),
  },
  {
    id: 'previous-difference',
    title: 'Previous difference',
    area,
    shortcuts: ['Shift+N'],
    when: isComparing,
    run: () => goToDifference(-1),
  },
];
