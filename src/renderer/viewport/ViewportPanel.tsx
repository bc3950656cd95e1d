import { Canvas } from '@react-three/fiber';
import { Box, ChevronDown, Crosshair, Video } from 'lucide-react';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { CompareLayer } from '../compare/CompareLayer';
import { OVERLAY_TITLES } from '../commands/views';
import { IconButton } from '../controls/IconButton';
import { Chip, EmptyState } from '../controls/Marks';
import { MenuButton } from '../controls/MenuButton';
import { PanelBar } from '../panels/PanelBar';
import { shownBodies } from '../playback/shownBodies';
import { useProject } from '../session/projectStore';
import { OVERLAY_IDS, toggleOverlay, useView } from '../session/viewStore';
import { BodySteps, StepNote } from './BodySteps';
import { Gizmo, type GizmoHandle } from './Gizmo';
import { LAYERS } from './layers/registry';
import { useBodySummary } from './useBodySummary';
import { DENSITY_AT_REST, isSoftwareGl } from './softwareGl';
import { SceneLayers, type SceneMarks } from './SceneLayers';
import styles from './viewport.module.css';
import { JointMark, VertexMark, WeightLegend, WeightNotes } from './WeightMarks';
import { SWITCHES } from './switches';
import { toggleViewport, type ViewDirection, VIEW_TITLES, useViewport, viewportActions } from './viewportStore';

const DIRECTION_KEYS: Partial<Record<ViewDirection, string>> = {
  front: 'Shift+F',
  right: 'Shift+S',
  top: 'Shift+T',
  camera: 'C',
};

function DirectionMenu() {
  const direction = useViewport((state) => state.direction);
  const choices = ['front', 'back', 'right', 'left', 'top', 'bottom', 'camera'] as const;
  return (
    <MenuButton
      trigger={
        <button type="button" className={styles['direction']} aria-label={`View: ${VIEW_TITLES[direction]}`}>
          {VIEW_TITLES[direction]}
          <ChevronDown size={14} strokeWidth={1.5} aria-hidden />
        </button>
      }
      groups={[
        {
          entries: choices.map((choice) => ({
            title: VIEW_TITLES[choice],
            checked: choice === direction,
            shortcut: DIRECTION_KEYS[choice],
            onChoose: () => viewportActions()?.look(choice),
          })),
        },
      ]}
    />
  );
}

function LayerTools() {
  const overlays = useView((state) => state.overlays);
  const switches = useViewport((state) => state);
  return (
    <div className={styles['tools']} role="toolbar" aria-label="3D layers" aria-orientation="vertical">
      {LAYERS.map(({ id, icon, overlay }) =>
        overlay === undefined ? null : (
          <IconButton
            key={id}
            size="s"
            icon={icon}
            label={OVERLAY_TITLES[overlay]}
            shortcut={`${OVERLAY_IDS.indexOf(overlay) + 1}`}
            pressed={overlays[overlay]}
            onClick={() => toggleOverlay(overlay)}
          />
        ),
      )}
      {SWITCHES.map(({ id, icon, title, shortcut }) => (
        <IconButton
          key={id}
          size="s"
          icon={icon}
          label={title}
          shortcut={shortcut}
          pressed={switches[id]}
          onClick={() => toggleViewport(id)}
        />
      ))}
    </div>
  );
}

/** Degrees and px of one arrow press. */
const TURN = 7.5;
const SLIDE = 24;

function onViewKey(event: KeyboardEvent): void {
  const actions = viewportActions();
  if (!actions || event.ctrlKey || event.metaKey || event.altKey || event.target !== event.currentTarget) return;
  const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
  if (step) {
    const [x = 0, y = 0] = step;
    if (event.shiftKey) actions.pan(-x * SLIDE, y * SLIDE);
    else actions.orbit(x * TURN, y * TURN);
  } else if (event.key === '+' || event.key === '=') actions.dolly(1.15);
  else if (event.key === '-') actions.dolly(1 / 1.15);
  else return;
  event.preventDefault();
}

/** What stands in the middle when there is no body to see. */
function Missing() {
  const hasProject = useProject((state) => state.project !== undefined);
  const hasBodies =
    useProject((state) => state.project?.results.people.some((entry) => entry.present.length > 0)) ?? false;
  const isEmptyHere = useSyncExternalStore(shownBodies.subscribe, () => shownBodies.presentPeople() === 0);
  const isSlow = useSlowLoading();
  if (hasProject && !hasBodies) {
    return (
      <div className={styles['center']}>
        <EmptyState icon={Box} title="No bodies yet" text="Run finds the people and makes a body for each of them." />
      </div>
    );
  }
  if (hasProject && isEmptyHere) {
    return (
      <div className={styles['center']}>
        <EmptyState title="No body on this frame" />
      </div>
    );
  }
  if (!isSlow) return null;
  return (
    <div className={styles['center']} role="status">
      <Chip>Loading body</Chip>
    </div>
  );
}

