import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { CompareLanes } from '../compare/CompareLanes';
import { useCompare } from '../compare/compareStore';
import { playhead } from '../playback/playhead';
import { activeRun } from '../runs/startRun';
import { useProject } from '../session/projectStore';
import { selectPerson, useView } from '../session/viewStore';
import { EditsLane } from './EditsLane';
import { FilmLane } from './FilmLane';
import { lassoStore } from './laneLasso';
import { PersonLane } from './PersonLane';
import { PlayheadLabel, PlayheadLine } from './PlayheadMark';
import { QualityLane } from './QualityLane';
import { Ruler } from './Ruler';
import styles from './timeline.module.css';
import { panTimeline, revealInTimeline, timelineStore, zoomTimeline } from './timelineStore';
import { Transport } from './Transport';
import { ZoomBar } from './ZoomBar';

/** Measures the lane bodies and answers the wheel: Ctrl zooms at the pointer, Shift or a sideways wheel pans. */
function useLanesElement() {
  const ref = useRef<HTMLDivElement | null>(null);
  useLayoutEffect(() => {
    const element = ref.current;
    const body = element?.querySelector('[role="slider"]');
    if (!element || !body) return undefined;
    const measure = () => timelineStore.setState({ width: Math.max(50, body.getBoundingClientRect().width) });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(body);
    const onWheel = (event: WheelEvent) => {
      const x = event.clientX - body.getBoundingClientRect().left;
      const sideways = event.shiftKey ? event.deltaY + event.deltaX : event.deltaX;
      if (event.ctrlKey || event.metaKey) zoomTimeline(Math.exp(-event.deltaY / 240), Math.max(0, x));
      else if (sideways !== 0) panTimeline(sideways);
      else return;
      event.preventDefault();
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => {
      observer.disconnect();
      element.removeEventListener('wheel', onWheel);
    };
  }, []);
  return ref;
}

/** While it plays, the view follows the playhead page by page. */
function useFollowing(): void {
  useEffect(
    () =>
      playhead.subscribe(() => {
        if (playhead.isPlaying()) revealInTimeline(playhead.frame());
      }),
    [],
  );
}

function useLaneHeight(): number {
  const [isShort, setShort] = useState(() => window.matchMedia('(max-height: 780px)').matches);
  useEffect(() => {
    const query = window.matchMedia('(max-height: 780px)');
    const change = () => setShort(query.matches);
    query.addEventListener('change', change);
    return () => query.removeEventListener('change', change);
  }, []);
  return isShort ? 32 : 36;
}

/** Spans and marks of a row in the order of their frames. */
function cellsIn(row: Element | undefined): HTMLElement[] {
  const cells = [...(row?.querySelectorAll<HTMLElement>('[role="gridcell"][data-from]') ?? [])];
  return cells.sort((a, b) => Number(a.dataset['from']) - Number(b.dataset['from']));
}

/** Arrow keys inside the grid of lanes: left and right go over the spans, up and down over people, Enter goes there. */
function onLaneKey(event: React.KeyboardEvent<HTMLElement>): void {
  const cell =
    event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('[role="gridcell"][data-from]') : null;
  const row = cell?.closest('[role="row"]');
  if (!cell || !row) return;
  const cells = cellsIn(row);
  const rows = [...event.currentTarget.querySelectorAll('[role="row"]')];
  const from = Number(cell.dataset['from']);
  const inRow = (other: Element | undefined) =>
    cellsIn(other).findLast((candidate, index) => index === 0 || Number(candidate.dataset['from']) <= from);
  const target = {
    ArrowLeft: cells[cells.indexOf(cell) - 1],
    ArrowRight: cells[cells.indexOf(cell) + 1],
    ArrowUp: inRow(rows[rows.indexOf(row) - 1]),
    ArrowDown: inRow(rows[rows.indexOf(row) + 1]),
  }[event.key];
  if (event.key === 'Enter' && cell.dataset['mark']) cell.click();
  else if (event.key === 'Enter') {
    selectPerson(cell.dataset['person']);
    playhead.pause();
    playhead.seek(from);
  } else if (event.key.startsWith('Arrow') && !event.ctrlKey && !event.shiftKey) target?.focus();
  else return;
  event.preventDefault();
}

function PersonLanes() {
  const project = useProject((state) => state.project);
  const selected = useView((state) => state.selection.at(-1));
  const height = useLaneHeight();
  const people = useMemo(
    () =>
      (project?.document.people ?? [])
        .filter((person) => person.foldedBecause === undefined)
        .sort((a, b) => a.number - b.number),
    [project?.document.people],
  );
  if (!project) return null;
  const { results, media, tracks } = project;
  const hasRun = activeRun(project) !== undefined || results.people.some((entry) => entry.present.length > 0);
  if (people.length === 0) {
    const text = activeRun(project)
      ? 'Looking for people: a lane for each appears here'
      : 'A lane per person appears here. Run finds people (Ctrl+Enter), or draw a box (B).';
    return <p className={styles['emptyLanes']}>{text}</p>;
  }
  const tabStop = people.find((person) => person.id === selected)?.id ?? people[0]?.id;
  return (
    <div role="grid" aria-label="Lanes" onKeyDown={onLaneKey}>
      {people.map((person) => (
        <PersonLane
          key={person.id}
          person={person}
          tracks={tracks}
          results={results.people.find((entry) => entry.person === person.id)}
          frameCount={media.frameCount}
          hasRun={hasRun}
          height={height}
          isTabStop={person.id === tabStop}
        />
      ))}
    </div>
  );
}

/** The rectangle of a lasso over the lanes. */
function Lasso() {
  const area = useStore(lassoStore, (state) => state.area);
  if (!area) return null;
  return (
    <div
      className={styles['lasso']}
      style={{ left: area.x, top: area.y, width: area.width, height: area.height }}
      aria-hidden
    />
  );
}

/** Transport, ruler, film, quality, a lane per person, and what was edited. */
export function TimelinePanel() {
  const lanes = useLanesElement();
  const isComparing = useCompare((state) => state.isOpen);
  useFollowing();
  return (
    <div className={styles['panel']}>
      <Transport />
      <div ref={lanes} id="lanes" className={styles['scroller']}>
        <div className={styles['lanes']}>
          <PlayheadLabel />
          <Ruler />
          {!isComparing && <FilmLane />}
          {!isComparing && <QualityLane />}
          <CompareLanes />
          <PersonLanes />
          <EditsLane />
          <PlayheadLine />
          <Lasso />
        </div>
      </div>
      <ZoomBar />
    </div>
  );
}
