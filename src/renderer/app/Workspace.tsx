import { useLayoutEffect, useRef, useState } from 'react';
import { Cell, Grid, Gridline, type GridLayout, Group, Panel, Separator } from 'react-resizable-panels';
import { useCompare } from '../compare/compareStore';
import { type PanelPlace, panelsAt } from '../panels/registry';
import { ProposalBar } from '../proposals/ProposalBar';
import { CheckReason } from '../review/CheckReason';
import { RerunCard, ResumeCard } from '../runs/RerunCard';
import { useProject } from '../session/projectStore';
import text from '../theme/text.module.css';
import { ErrorBoundary } from './ErrorBoundary';
import { BARS, defaultSizes, loadLayout, type Sizes, saveLayout } from './layoutStorage';
import styles from './workspace.module.css';

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

/** Makes the width of the left column known to the timeline's header column, and its height to the toasts. */
function useSharedEdges(grid: React.RefObject<HTMLDivElement | null>): void {
  useLayoutEffect(() => {
    const element = grid.current;
    if (!element) return undefined;
    const left = element.querySelector<HTMLElement>('[data-place="left"]');
    const timeline = element.querySelector<HTMLElement>('[data-place="timeline"]');
    const observer = new ResizeObserver(() => {
      const root = document.documentElement;
      if (left) root.style.setProperty('--left-now', `${left.getBoundingClientRect().width}px`);
      if (timeline) root.style.setProperty('--timeline-now', `${timeline.getBoundingClientRect().height}px`);
    });
    if (left) observer.observe(left);
    if (timeline) observer.observe(timeline);
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
  useSharedEdges(grid);
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
      <Cell column={0} row={0}>
        <Place place="left" />
      </Cell>
      <Gridline type="column" column={1} row={0} rowSpan={1} className={styles['handle']} />
      <Cell column={1} row={0}>
        <Place place="stage" />
      </Cell>
      <Gridline type="column" column={2} className={styles['handle']} />
      <Cell column={2} row={0} rowSpan={2}>
        <Group
          orientation="vertical"
          {...(saved.right ? { defaultLayout: saved.right } : {})}
          onLayoutChanged={(layout) => saveLayout({ right: layout })}
        >
          <Panel id="view" minSize={160}>
            <Place place="view" />
          </Panel>
          <Separator className={styles['handle']} />
          <Panel id="inspector" defaultSize="54%" minSize={120}>
            <Place place="inspector" />
          </Panel>
        </Group>
      </Cell>
      <Gridline type="row" row={1} column={0} columnSpan={2} className={styles['handle']} />
      <Cell column={0} row={1} columnSpan={2}>
        <Place place="timeline" />
      </Cell>
    </Grid>
  );
}
