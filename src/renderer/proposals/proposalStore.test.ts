// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeEngine } from '../../../test/renderer/fakeEngine';
import { fakeDocument, fakePerson, fakeProject } from '../../../test/renderer/fakeProject';
import { playhead } from '../playback/playhead';
import { applyEdit, editsSettled } from '../session/editing';
import { closeProject, openProject, startSession } from '../session/projectSession';
import { personById, projectStore } from '../session/projectStore';
import { viewStore } from '../session/viewStore';
import { proposeBulk } from './boxProposals';
import { proposeMerge, proposeSwap } from './identityProposals';
import { acceptProposal, dropProposal, followProposals, giveAnswer, proposalStore } from './proposalStore';

let engine: FakeEngine;
let end: () => void;

beforeEach(async () => {
  engine = new FakeEngine(fakeProject(fakeDocument([fakePerson(1, 0, 100), fakePerson(2, 20, 80)])));
  vi.stubGlobal('fetch', engine.fetch);
  await startSession(engine.connection());
  await openProject({ source: 'project', projectId: 'project-1' });
  await vi.waitFor(() => expect(projectStore.getState().project?.tracks.size).toBe(2));
  viewStore.setState({ selection: ['p1', 'p2'], range: undefined });
  end = followProposals();
});
afterEach(async () => {
  end();
  dropProposal();
  await closeProject();
  vi.unstubAllGlobals();
});

const trackOf = (person: string, frame: number) =>
  personById(person)?.segments.find(({ from, to }) => frame >= from && frame < to)?.track;

describe('a swap', () => {
  it('shows the frames it would change, makes one edit, and nothing before', async () => {
    playhead.seek(50);
    proposeSwap();
    expect(proposalStore.getState().ghosts.get('p1')).toMatchObject({ note: 'boxes of Person 2' });
    expect(trackOf('p1', 60)).toBe('t1');
    giveAnswer('frame');
    expect(proposalStore.getState().ghosts.get('p2')?.spans).toEqual([{ from: 50, to: 51 }]);
    acceptProposal();
    expect([trackOf('p1', 50), trackOf('p1', 51), trackOf('p2', 50)]).toEqual(['t2', 't1', 't1']);
    await editsSettled();
    expect(engine.project.seq).toBe(1);
    expect(proposalStore.getState().proposal).toBeUndefined();
  });

  it('offers in to out only where they are set', () => {
    proposeSwap();
    const answers = () => proposalStore.getState().proposal?.questions[0]?.answers.map(({ id }) => id);
    expect(answers()).toEqual(['frame', 'toEnd']);
    viewStore.setState({ range: { from: 30, to: 40 } });
    proposeSwap();
    expect(answers()).toEqual(['frame', 'toEnd', 'range']);
  });
});

describe('a merge', () => {
  it('asks about the frames where both have a box', () => {
    proposeMerge();
    expect(proposalStore.getState().proposal?.questions[0]?.span).toMatchObject({ from: 20, to: 80 });
    giveAnswer('p2');
    acceptProposal();
    expect(personById('p2')).toBeUndefined();
    expect([trackOf('p1', 10), trackOf('p1', 50), trackOf('p1', 90)]).toEqual(['t1', 't2', 't1']);
    expect(viewStore.getState().selection).toEqual(['p1']);
  });

  it('shows in the lanes which boxes change hands and which are dropped, for the better score and for each answer', () => {
    proposeMerge();
    const [question] = proposalStore.getState().proposal?.questions ?? [];
    expect(question?.answers.map(({ title }) => title)).toEqual(['Keep 1', 'Keep 2', 'Better score: 1']);
    const shown = () => {
      const { ghosts, sum } = proposalStore.getState();
      const [p1, p2] = ['p1', 'p2'].map((id) => ghosts.get(id));
      return { kept: p1?.spans, gone: p2?.spans, dropped: p2?.dropped, isGone: p2 && p2.person === undefined, sum };
    };
    const both = [{ from: 20, to: 80 }];
    const keptAll = {
      ...{ kept: [], gone: [], dropped: both, isGone: true },
      sum: 'No box changes hands, 60 dropped',
    };
    expect(shown()).toEqual(keptAll);
    giveAnswer('p2');
    expect(shown()).toEqual({
      ...{ kept: both, gone: both, dropped: [], isGone: true },
      sum: '60 boxes change hands, 60 in place of others',
    });
    giveAnswer('better');
    expect(shown()).toEqual(keptAll);
    dropProposal();
    expect(shown()).toEqual({});
  });
});

describe('an edit of everybody selected', () => {
  it('is one step over the range', async () => {
    viewStore.setState({ range: { from: 30, to: 40 } });
    proposeBulk();
    expect(proposalStore.getState().edit).toBeUndefined();
    giveAnswer('outside');
    acceptProposal();
    expect(['p1', 'p2'].map((id) => personById(id)?.outside)).toEqual([[{ from: 30, to: 40 }], [{ from: 30, to: 40 }]]);
    await editsSettled();
    expect(engine.project.seq).toBe(1);
  });
});

it('stays while the engine confirms the edit before it', async () => {
  applyEdit('Rename', undefined, (draft) => {
    const [person] = draft.people;
    if (person) person.name = 'Jumper';
  });
  proposeSwap();
  await editsSettled();
  await vi.waitFor(() => expect(projectStore.getState().project?.history.undo).toHaveLength(1));
  expect(proposalStore.getState().proposal?.title).toBe('Swap Jumper and Person 2');
});

it('is dropped when the project changes under it', async () => {
  proposeSwap();
  engine.editElsewhere({
    label: 'Rename elsewhere',
    patches: [{ op: 'replace', path: ['people', 1, 'name'], value: 'Other' }],
    inverse: [{ op: 'replace', path: ['people', 1, 'name'], value: 'Person 2' }],
  });
  await vi.waitFor(() => expect(proposalStore.getState().proposal).toBeUndefined());
});
