import {
  deleteSelected,
  listedPeople,
  selectNeighbour,
  splitSelected,
  toggleSelectedLocked,
  toggleSelectedVisible,
  toggleSolo,
} from '../people/peopleActions';
import { proposeBulk } from '../proposals/boxProposals';
import { proposeMerge, proposeSwap } from '../proposals/identityProposals';
import { projectStore } from '../session/projectStore';
import { selectedPersonId, viewStore } from '../session/viewStore';
import type { Command } from './command';
import { canEditPerson, isProjectOpen, whyNotEdit } from './conditions';

const area = 'People';

function hasSelection(): boolean {
  return isProjectOpen() && selectedPersonId() !== undefined;
}

function mayChange(): boolean {
  return hasSelection() && projectStore.getState().project?.readOnly === undefined;
}

function withSelected(act: (personId: string) => void): () => void {
  return () => {
    const id = selectedPersonId();
    if (id !== undefined) act(id);
  };
}

/** Commands of the people list and of identities. */
export const peopleCommands: readonly Command[] = [
  {
    id: 'next-person',
    title: 'Next person',
    area,
    shortcuts: [']'],
    when: () => listedPeople().length > 0,
    run: () => selectNeighbour(1),
  },
  {
    id: 'previous-person',
    title: 'Previous person',
    area,
    shortcuts: ['['],
    when: () => listedPeople().length > 0,
    run: () => selectNeighbour(-1),
  },
  {
    id: 'split',
    title: 'Split track here',
    area,
    shortcuts: ['S'],
    when: canEditPerson,
    whyNot: whyNotEdit,
    run: splitSelected,
  },
  {
    id: 'merge',
    title: 'Merge selected tracks',
    area,
    shortcuts: ['M'],
    when: () => mayChange() && viewStore.getState().selection.length === 2,
    whyNot: () => whyNotEdit() ?? 'Select two people to merge: Shift+click adds one',
    run: proposeMerge,
  },
  {
    id: 'swap',
    title: 'Swap from here',
    area,
    shortcuts: ['X'],
    when: canEditPerson,
    whyNot: whyNotEdit,
    run: proposeSwap,
  },
  {
    id: 'hide-person',
    title: 'Hide or show',
    area,
    shortcuts: ['E'],
    when: mayChange,
    run: toggleSelectedVisible,
  },
  { id: 'solo-person', title: 'Solo', area, shortcuts: ['Shift+E'], when: hasSelection, run: withSelected(toggleSolo) },
  {
    id: 'lock-person',
    title: 'Lock',
    area,
    shortcuts: ['Ctrl+Shift+L'],
    when: mayChange,
    run: toggleSelectedLocked,
  },
  {
    id: 'delete-track',
    title: 'Delete the whole track',
    area,
    shortcuts: ['Shift+Delete'],
    when: canEditPerson,
    whyNot: whyNotEdit,
    run: deleteSelected,
  },
  {
    id: 'bulk-edit',
    title: 'Edit everybody selected, in to out',
    area,
    shortcuts: ['Shift+B'],
    when: () => mayChange() && viewStore.getState().range !== undefined,
    run: proposeBulk,
  },
];
