import type { ProjectDocument } from '#core/document/schema';
import type { Span } from '#core/frames/span';
import type { PersonEdit } from '#core/tracks/boxEdit';
import { planBackToDetected, planOutside } from '#core/tracks/boxEdits';
import { planCopyForward } from '#core/tracks/copyEdits';
import { planInterpolate, planInterpolateSpan, planInterpolationOff } from '#core/tracks/interpolationEdits';
import { planForPeople } from '#core/tracks/personEdits';
import { planReviewed } from '#core/review/reviewEdits';
import { askedFrame } from '../playback/editedFrame';
import { notify } from '../session/notices';
import { personById, projectStore } from '../session/projectStore';
import { selectedPersonId, viewStore } from '../session/viewStore';
import { countOf, spanText } from '../wording/numbers';
import { propose } from './proposalStore';

/** Asks to how many frames the box of this frame is copied: a typed count, or up to the next keyframe. */
export function proposeCopy(): void {
  const { project } = projectStore.getState();
  const person = selectedPersonId();
  if (!project || person === undefined) return;
  const { document, tracks } = project;
  const frame = askedFrame();
  const plan = (count: string | undefined) =>
    planCopyForward(document, tracks, person, frame, count === 'next' ? Number.POSITIVE_INFINITY : Number(count));
  if (!plan('1')) return notify({ level: 'info', text: 'No box here, or no room before the next keyframe' });
  const hasNext = personById(person)?.keyframes.some((entry) => entry.frame > frame) ?? false;
  propose({
    title: `Copy the box of frame ${frame}`,
    questions: [
      {
        text: 'to the next',
        count: 'frames',
        answers: [{ id: 'next', title: hasNext ? 'Up to the next keyframe' : 'To the end' }],
      },
    ],
    given: ['10'],
    plan: ([count]) => plan(count),
  });
}

/** Asks how the box runs between the keyframes around this frame; in to out instead when the playhead is in it. */
export function proposeInterpolation(): void {
  const { project } = projectStore.getState();
  const { selection, range } = viewStore.getState();
  const person = selectedPersonId();
  if (!project || person === undefined) return;
  const { document } = project;
  const frame = askedFrame();
  const span = range && frame >= range.from && frame < range.to ? range : undefined;
  const plan = (mode: string | undefined) =>
    planForPeople(span ? selection : [person], (id) => {
      if (mode === 'off') return planOff(document, id, span, frame);
      const how = mode === 'smooth' ? 'smooth' : 'linear';
      return span ? planInterpolateSpan(document, id, span, how) : planInterpolate(document, id, frame, how);
    });
  const modes = [
    { id: 'linear', title: 'Straight' },
    { id: 'smooth', title: 'Smooth' },
    { id: 'off', title: 'Off' },
  ];
  const first = modes.find(({ id }) => plan(id));
  if (!first || !isBetweenKeyframes(person, span ?? { from: frame, to: frame + 1 })) {
    return notify({ level: 'info', text: 'Interpolation needs a keyframe before and after this frame' });
  }
  propose({
    title: 'Interpolate',
    questions: [{ text: span ? `frames ${spanText(span)}` : `around frame ${frame}`, answers: modes }],
    given: [first.id],
    plan: ([mode]) => plan(mode),
  });
}

function isBetweenKeyframes(personId: string, span: Span): boolean {
  const frames = personById(personId)?.keyframes.map((entry) => entry.frame) ?? [];
  return frames.length > 1 && (frames[0] ?? 0) < span.to && (frames.at(-1) ?? 0) >= span.from;
}

/** Interpolation off: in the range, or in the gap between the keyframes around a frame. */
function planOff(document: ProjectDocument, id: string, span: Span | undefined, frame: number): PersonEdit | undefined {
  const frames = document.people.find((person) => person.id === id)?.keyframes.map((entry) => entry.frame) ?? [];
  const before = frames.findLast((entry) => entry <= frame) ?? frame - 1;
  const after = frames.find((entry) => entry > frame) ?? frame + 1;
  return planInterpolationOff(document, id, span ?? { from: before + 1, to: after }, true);
}

const BULK: Readonly<
  Record<string, { title: string; plan: (document: ProjectDocument, id: string, span: Span) => PersonEdit | undefined }>
> = {
  outside: { title: 'Outside', plan: (document, id, span) => planOutside(document, id, span, true) },
  inside: { title: 'Back in', plan: (document, id, span) => planOutside(document, id, span, false) },
  linear: { title: 'Straight', plan: (document, id, span) => planInterpolateSpan(document, id, span, 'linear') },
  smooth: { title: 'Smooth', plan: (document, id, span) => planInterpolateSpan(document, id, span, 'smooth') },
  off: { title: 'Not interpolated', plan: (document, id, span) => planInterpolationOff(document, id, span, true) },
  detected: { title: 'Back to detected', plan: planBackToDetected },
  reviewed: { title: 'Reviewed', plan: (document, id, span) => planReviewed(document, id, span, true) },
};

/**
 * Asks what to do with everybody selected between in and out: after a lasso over the lanes, or from the palette. Only what
 * would change something is offered.
 */
export function proposeBulk(): void {
  const { project } = projectStore.getState();
  const { selection, range } = viewStore.getState();
  if (!project || !range || selection.length === 0) return;
  const { document } = project;
  const plan = (how: string | undefined) =>
    planForPeople(selection, (id) => BULK[how ?? '']?.plan(document, id, range));
  const answers = Object.entries(BULK).flatMap(([id, { title }]) => (plan(id) ? [{ id, title }] : []));
  if (answers.length === 0) return notify({ level: 'info', text: 'Locked people are not edited' });
  propose({
    title: `${countOf(selection.length, 'person', 'people')}, frames ${spanText(range)}`,
    questions: [{ text: '', answers }],
    given: [''],
    plan: ([how]) => plan(how),
  });
}