/** True once loading has taken longer than anybody should wait without a word. */
function useSlowLoading(): boolean {
  const isLoading = useSyncExternalStore(shownBodies.subscribe, () => shownBodies.isWaiting());
  const [isSlow, setIsSlow] = useState(false);
  useEffect(() => {
    if (!isLoading) return undefined;
    const timer = setTimeout(() => setIsSlow(true), 300);
    return () => {
      clearTimeout(timer);
      setIsSlow(false);
    };
  }, [isLoading]);
  return isLoading && isSlow;
}

function Notes() {
  const isGround = useView((state) => state.overlays.ground);
  const assumptions = useProject((state) => state.project?.results.assumptions);
  const isWeighted = useView((state) => state.overlays.weights);
  return (
    <div className={styles['notes']}>
      <StepNote />
      {isWeighted && <WeightNotes />}
      {isGround && !isWeighted && <span>Grid 0.5 m</span>}
      {!isWeighted && assumptions?.[0] && <Chip tone="warn">{assumptions[0]}</Chip>}
    </div>
  );
}

let webGL: boolean | undefined;

function hasWebGL(): boolean {
  if (webGL === undefined) {
    const context = document.createElement('canvas').getContext('webgl2');
    webGL = context !== null;
    context?.getExtension('WEBGL_lose_context')?.loseContext();
  }
  return webGL;
}

/** Px drawn per CSS px. Without the GPU's smoothing, still pictures are drawn twice as dense and moving ones once, into a part. */
function densities(): number | [number, number] {
  return isSoftwareGl() ? DENSITY_AT_REST : [1, 2];
}

function View() {
  const [view, setView] = useState<HTMLDivElement | null>(null);
  const gizmo = useRef<GizmoHandle>(null);
  const jointLabel = useRef<HTMLSpanElement>(null);
  const vertexLabel = useRef<HTMLDivElement>(null);
  const names = useRef<HTMLCanvasElement>(null);
  const marks = useMemo<SceneMarks>(() => ({ gizmo, names, jointLabel, vertexLabel }), []);
  const summary = useBodySummary();
  const isWeighted = useView((state) => state.overlays.weights);
  const [density] = useState(densities);
  useEffect(() => shownBodies.follow(), []);
  return (
    <div
      className={styles['view']}
      role="group"
      aria-label="3D view"
      aria-describedby="viewport-summary"
      // Arrow keys turn the view, so it takes the keyboard.
      tabIndex={0}
      onKeyDown={onViewKey}
    >
      <div ref={setView} className={styles['canvas']}>
        {view && (
          <Canvas
            frameloop="demand"
            flat
            dpr={density}
            gl={{ alpha: true, antialias: !isSoftwareGl() }}
            camera={{ manual: true }}
          >
            <SceneLayers view={view} marks={marks} />
          </Canvas>
        )}
      </div>
      <canvas ref={names} className={styles['names']} aria-hidden />
      <JointMark ref={jointLabel} />
      <VertexMark ref={vertexLabel} />
      <LayerTools />
      <Gizmo ref={gizmo} />
      {isWeighted && <WeightLegend />}
      <Notes />
      <CompareLayer where="3D view" />
      <Missing />
      <p id="viewport-summary" className={styles['hidden']}>
        {summary}
      </p>
    </div>
  );
}

/** The 3D view: bodies, joints and ground in scene axes. */
export function ViewportPanel() {
  const [isPossible] = useState(hasWebGL);
  const isOpen = useProject((state) => state.project !== undefined);
  return (
    <div className={styles['panel']}>
      <PanelBar title="3D">
        {isPossible && isOpen && (
          <>
            <DirectionMenu />
            <BodySteps />
            <span className={styles['grow']} />
            <IconButton
              size="s"
              icon={Video}
              label="Look through the video camera"
              shortcut="C"
              onClick={() => viewportActions()?.look('camera')}
            />
            <IconButton
              size="s"
              icon={Crosshair}
              label="Frame selection"
              shortcut="Z"
              onClick={() => viewportActions()?.frameSelection()}
            />
          </>
        )}
      </PanelBar>
      {isPossible ? (
        <View />
      ) : (
        <EmptyState
          icon={Box}
          title="3D cannot be shown here"
          text="This browser has no WebGL 2. Boxes, runs and exports work without it."
        />
      )}
    </div>
  );
}
