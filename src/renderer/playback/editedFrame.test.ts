// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FakeEngine } from '../../../test/renderer/fakeEngine';
import { fakeDocument, fakePerson, fakeProject } from '../../../test/renderer/fakeProject';
import { nudgeSelectedBox, finishNudge, placeBox, tellBoxTool } from '../boxes/boxEditing';
import { commandById } from '../commands/registry';
import { acceptProposal } from '../proposals/proposalStore';
import { closeProject, openProject, startSession } from '../session/projectSession';
import { effectiveBox, projectStore } from '../session/projectStore';
import { selectPerson, viewStore } from '../session/viewStore';
import { askedFrame } from './editedFrame';
import { playhead } from './playhead';
import { presentation } from './presentation';

let engine: FakeEngine;

/** The playhead went from frame 20 to 80, and the picture of 80 is not there yet. */
beforeEach(async () => {
  engine = new FakeEngine(fakeProject(fakeDocument([fakePerson(1, 0, 100), fakePerson(2, 0, 100)])));
  vi.stubGlobal('fetch', engine.fetch);
  await startSession(engine.connection());
  await openProject({ source: 'project', projectId: 'project-1' });
  await vi.waitFor(() => expect(projectStore.getState().project?.tracks.size).toBe(2));
  selectPerson('p1');
  playhead.seek(80);
  vi.spyOn(presentation, 'frame').mockReturnValue(20);
});

afterEach(async () => {
  vi.restoreAllMocks();
  await closeProject();
  vi.unstubAllGlobals();
});

const keyframes = (person = 0) =>
  projectStore.getState().project?.document.people[person]?.keyframes.map(({ frame }) => frame);

it('is where the playhead stands, though the picture is on its way', () => {
  expect(askedFrame()).toBe(80);
});

it('is what is on the screen while playing', () => {
  playhead.play();
  expect(askedFrame()).toBe(20);
  playhead.pause();
});

it('is what keys set, nudge, place and follow from', async () => {
  await commandById('box-toggle-keyframe').run();
  expect(keyframes()).toEqual([80]);
  nudgeSelectedBox(3, 0);
  finishNudge();
  expect(keyframes()).toEqual([80]);
  placeBox({ x: 100, y: 100 });
  expect(keyframes(2)).toEqual([80]);
  selectPerson('p1');
  await commandById('box-follow-backward').run();
  expect(engine.calls.find(({ method }) => method === 'tracks.follow')?.input).toMatchObject({ frame: 80 });
  expect(playhead.frame()).toBe(80);
});

it('is what a copy, a swap, a split and a review are about', async () => {
  await commandById('box-copy-forward').run();
  acceptProposal();
  expect(keyframes()?.every((frame) => frame >= 80)).toBe(true);
  await commandById('mark-reviewed').run();
  expect(projectStore.getState().project?.document.people[0]?.reviewed).toEqual([{ from: 80, to: 81 }]);
  await commandById('split').run();
  const split = viewStore.getState().selection[0];
  expect(split).not.toBe('p1');
  expect([79, 80].map((frame) => effectiveBox(split ?? '', frame) !== undefined)).toEqual([false, true]);
});

it('is not what a pointer means: a box pressed in the picture is changed where it was seen', () => {
  const box = effectiveBox('p2', 20)?.box;
  if (!box) throw new Error('person 2 has a box on frame 20');
  const modifiers = { alt: false, shift: false };
  tellBoxTool({ type: 'pressBox', at: { x: 0, y: 0 }, person: 'p2', box, handle: undefined, isLocked: false });
  // The picture of 80 arrives between the press and the drag.
  vi.spyOn(presentation, 'frame').mockReturnValue(80);
  tellBoxTool({ type: 'move', at: { x: 30, y: 0 }, screenDistance: 30, modifiers });
  tellBoxTool({ type: 'release', lastSize: { width: 10, height: 10 } });
  expect(keyframes(1)).toEqual([20]);
  expect(playhead.frame()).toBe(20);
});
