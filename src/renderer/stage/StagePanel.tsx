import { Film } from 'lucide-react';
import { type RefObject, useEffect, useLayoutEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { useBoxTool } from '../boxes/boxEditing';
import { BoxLayer } from '../boxes/BoxLayer';
import { type StageBox, stageBoxes, withBoxInHand } from '../boxes/stageBoxes';
import { CompareLayer } from '../compare/CompareLayer';
import { useCompare } from '../compare/compareStore';
import { EmptyState } from '../controls/Marks';
import { frameSource } from '../playback/frameSource';
import { presentation } from '../playback/presentation';
import { shownBodies } from '../playback/shownBodies';
import { useShownFrame } from '../playback/useShownFrame';
import { useBoxInHand } from '../session/boxInHand';
import { useProject } from '../session/projectStore';
import { framesBetweenLooks } from '../session/shownBox';
import { isShown, useView } from '../session/viewStore';
import styles from './stage.module.css';
import { StageMenu } from './StageMenu';
import { StagePainter } from './stagePainter';
import { listenToStagePointer } from './stagePointer';
import { fitStage, resizeStage, revealOnStage, useStage } from './stageStore';
import { StageToolbar } from './StageToolbar';

/** Legend of the box lines; names what is drawn without colour. */
function Legend() {
  return (
    <div className={`${styles['hud']} ${styles['legend']}`} aria-hidden>
      <span>
        <svg>
          <rect x="1" y="1" width="20" height="8" fill="none" stroke="#fff" strokeWidth="1.5" />
        </svg>
        Detected
      </span>
      <span>
        <svg>
          <rect x="1" y="1" width="20" height="8" fill="none" stroke="#fff" strokeWidth="1.8" strokeDasharray="4 3" />
        </svg>
        Interpolated
      </span>
      <span>
        <svg>
          <rect x="1" y="1" width="20" height="8" fill="none" stroke="#fff" strokeWidth="2.6" />
          <path d="m11 -2 3 3-3 3-3-3z" fill="#fff" stroke="#000" />
        </svg>
        Manual
      </span>
    </div>
  );
}

/** Size of the picture, and whether what is shown is the frame itself. */
function Facts({ width, height }: { width: number; height: number }) {
  const isExact = useSyncExternalStore(presentation.subscribe, presentation.isExact);
  const problem = useSyncExternalStore(
    presentation.subscribe,
    () => frameSource.failure(presentation.frame())?.message,
  );
  return (
    <>
      <div className={`${styles['hud']} ${styles['facts']}`}>
        {width} × {height} px · {isExact ? 'exact frame' : 'preview'}
      </div>
      {problem && (
        <div className={`${styles['hud']} ${styles['notice']}`} role="status">
          {problem}
        </div>
      )}
    </>
  );
}

function KeyboardHint() {
  const tool = useBoxTool();
  if (tool.kind !== 'keyboard') return null;
  return (
    <div className={`${styles['hud']} ${styles['top']}`} role="status">
      Editing box by keyboard: arrows move 1 px, Shift 10 px, Tab next handle, Enter keeps, Esc cancels
    </div>
  );
}

/** The boxes to show now; recomputed when the frame, the document or the selection changes, and for the box in hand alone. */
function useStageBoxes(): readonly StageBox[] {
  const frame = useShownFrame();
  const people = useProject((state) => state.project?.document.people);
  const tracks = useProject((state) => state.project?.tracks);
  const results = useProject((state) => state.project?.results.people);
  const selection = useView((state) => state.selection);
  const solo = useView((state) => state.solo);
  const betweenLooks = useProject((state) => framesBetweenLooks(state.project?.media.rate ?? 0));
  const kept = useMemo(() => {
    if (!people || !tracks || !results) return [];
    const shown = people.filter((person) => (solo.length > 0 ? solo.includes(person.id) : isShown(person)));
    return stageBoxes(shown, tracks, results, frame, selection, betweenLooks);
  }, [people, tracks, results, frame, selection, solo, betweenLooks]);
  const inHand = useBoxInHand();
  return useMemo(() => withBoxInHand(kept, frame, inHand), [kept, frame, inHand]);
}

/** Whether boxes are drawn: not while two runs are compared, which is about bodies. */
function useAreBoxesShown(): boolean {
  const isComparing = useCompare((state) => state.isOpen && state.ids.A !== undefined);
  return useView((state) => state.overlays.boxes) && !isComparing;
}

/** The boxes of the shown frame. Apart from the surface, which need not render with every frame; `latest` tells it where they are. */
function Boxes({ latest }: { latest: RefObject<readonly StageBox[]> }) {
  const boxes = useStageBoxes();
  const areShown = useAreBoxesShown();
  const selection = useView((state) => state.selection);
  const view = useStage((state) => state.view);
  const size = useStage((state) => state.size);
  const nextNumber = useProject((state) => state.project?.document.nextNumber) ?? 1;
  useLayoutEffect(() => {
    latest.current = boxes;
  }, [boxes, latest]);
  if (!areShown) return null;
  return <BoxLayer boxes={boxes} view={view} size={size} selection={selection} nextNumber={nextNumber} />;
}

/** Canvases, pointer and size of the stage; drawing happens outside of React. */
function StageSurface() {
  const stage = useRef<HTMLDivElement>(null);
  const picture = useRef<HTMLCanvasElement>(null);
  const mesh = useRef<HTMLCanvasElement>(null);
  const lines = useRef<HTMLCanvasElement>(null);
  const [hasWebGL, setHasWebGL] = useState(true);
  const areBoxesShown = useAreBoxesShown();
  const main = useView((state) => state.selection.at(-1));
  const media = useProject((state) => state.project?.media);
  const projectId = useProject((state) => state.project?.projectId);
  const name = useProject((state) => state.project?.document.name);
  const latestBoxes = useRef<readonly StageBox[]>([]);

  useEffect(() => {
    const element = stage.current;
    if (!element || !picture.current || !mesh.current || !lines.current) return;
    shownBodies.follow();
    const canvases = { picture: picture.current, mesh: mesh.current, lines: lines.current };
    const painter = new StagePainter(element, canvases);
    setHasWebGL(painter.hasWebGL);
    const measure = () => resizeStage({ width: element.clientWidth, height: element.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    const end = listenToStagePointer(element, { boxes: () => latestBoxes.current });
    return () => {
      end();
      observer.disconnect();
      painter.dispose();
    };
  }, []);

  useEffect(() => {
    if (projectId !== undefined) fitStage();
  }, [projectId]);

  useEffect(() => {
    // Whoever is selected in a list, or by going to the next place to check, must be seen.
    const box = latestBoxes.current.find((entry) => entry.person.id === main)?.box;
    if (box) revealOnStage(box);
  }, [main]);

  const surface = (
    <div ref={stage} className={`${styles['stage']} on-video`} role="group" aria-label="Stage" tabIndex={-1}>
      <canvas ref={picture} className={styles['canvas']} role="img" aria-label={name ? `Video ${name}` : 'Video'} />
      <canvas ref={mesh} className={styles['mesh']} aria-hidden />
      <canvas ref={lines} className={styles['canvas']} aria-hidden />
      <Boxes latest={latestBoxes} />
      {media && areBoxesShown && <Legend />}
      {media && <Facts width={media.width} height={media.height} />}
      {!hasWebGL && media && (
        <div className={`${styles['hud']} ${styles['notice']}`} role="status">
          Bodies cannot be drawn: this browser has no WebGL
        </div>
      )}
      <KeyboardHint />
      {!media && (
        <div className={styles['empty']}>
          <EmptyState icon={Film} title="No video open" text="Drop a video here, or open one." />
        </div>
      )}
    </div>
  );
  return <StageMenu stage={surface} />;
}

/** The video stage: toolbar, picture, bodies, boxes. */
export function StagePanel() {
  return (
    <div className={styles['panel']}>
      <StageToolbar />
      <div className={styles['surface']}>
        <StageSurface />
        <CompareLayer where="video" />
      </div>
    </div>
  );
}
