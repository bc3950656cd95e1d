import { useLayoutEffect, useRef, useState } from 'react';
import { Cell, Grid, Gridline, type GridLayout, Group, Panel, Separator } from 'react-resizable-panels';
import { useCompare } from '../compare/compareStore';
import { type PanelPlace, panelsAt } from '../panels/registry';
import { ProposalBar } from '../proposals/ProposalBar';
import { CheckReason } from '../review/CheckReason';
import { KeptBodiesCard, RerunCard, ResumeCard } from '../runs/RerunCard';
import { useProject } from '../session/projectStore';
import text from '../theme/text.module.css';
import { ErrorBoundary } from './ErrorBoundary';
import { BARS, defaultSizes, loadLayout, type Sizes, saveLayout } from './layoutStorage';
import { settleOnPixels } from './wholePixels';
import styles from './workspace.module.css';

/** A panel that was moved onto whole px may reach some of one over the edge of its room. */
const ROOM = { overflow: 'hidden' } as const;

const LANDMARKS = {
  left: 'complementary',
  stage: 'main',
  view: 'region',
  inspector: 'complementary',
  timeline: 'region',
};

function Place({ place }: { place: PanelPlace }) {
  const mode = useCompare((state) => (state.isOpen ? 'compare' : 'review'));
  return panelsAt(place, mode).map(({ id, title, component: Component }, index) => (
    // A section carries whichever landmark role its place has, and stays when another panel comes into it.
    <section
      key={index}
      className={styles['cell']}
      role={LANDMARKS[place]}
      aria-label={title}
      data-place={place}
      data-region={id}
    >
      <ErrorBoundary key={id} part={title}>
        <Component />
      </ErrorBoundary>
      {place === 'stage' && <RerunCard />}
      {place === 'stage' && <ResumeCard />}
      {place === 'stage' && <KeptBodiesCard />}
      {place === 'stage' && <CheckReason />}
      {place === 'stage' && <ProposalBar />}
      {place === 'stage' && <PageTitle />}
    </section>
  ));
}

/** The page's heading for screen readers: the project's name, which the top bar shows. */
function PageTitle() {
  const name = useProject((state) => state.project?.document.name);
  return <h1 className={text['hidden']}>{name}</h1>;
}

function columnsOf(sizes: Sizes) {
  const keep = { groupResizeBehavior: 'preserve-pixel-size' as const };
  return [
    { id: 'left', defaultSize: sizes.left, minSize: 200, maxSize: 420, ...keep },
    { id: 'stage', minSize: 360 },
    { id: 'right', defaultSize: sizes.right, minSize: 280, maxSize: 720, ...keep },
  ];
}

function rowsOf(sizes: Sizes) {
  return [
    { id: 'main', minSize: 200 },
    { id: 'timeline', defaultSize: sizes.timeline, minSize: 140, groupResizeBehavior: 'preserve-pixel-size' as const },
  ];
}

/**
 * Keeps the panels on whole px, and makes the width of the left column known to the timeline's header column and its height
 * to the toasts.
 */
function useEdges(grid: React.RefObject<HTMLDivElement | null>): void {
  useLayoutEffect(() => {
    const element = grid.current;
    if (!element) return undefined;
    const panels = [...element.querySelectorAll<HTMLElement>('[data-place]')];
    const panel = (place: PanelPlace) => panels.find(({ dataset }) => dataset['place'] === place);
    const observer = new ResizeObserver(() => {
      for (const each of panels) settleOnPixels(each);
      const root = document.documentElement;
      root.style.setProperty('--left-now', `${panel('left')?.offsetWidth ?? 0}px`);
      root.style.setProperty('--timeline-now', `${panel('timeline')?.offsetHeight ?? 0}px`);
    });
    for (const { parentElement } of panels) if (parentElement) observer.observe(parentElement);
    return () => observer.disconnect();
  }, [grid]);
}

/** What the shares of the grid are of, px. */
function gridSize(): { width: number; height: number } {
  return { width: window.innerWidth, height: window.innerHeight - BARS };
}

/** People, video, 3D, inspector and timeline, with edges that drag; a double click on an edge resets it. */
export function Workspace() {
  const grid = useRef<HTMLDivElement | null>(null);
  const [sizes] = useState(() => defaultSizes(window.innerWidth, window.innerHeight));
  const [saved] = useState(() => loadLayout(gridSize()));
  useEdges(grid);
  const save = (layout: GridLayout) => saveLayout({ grid: layout, window: gridSize() });
  return (
    <Grid
      elementRef={grid}
      className={styles['grid']}
      columns={columnsOf(sizes)}
      rows={rowsOf(sizes)}
      {...(saved.grid ? { defaultLayout: saved.grid } : {})}
      onLayoutChanged={save}
    >
      <Cell column={0} row={0} style={ROOM}>
        <Place place="left" />
      </Cell>
      <Gridline type="column" column={1} row={0} rowSpan={1} className={styles['handle']} />
      <Cell column={1} row={0} style={ROOM}>
        <Place place="stage" />
      </Cell>
      <Gridline type="column" column={2} className={styles['handle']} />
      <Cell column={2} row={0} rowSpan={2}>
        <Group
          orientation="vertical"
          {...(saved.right ? { defaultLayout: saved.right } : {})}
          onLayoutChanged={(layout) => saveLayout({ right: layout })}
        >
          <Panel id="view" minSize={160} style={ROOM}>
            <Place place="view" />
          </Panel>
          <Separator className={styles['handle']} />
          <Panel id="inspector" defaultSize="54%" minSize={120} style={ROOM}>
            <Place place="inspector" />
          </Panel>
        </Group>
      </Cell>
      <Gridline type="row" row={1} column={0} columnSpan={2} className={styles['handle']} />
      <Cell column={0} row={1} columnSpan={2} style={ROOM}>
        <Place place="timeline" />
      </Cell>
    </Grid>
  );
}
