import { humanEditsOf } from '#core/document/humanEdits';
import { middleBetweenKeyframes } from '#core/tracks/interpolationEdits';
import { askedFrame } from '../playback/editedFrame';
import { playhead } from '../playback/playhead';
import { announce } from '../session/notices';
import { personById, projectStore } from '../session/projectStore';
import { selectedPersonId, viewStore } from '../session/viewStore';
import { fitTimeline, panTimelinePage, revealInTimeline, timelineStore, zoomTimeline } from '../timeline/timelineStore';
import type { Command } from './command';
import { isProjectOpen, isRegionFocused } from './conditions';

const FASTEST = 4;
const RATES = [0.1, 0.25, 0.5, 1, 2, 4];

/** Stops playing and shows a frame, on the timeline too. */
export function goToFrame(frameIndex: number): void {
  playhead.pause();
  playhead.seek(frameIndex);
  revealInTimeline(playhead.frame());
}

function step(frames: number): void {
  playhead.step(frames);
  revealInTimeline(playhead.frame());
}

function keyframesOfSelection(): number[] {
  const id = selectedPersonId();
  return (id === undefined ? undefined : personById(id))?.keyframes.map((entry) => entry.frame) ?? [];
}

/** Frames on which somebody's boxes, poses or stretches were edited by hand. */
function editedFrames(): readonly number[] {
  return humanEditsOf(projectStore.getState().project?.document.people ?? []).frames;
}

/** First frames of shots, but for the clip's first. */
function cuts(): readonly number[] {
  return projectStore.getState().project?.results.cuts ?? [];
}

function shuttle(direction: 1 | -1): void {
  const rate = playhead.rate();
  const faster = playhead.isPlaying() && Math.sign(rate) === direction;
  playhead.setRate(faster ? Math.sign(rate) * Math.min(FASTEST, Math.abs(rate) * 2) : direction);
  playhead.play();
}

function changeRate(direction: 1 | -1): void {
  const now = Math.abs(playhead.rate());
  const index = RATES.findIndex((rate) => rate >= now - 1e-9);
  const next = RATES[Math.max(0, Math.min(RATES.length - 1, index + direction))] ?? 1;
  playhead.setRate(next * Math.sign(playhead.rate()));
}

function setRangeEnd(end: 'in' | 'out'): void {
  const frame = askedFrame();
  const last = playhead.frameCount();
  viewStore.setState(({ range }) => {
    const current = range ?? { from: 0, to: last };
    const next = end === 'in' ? { ...current, from: frame } : { ...current, to: frame + 1 };
    if (next.to <= next.from) return { range: end === 'in' ? { from: frame, to: last } : { from: 0, to: frame + 1 } };
    return { range: next };
  });
}

function toggleLoop(): void {
  viewStore.setState(({ loop }) => ({ loop: !loop }));
}

/** Keeps the playhead's loop in step with in, out and the loop switch. Call once; returns its own end. */
export function followLoop(): () => void {
  const apply = () => {
    const { loop, range } = viewStore.getState();
    playhead.setLoop(loop ? (range ?? { from: 0, to: playhead.frameCount() }) : undefined);
  };
  return viewStore.subscribe((state, before) => {
    if (state.loop !== before.loop || state.range !== before.range) apply();
  });
}

function togglePlay(): void {
  if (playhead.isPlaying()) playhead.pause();
  else {
    playhead.setRate(Math.abs(playhead.rate()));
    playhead.play();
  }
}

const area = 'Move in time';
const when = isProjectOpen;
const inTimeline = () => isProjectOpen() && isRegionFocused('timeline');

/** Two commands that go to the nearest of some frames before and after the playhead, by two keys in that order. */
function neighbours(
  id: string,
  title: string,
  [keyBefore, keyAfter]: readonly [string, string],
  frames: () => readonly number[],
): Command[] {
  const before = () => frames().findLast((frame) => frame < playhead.frame());
  const after = () => frames().find((frame) => frame > playhead.frame());
  const command = (side: string, key: string, target: () => number | undefined): Command => ({
    id: `${id}-${side}`,
    title: `${title} ${side}`,
    area,
    shortcuts: [key],
    when: () => target() !== undefined,
    run: () => goToFrame(target() ?? playhead.frame()),
  });
  return [command('before', keyBefore, before), command('after', keyAfter, after)];
}

