import { memo, useCallback, useMemo, useRef } from 'react';
import type { Person } from '#core/document/schema';
import { type Span, subtractSpans } from '#core/frames/span';
import type { PersonResults } from '#core/protocol/messages';
import type { TrackTable } from '#core/tracks/effectiveBoxes';
import { takeHeldKey } from '../commands/keyboard';
import { CommandContextMenu } from '../controls/CommandContextMenu';
import { PersonBadge } from '../controls/PersonBadge';
import { useInSight } from '../controls/useInSight';
import { PERSON_MENU, selectForMenu } from '../people/personMenu';
import { PersonActions } from '../people/PersonRow';
import { type Ghost, useProposal } from '../proposals/proposalStore';
import { playhead } from '../playback/playhead';
import { useChecks } from '../review/checkStore';
import { useProject } from '../session/projectStore';
import { selectPerson, useView } from '../session/viewStore';
import { identityOf } from '../theme/identity';
import { qualityRamp, readToken } from '../theme/readToken';
import { spokenSpan } from '../wording/numbers';
import { PoseMarks, ShapeMark } from './BodyEditMarks';
import { drawDropped, drawGhost } from './drawGhost';
import { drawLane } from './drawLane';
import { drawLaneQuality, drawReviewed } from './drawReview';
import { xOfFrame } from './geometry';
import { Keyframes } from './Keyframes';
import { paintOutside } from './laneEdits';
import { buildLane, cellsOf, type Lane, type LaneCell } from './laneModel';
import { startLasso } from './laneLasso';
import { scrub } from './scrub';
import { useTimeline } from './timelineStore';
import styles from './timeline.module.css';
import { useLaneCanvas } from './useLaneCanvas';

function pressLane(event: React.PointerEvent<HTMLElement>, personId: string): void {
  if (event.button !== 0) return;
  if (event.shiftKey) return startLasso(event, personId);
  if (takeHeldKey('box-outside-from')) return paintOutside(event, personId);
  selectPerson(personId);
  scrub(event);
}

function cellName(person: Person, cell: LaneCell, reviewed: readonly Span[]): string {
  const state = cell.state === 'gap' ? 'no box' : cell.state;
  const isReviewed = cell.state !== 'gap' && subtractSpans([cell], reviewed).length === 0;
  const marks = `${cell.isOutOfDate ? ', out of date' : ''}${isReviewed ? ', reviewed' : ''}`;
  return `${person.name}, ${spokenSpan(cell)}, ${state}${marks}`;
}

function Cells({ person, lane, isTabStop }: { person: Person; lane: Lane; isTabStop: boolean }) {
  const { view, width } = useTimeline((state) => state);
  const frameCount = playhead.frameCount();
  const rate = useProject((state) => state.project?.media.rate ?? 30);
  const cells = useMemo(() => cellsOf(lane, rate), [lane, rate]);
  return cells.map((cell, index) => {
    const left = xOfFrame(view, cell.from, frameCount, width);
    return (
      <div
        key={cell.from}
        role="gridcell"
        className={styles['cell']}
        aria-label={cellName(person, cell, lane.reviewed)}
        data-from={cell.from}
        data-person={person.id}
        tabIndex={isTabStop && index === 0 ? 0 : -1}
        style={{ left, width: Math.max(4, xOfFrame(view, cell.to, frameCount, width) - left) }}
      />
    );
  });
}

/** A canvas over the lane: what was reviewed, the quality of every frame, and what a proposed edit would change. */
function useLaneMarks(personId: string, reviewed: readonly Span[], ghost: Ghost | undefined, height: number) {
  const quality = useChecks((state) => state.quality.get(personId));
  const frameCount = useProject((state) => state.project?.media.frameCount ?? 0);
  const view = useTimeline((state) => state.view);
  const draw = useCallback(
    (context: CanvasRenderingContext2D, element: HTMLCanvasElement, width: number) => {
      const frame = { view, frameCount, width, height };
      context.clearRect(0, 0, width, height);
      if (quality) drawLaneQuality(context, quality, frame, qualityRamp(element));
      drawReviewed(context, reviewed, frame, readToken(element, '--ok'));
      if (!ghost) return;
      const ink = {
        line: readToken(element, '--text-1'),
        ground: readToken(element, '--surface-overlay'),
        well: readToken(element, '--surface-well'),
        font: readToken(element, '--font-ui'),
      };
      drawDropped(context, ghost.dropped, frame, ink);
      drawGhost(context, ghost.spans, ghost.note, frame, ink);
    },
    [quality, reviewed, ghost, view, frameCount, height],
  );
  return useLaneCanvas(height, draw);
}

/** A person along time, with a header that lines up with the people list. */
export const PersonLane = memo(function PersonLane(props: {
  person: Person;
  tracks: TrackTable;
  results: PersonResults | undefined;
  frameCount: number;
  hasRun: boolean;
  height: number;
  isTabStop: boolean;
}) {
  const { person, tracks, results, frameCount, hasRun, height, isTabStop } = props;
  const isSelected = useView((state) => state.selection.includes(person.id));
  const element = useRef<HTMLDivElement>(null);
  useInSight(element, isSelected);
  const theme = useView((state) => state.theme);
  const view = useTimeline((state) => state.view);
  const framesPerSecond = useProject((state) => state.project?.media.rate ?? 30);
  const { slot, pattern } = identityOf(person.number, person.color);
  const ghost = useProposal((state) => state.ghosts.get(person.id));
  const lane = useMemo(
    () => buildLane(person, tracks, results, frameCount, hasRun),
    [person, tracks, results, frameCount, hasRun],
  );
  const drawn = useMemo(
    () => (ghost?.person ? buildLane(ghost.person, tracks, results, frameCount, hasRun) : lane),
    [ghost, lane, tracks, results, frameCount, hasRun],
  );
  const draw = useCallback(
    (context: CanvasRenderingContext2D, element: HTMLCanvasElement, width: number) => {
      const ink = {
        person: readToken(element, `--person-${slot}`),
        well: readToken(element, '--surface-well'),
        line: readToken(element, '--line-3'),
        stale: readToken(element, '--stale'),
        outline: theme === 'light' ? 'rgb(20 24 32 / .5)' : '',
      };
      drawLane(context, drawn, { view, frameCount, framesPerSecond, width, height, pattern, ink });
    },
    [drawn, view, frameCount, framesPerSecond, height, slot, pattern, theme],
  );
  const canvas = useLaneCanvas(height, draw);
  const strip = useLaneMarks(person.id, drawn.reviewed, ghost, height);
  const row = (
    <div
      ref={element}
      className={`${styles['lane']} ${styles['person']}`}
      role="row"
      data-lane={person.id}
      data-selected={isSelected}
      aria-selected={isSelected}
      data-person-slot={slot}
    >
      <div className={styles['head']} role="rowheader" onClick={() => selectPerson(person.id)}>
        <PersonBadge number={person.number} color={person.color} />
        <b>{person.name}</b>
        <ShapeMark person={person} />
        <PersonActions person={person} tabIndex={-1} />
      </div>
      <div className={styles['body']} data-lane-body onPointerDown={(event) => pressLane(event, person.id)}>
        <canvas ref={canvas} aria-hidden />
        <canvas ref={strip} aria-hidden />
        <Cells person={person} lane={lane} isTabStop={isTabStop} />
        <Keyframes person={person} lane={lane} />
        <PoseMarks person={person} />
      </div>
    </div>
  );
  return <CommandContextMenu element={row} groups={PERSON_MENU} onOpen={() => selectForMenu(person.id)} />;
});
