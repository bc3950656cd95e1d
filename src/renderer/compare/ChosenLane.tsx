import { Check, TriangleAlert } from 'lucide-react';
import { useCallback, useMemo } from 'react';
import { type ChosenSpan, chosenSpans } from '#core/compare/chosenSpans';
import type { Person } from '#core/document/schema';
import { type Span, subtractSpans } from '#core/frames/span';
import type { PersonResults } from '#core/protocol/messages';
import { NEWEST_RUN } from '#core/protocol/bulkRoutes';
import { PersonBadge } from '../controls/PersonBadge';
import { playhead } from '../playback/playhead';
import { announce } from '../session/notices';
import { selectPerson, useView, viewStore } from '../session/viewStore';
import { xOfFrame } from '../timeline/geometry';
import { frameUnder } from '../timeline/scrub';
import { trackDrag } from '../timeline/trackDrag';
import lanes from '../timeline/timeline.module.css';
import { useTimeline } from '../timeline/timelineStore';
import { spokenSpan } from '../wording/numbers';
import styles from './compare.module.css';
import { type CompareState, type Letter, useCompare } from './compareStore';
import { LetterMark } from './LetterMark';
import { chooseRunOn } from './runActions';

/** What a span is called: the letter of its run while that is compared, and the run's name. */
function titleOf({ run }: ChosenSpan, { ids, runs }: CompareState): { letter: Letter | undefined; name: string } {
  const id = run ?? NEWEST_RUN;
  const letter = ids.A === undefined ? undefined : ids.A === id ? 'A' : ids.B === id ? 'B' : undefined;
  return {
    letter,
    name: run === undefined ? 'Newest run' : (runs.find((kept) => kept.id === run)?.name ?? 'Kept run'),
  };
}

/** Selects a span: its frames become in to out, so that A and B choose for them. */
function selectSpan(person: string, { from, to }: ChosenSpan): void {
  selectPerson(person);
  viewStore.setState({ range: { from, to } });
  playhead.pause();
  playhead.seek(from);
}

function remove(person: string, span: ChosenSpan): void {
  if (span.run === undefined) announce('The newest run stands here already');
  else void chooseRunOn(person, span, NEWEST_RUN);
}

function onSpanKey(event: React.KeyboardEvent<HTMLElement>, person: string, span: ChosenSpan): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const { currentTarget, key } = event;
  const sideways = { ArrowLeft: currentTarget.previousElementSibling, ArrowRight: currentTarget.nextElementSibling }[
    key
  ];
  if (key === 'Delete' || key === 'Backspace') remove(person, span);
  else if (key === 'Enter' || key === ' ') selectSpan(person, span);
  else if (sideways instanceof HTMLElement && sideways.role === 'gridcell') sideways.focus();
  else return;
  event.preventDefault();
}

/** A press: a click selects the span below, a drag sets in to out over it. */
function onPress(event: React.PointerEvent<HTMLElement>, person: string, span: ChosenSpan): void {
  const body = event.currentTarget.parentElement;
  if (event.button !== 0 || !body) return;
  const first = frameUnder(body, event.clientX);
  const startX = event.clientX;
  let isDragged = false;
  trackDrag(
    event,
    (clientX) => {
      isDragged ||= Math.abs(clientX - startX) >= 4;
      if (!isDragged) return;
      const frame = frameUnder(body, clientX);
      viewStore.setState({ range: { from: Math.min(first, frame), to: Math.max(first, frame) + 1 } });
    },
    (isKept) => {
      if (!isKept) return;
      if (isDragged) selectPerson(person);
      else selectSpan(person, span);
    },
  );
}

function Spans(props: { person: Person; spans: readonly ChosenSpan[]; followed: readonly Span[] }) {
  const { person, spans, followed } = props;
  const { view, width } = useTimeline((state) => state);
  const compare = useCompare((state) => state);
  const range = useView((state) => state.range);
  const frameCount = playhead.frameCount();
  const isSelected = (span: ChosenSpan) => range?.from === span.from && range.to === span.to;
  const tabStop = Math.max(0, spans.findIndex(isSelected));
  return spans.map((span, index) => {
    const left = xOfFrame(view, span.from, frameCount, width);
    const room = xOfFrame(view, span.to, frameCount, width) - left;
    const { letter, name } = titleOf(span, compare);
    const isPassed = span.run !== undefined && subtractSpans([span], followed).length > 0;
    const note = isPassed ? ', not followed on all its frames' : '';
    return (
      <div
        key={span.from}
        role="gridcell"
        tabIndex={index === tabStop ? 0 : -1}
        className={styles['span']}
        data-letter={letter}
        data-passed={isPassed}
        data-newest={span.run === undefined}
        aria-selected={isSelected(span)}
        aria-label={`${person.name}, ${spokenSpan(span)}, ${letter ? `${letter}, ` : ''}${name}${note}`}
        title={`${letter ? `${letter}: ` : ''}${name}${note}`}
        style={{ left, width: Math.max(3, room) }}
        onPointerDown={(event) => onPress(event, person.id, span)}
        onKeyDown={(event) => onSpanKey(event, person.id, span)}
      >
        {letter && room >= 22 && <LetterMark letter={letter} />}
        {isPassed && room >= 40 && <TriangleAlert size={12} strokeWidth={2} aria-hidden />}
        {room >= (letter ? 90 : 40) && <span>{name}</span>}
      </div>
    );
  });
}

/** Which run a person shows where: spans to select, to choose for and to take back. */
export function ChosenLane({ person, results }: { person: Person; results: PersonResults | undefined }) {
  const spans = useMemo(() => chosenSpans(person, results?.present ?? []), [person, results?.present]);
  const select = useCallback(() => selectPerson(person.id), [person.id]);
  return (
    <div className={`${lanes['lane']} ${styles['chosen']}`} role="row">
      <div className={lanes['head']} role="rowheader" onClick={select}>
        <Check size={14} strokeWidth={1.5} aria-hidden />
        <b>Chosen</b>
        <PersonBadge number={person.number} color={person.color} />
      </div>
      <div className={lanes['body']}>
        <Spans person={person} spans={spans} followed={results?.chosen ?? []} />
      </div>
    </div>
  );
}