/** Commands of the playhead, in and out, and the timeline's view. */
export const timeCommands: readonly Command[] = [
  { id: 'play', title: 'Play or pause', area, shortcuts: ['Space'], when, run: togglePlay },
  { id: 'shuttle-back', title: 'Play backwards', area, shortcuts: ['J'], when, run: () => shuttle(-1) },
  { id: 'stop', title: 'Stop', area, shortcuts: ['K'], when, run: () => playhead.pause() },
  { id: 'shuttle-on', title: 'Play forwards', area, shortcuts: ['L'], when, run: () => shuttle(1) },
  {
    id: 'frame-back',
    title: 'One frame back',
    area,
    shortcuts: ['ArrowLeft'],
    when,
    repeats: true,
    run: () => step(-1),
  },
  { id: 'frame-on', title: 'One frame on', area, shortcuts: ['ArrowRight'], when, repeats: true, run: () => step(1) },
  {
    id: 'ten-back',
    title: 'Ten frames back',
    area,
    shortcuts: ['Shift+ArrowLeft'],
    when,
    repeats: true,
    run: () => step(-10),
  },
  {
    id: 'ten-on',
    title: 'Ten frames on',
    area,
    shortcuts: ['Shift+ArrowRight'],
    when,
    repeats: true,
    run: () => step(10),
  },
  {
    id: 'first-frame',
    title: 'First frame',
    area,
    shortcuts: ['Home'],
    when,
    run: () => goToFrame(viewStore.getState().range?.from ?? 0),
  },
  {
    id: 'last-frame',
    title: 'Last frame',
    area,
    shortcuts: ['End'],
    when,
    run: () => goToFrame((viewStore.getState().range?.to ?? playhead.frameCount()) - 1),
  },
  ...neighbours('keyframe', 'Keyframe', ['ArrowUp', 'ArrowDown'], keyframesOfSelection),
  {
    id: 'keyframe-middle',
    title: 'Middle of two keyframes',
    area,
    shortcuts: ['/'],
    when: () => keyframesOfSelection().length > 1,
    run: () => {
      const person = personById(selectedPersonId() ?? '');
      const middle = person && middleBetweenKeyframes(person, playhead.frame());
      if (middle === undefined) announce('No frame lies between two keyframes here');
      else goToFrame(middle);
    },
  },
  ...neighbours('cut', 'Cut', ['PageUp', 'PageDown'], cuts),
  ...neighbours('edit', 'Edit', ['Alt+PageUp', 'Alt+PageDown'], editedFrames),
  {
    id: 'go-to-frame',
    title: 'Go to frame or time',
    area,
    shortcuts: ['G'],
    when,
    run: () => timelineStore.setState({ isEnteringFrame: true }),
  },
  { id: 'set-in', title: 'Set in', area, shortcuts: ['I'], when, run: () => setRangeEnd('in') },
  { id: 'set-out', title: 'Set out', area, shortcuts: ['O'], when, run: () => setRangeEnd('out') },
  {
    id: 'clear-range',
    title: 'Clear in and out',
    area,
    shortcuts: ['Alt+X'],
    when: () => isProjectOpen() && viewStore.getState().range !== undefined,
    run: () => viewStore.setState({ range: undefined }),
  },
  { id: 'loop', title: 'Loop in to out', area, shortcuts: ['Shift+L'], when, run: toggleLoop },
  { id: 'slower', title: 'Slower', area, shortcuts: [','], when, run: () => changeRate(-1) },
  { id: 'faster', title: 'Faster', area, shortcuts: ['.'], when, run: () => changeRate(1) },
  {
    id: 'timeline-zoom-in',
    title: 'Zoom the timeline in',
    area,
    shortcuts: ['Ctrl++'],
    when: inTimeline,
    repeats: true,
    run: () => zoomTimeline(1.5),
  },
  {
    id: 'timeline-zoom-out',
    title: 'Zoom the timeline out',
    area,
    shortcuts: ['Ctrl+-'],
    when: inTimeline,
    repeats: true,
    run: () => zoomTimeline(1 / 1.5),
  },
  {
    id: 'timeline-fit',
    title: 'Show the whole clip in the timeline',
    area,
    shortcuts: ['Ctrl+0'],
    when: inTimeline,
    run: fitTimeline,
  },
  {
    id: 'timeline-pan-back',
    title: 'Pan the timeline back',
    area,
    shortcuts: ['Shift+PageUp'],
    when,
    repeats: true,
    run: () => panTimelinePage(-0.5),
  },
  {
    id: 'timeline-pan-on',
    title: 'Pan the timeline on',
    area,
    shortcuts: ['Shift+PageDown'],
    when,
    repeats: true,
    run: () => panTimelinePage(0.5),
  },
];
