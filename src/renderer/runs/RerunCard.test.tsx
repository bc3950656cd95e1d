// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Results } from '#core/protocol/messages';
import { fakePerson } from '../../../test/renderer/fakeProject';
import { closeFake, openFake } from '../../../test/renderer/openFake';
import { projectStore } from '../session/projectStore';
import { KeptBodiesCard, RerunCard, ResumeCard } from './RerunCard';
import { runState } from './startRun';

type PersonResults = Results['people'][number];

const SENTENCE = 'Made by an earlier version of the estimator; rerun to bring them up to date.';

/** Shows the cards for results that differ from a finished run as said. */
function show(change: (entry: PersonResults, index: number) => PersonResults, more: Partial<Results> = {}): void {
  const { project } = projectStore.getState();
  if (!project) throw new Error('a project is open');
  const results = { ...project.results, ...more, people: project.results.people.map(change) };
  projectStore.setState({ project: { ...project, results } });
  render(
    <>
      <RerunCard />
      <ResumeCard />
      <KeptBodiesCard />
    </>,
  );
}

const outOfDate = (entry: PersonResults): PersonResults => ({ ...entry, current: [], outOfDate: [...entry.present] });
const ofBefore = (entry: PersonResults): PersonResults => ({ ...outOfDate(entry), fromEarlierVersion: true });
const nobody = (entry: PersonResults): PersonResults => ({ ...outOfDate(entry), present: [] });

function stateNow() {
  const { project } = projectStore.getState();
  return project && runState(project);
}

beforeEach(() => {
  openFake([fakePerson(1, 0, 120), fakePerson(2, 0, 60)]);
});

afterEach(() => {
  cleanup();
  closeFake();
});

describe('the card of what is out of date', () => {
  it('says that an earlier version made the bodies, and offers the rerun', () => {
    show(ofBefore);
    expect(screen.getByRole('heading').textContent).toBe('180 frames out of date');
    expect(screen.getByText(SENTENCE)).toBeDefined();
    expect(screen.getByRole('button', { name: 'Rerun 180 frames' })).toBeDefined();
    expect(stateNow()).toBe('rerun');
  });

  it('says that only some of them were', () => {
    show((entry, index) => (index === 0 ? ofBefore(entry) : outOfDate(entry)));
    expect(screen.queryByText(SENTENCE)).toBeNull();
    expect(screen.getByText('Some were made by an earlier version of the estimator.')).toBeDefined();
  });

  it('says nothing of versions after an edit of a box', () => {
    show((entry, index) => (index === 0 ? outOfDate(entry) : entry));
    expect(screen.getByRole('heading').textContent).toBe('120 frames changed');
    expect(screen.queryByText(/earlier version/)).toBeNull();
  });
});

describe('bodies whose box is gone, as after a split', () => {
  const spans = (from: number, to: number) => [{ from, to }];
  const ends =
    (to: number) =>
    (entry: PersonResults, index: number): PersonResults =>
      index === 1 ? { ...entry, current: spans(0, to), present: spans(0, 110), outOfDate: spans(to, 110) } : entry;

  it('are no frames to compute, and it is said that they go', () => {
    show(ends(50));
    expect(screen.getByRole('heading').textContent).toBe('10 frames changed');
    expect(screen.getByText('A rerun also takes away 50 bodies whose box is gone.')).toBeDefined();
    expect(screen.getByRole('row', { name: 'Person 2 50–59 10 frames' })).toBeDefined();
    expect(screen.getByRole('button', { name: 'Rerun 10 frames' })).toBeDefined();
  });

  it('still want a rerun where nothing else is out of date', () => {
    show(ends(60));
    expect(stateNow()).toBe('rerun');
    expect(screen.getByRole('heading').textContent).toBe('50 bodies without a box');
    expect(screen.getByText('A rerun takes them away.')).toBeDefined();
    expect(screen.getByRole('row', { name: 'Person 2 60–109 50 bodies' })).toBeDefined();
    expect(screen.getByRole('button', { name: 'Rerun' })).toBeDefined();
  });
});

describe('the card of a run that was stopped', () => {
  const upTo = (to: number) => (entry: PersonResults) => ({
    ...entry,
    current: [{ from: 0, to }],
    present: [{ from: 0, to }],
    outOfDate: [{ from: to, to: 60 }],
  });

  it('offers to go on where frames are left to search and the last ones searched have no body', () => {
    show(upTo(20), { detectedFrames: 60 });
    expect(screen.getByRole('heading').textContent).toBe('The run was not finished');
    expect(screen.getByText(/60 of 120 frames; 40 bodies computed/)).toBeDefined();
    expect(stateNow()).toBe('resume');
  });

  it('leaves what was edited after a run of a range to the rerun', () => {
    const edited = (entry: PersonResults) => ({
      ...entry,
      current: [{ from: 0, to: 50 }],
      present: [{ from: 0, to: 60 }],
      outOfDate: [{ from: 50, to: 60 }],
    });
    show(edited, { detectedFrames: 60 });
    expect(screen.getByRole('heading').textContent).toBe('20 frames changed');
    expect(stateNow()).toBe('rerun');
  });
});

describe('the card of bodies that cannot be shown', () => {
  it('says why instead of telling of a run that was not finished', () => {
    const keptBodies = 'Bodies of "VIBE with SMPL" are kept, and are shown when the run options name it again.';
    show(nobody, { keptBodies });
    expect(screen.getByRole('heading').textContent).toBe('No bodies for these options');
    expect(screen.getByText(keptBodies)).toBeDefined();
    expect(stateNow()).toBe('first');
    fireEvent.click(screen.getByRole('button', { name: /Close/ }));
    expect(screen.queryByRole('heading')).toBeNull();
  });

  it('leaves a run that was stopped before its first body to the other card', () => {
    show(nobody);
    expect(screen.getByRole('heading').textContent).toBe('The run was not finished');
    expect(stateNow()).toBe('resume');
  });
});
