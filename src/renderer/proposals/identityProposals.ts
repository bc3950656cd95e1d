import { countFrames, mergeSpans, type Span } from '#core/frames/span';
import { planSwap, type SwapScope, swapSpan } from '#core/tracks/identityEdits';
import {
  type MergeHands,
  mergeHands,
  planMerge,
  planStitch,
  previewMerge,
  resolveOverlaps,
} from '#core/tracks/mergeEdits';
import { askedFrame } from '../playback/editedFrame';
import { notify } from '../session/notices';
import { personById, projectStore } from '../session/projectStore';
import { selectPerson, viewStore } from '../session/viewStore';
import { listedPeople } from '../people/peopleActions';
import { countOf, formatNumber, spanText } from '../wording/numbers';
import { propose } from './proposalStore';

const SCOPES: readonly SwapScope[] = ['frame', 'toCut', 'toEnd', 'range'];

/** How a scope is offered, with its frames where they do not follow from its name. */
function scopeTitle(scope: SwapScope, span: Span): string {
  if (scope === 'frame') return 'This frame';
  if (scope === 'toCut') return `To the cut at ${span.to}`;
  return scope === 'toEnd' ? 'From here to the end' : `In to out, ${spanText(span)}`;
}

/** Who is meant beside the one selected: the second one selected, who is under the pointer, or the only other one. */
function otherPerson(first: string): string | undefined {
  const chosen = viewStore.getState().selection.find((id) => id !== first);
  if (chosen !== undefined) return chosen;
  const hovered = [...document.querySelectorAll<HTMLElement>('[data-person]:hover')].at(-1)?.dataset['person'];
  if (hovered !== undefined && hovered !== first) return hovered;
  const people = listedPeople();
  return people.length === 2 ? people.find(({ id }) => id !== first)?.id : undefined;
}

/** Asks how far two people are to be swapped: this frame, from here to the next cut or the end, in to out. */
export function proposeSwap(): void {
  const { project } = projectStore.getState();
  const { selection, range } = viewStore.getState();
  const [first] = selection;
  const second = first === undefined ? undefined : otherPerson(first);
  if (!project || first === undefined) return;
  if (second === undefined) {
    notify({ level: 'info', text: 'Select two people to swap: Shift+click adds one' });
    return;
  }
  const locked = [first, second].map((id) => personById(id)).find((person) => person?.locked);
  if (locked) return notify({ level: 'info', text: `${locked.name} is locked` });
  const frame = askedFrame();
  const names = new Map([first, second].map((id) => [id, personById(id)?.name ?? '']));
  const isInRange = range !== undefined && frame >= range.from && frame < range.to;
  const place = { frame, frameCount: project.media.frameCount, cuts: project.results.cuts, range };
  const hasCut = project.results.cuts.some((first) => first > frame);
  const answers = SCOPES.flatMap((id) => {
    const span = id === 'toCut' && !hasCut ? undefined : swapSpan(id, place);
    return span ? [{ id, title: scopeTitle(id, span) }] : [];
  });
  propose({
    title: `Swap ${[...names.values()].join(' and ')}`,
    questions: [{ text: `at frame ${frame}`, answers }],
    given: [isInRange ? 'range' : 'toEnd'],
    plan: ([scope]) => {
      const span = swapSpan(SCOPES.find((id) => id === scope) ?? 'toEnd', place);
      return span && planSwap(project.document, first, second, span);
    },
    note: (id) => `boxes of ${names.get(id === first ? second : first) ?? ''}`,
  });
}

/** Which boxes go where, in numbers: `45 boxes change hands, 12 in place of others, 20 dropped`. */
function handsText(hands: MergeHands | undefined): string | undefined {
  if (!hands) return undefined;
  const [given = 0, dropped = 0, replaced = 0] = [hands.given, hands.dropped, hands.replaced].map(countFrames);
  const change =
    given === 0 ? 'No box changes' : `${countOf(given, 'box', 'boxes')} ${given === 1 ? 'changes' : 'change'}`;
  return [
    `${change} hands`,
    ...(replaced > 0 ? [`${formatNumber(replaced)} in place of others`] : []),
    ...(dropped > 0 ? [`${formatNumber(dropped)} dropped`] : []),
  ].join(', ');
}

/** Merges the two selected people; where both have a box, or neither between them, asks first. */
export function proposeMerge(): void {
  const { project } = projectStore.getState();
  const [first, second] = viewStore.getState().selection;
  if (!project || first === undefined || second === undefined) return;
  const { document, tracks } = project;
  const preview = previewMerge(document, tracks, first, second);
  const [kept, gone] = [personById(preview?.kept ?? ''), personById(preview?.gone ?? '')];
  if (!preview || !kept || !gone) return notify({ level: 'info', text: 'Locked people are not merged' });
  const { overlaps, gap } = preview;
  const overlapQuestions = overlaps.map((overlap, index) => ({
    text: `${overlaps.length > 1 ? `Overlap ${index + 1} of ${overlaps.length}, ` : ''}both have a box on frames ${spanText(overlap)}`,
    span: overlap,
    answers: [
      { id: kept.id, title: `Keep ${kept.number}` },
      { id: gone.id, title: `Keep ${gone.number}` },
      { id: 'better', title: `Better score: ${overlap.better === gone.id ? gone.number : kept.number}` },
    ],
  }));
  const gapQuestions = gap
    ? [
        {
          text: `nobody on ${countOf(gap.to - gap.from, 'frame')} between`,
          span: gap,
          answers: [
            { id: 'leave', title: 'Leave the gap' },
            { id: 'linear', title: 'Bridge straight' },
            { id: 'smooth', title: 'Bridge smoothly' },
          ],
        },
      ]
    : [];
  const oneSpan = { text: 'they share no frame', answers: [{ id: 'leave', title: 'Merge' }] };
  const questions = [...overlapQuestions, ...gapQuestions];
  const bridgeOf = (given: readonly string[]) => {
    const how = given[overlaps.length];
    return how === 'linear' || how === 'smooth' ? how : undefined;
  };
  const choicesOf = (given: readonly string[]) =>
    overlaps.flatMap((overlap, at) => resolveOverlaps([overlap], given[at] ?? 'better'));
  const handsOf = (given: readonly string[]) => mergeHands(document, tracks, first, second, choicesOf(given));
  propose({
    title: `Merge ${gone.name} into ${kept.name}`,
    questions: questions.length > 0 ? questions : [oneSpan],
    given: questions.length > 0 ? questions.map((_, at) => (at < overlaps.length ? 'better' : 'leave')) : ['leave'],
    plan: (given) => {
      const how = bridgeOf(given);
      if (gap && how) return planStitch(document, tracks, first, second, how);
      return planMerge(document, tracks, first, second, choicesOf(given));
    },
    reach: (given) => {
      const hands = handsOf(given);
      const bridged = gap && bridgeOf(given) ? [gap] : [];
      return (
        hands &&
        new Map([
          [kept.id, { spans: mergeSpans([...hands.given, ...bridged]) }],
          [gone.id, { spans: hands.given, dropped: hands.dropped }],
        ])
      );
    },
    sum: (given) => handsText(handsOf(given)),
    note: (id) => (id === gone.id ? `goes into ${kept.name}` : `boxes of ${gone.name}`),
    done: (edit) => selectPerson(edit.person),
  });
}
