import type { Person } from '#core/document/schema';
import { hasFrame } from '#core/frames/span';
import { areRunsShown } from '../compare/compareStore';
import { followRunBodies, subscribeToRunBodies } from '../compare/runBodies';
import { presentation } from '../playback/presentation';
import { shownBodies } from '../playback/shownBodies';
import { stillness } from '../playback/stillness';
import { type OpenProject, projectStore } from '../session/projectStore';
import { isShown, selectedPersonId, viewStore, weightsShown } from '../session/viewStore';
import { identityOf } from '../theme/identity';
import { readToken } from '../theme/readToken';
import { DENSITY_AT_REST, isSoftwareGl } from '../viewport/softwareGl';
import { MeshOverlay, type OverlayBody, type OverlayPass } from './meshOverlay';
import { paintRunLines, runPasses } from './runPainting';
import { drawSkeleton, drawTrail, TRAILED_JOINTS } from './skeletonDrawing';
import { stageStore } from './stageStore';
import type { Size, StageView } from './stageView';

/** Canvases of the stage, bottom to top. */
export interface StageCanvases {
  picture: HTMLCanvasElement;
  mesh: HTMLCanvasElement;
  lines: HTMLCanvasElement;
}

/** How much a body that belongs to older boxes is shown. */
const OUT_OF_DATE = 0.4;
/** Frames of trail before the shown one. */
const TRAIL_FRAMES = 30;
/** Above this zoom single px are shown as squares. */
const PIXELATED_SCALE = 3;

/** What the picture's canvas shows. */
interface PaintedPicture {
  picture: ImageBitmap | undefined;
  view: StageView;
  size: Size;
  isStill: boolean;
  ratio: number;
  /** Name of the theme, for what is beside the picture. */
  theme: string | undefined;
}

function isSame(a: PaintedPicture, b: PaintedPicture | undefined): boolean {
  const isPlaced = a.view === b?.view && a.size === b.size && a.ratio === b.ratio;
  return isPlaced && a.picture === b.picture && a.isStill === b.isStill && a.theme === b.theme;
}

/**
 * Draws picture, bodies and joints of the shown frame. Listens to everything that can change them and draws at most once
 * per refresh of the screen. The picture stays until the next one is there: never black.
 */
export class StagePainter {
  private readonly ends: (() => void)[];
  private readonly bodies: OverlayBody[] = [];
  private readonly colors = new Map<number, string>();
  private overlay: MeshOverlay | undefined;
  private handle: number | undefined;
  private painted: PaintedPicture | undefined;
  /** CSS colour beside the picture. */
  private ground = '';
  /** True when the browser gives no WebGL context, so that bodies cannot be drawn. */
  readonly hasWebGL: boolean;

  constructor(
    private readonly stage: HTMLElement,
    private readonly canvases: StageCanvases,
  ) {
    try {
      this.overlay = new MeshOverlay(canvases.mesh);
    } catch {
      this.overlay = undefined;
    }
    this.hasWebGL = this.overlay !== undefined;
    const again = () => this.schedule();
    followRunBodies();
    this.ends = [
      presentation.subscribe(again),
      shownBodies.subscribe(again),
      // What is drawn when it begins to move is drawn for the next frame anyway.
      stillness.subscribe(() => stillness.isStill() && again()),
      stageStore.subscribe(again),
      viewStore.subscribe(again),
      projectStore.subscribe(again),
      subscribeToRunBodies(again),
      () => canvases.mesh.removeEventListener('webglcontextrestored', again),
    ];
    canvases.mesh.addEventListener('webglcontextrestored', again);
    this.schedule();
  }

  /** Asks for a drawing at the next refresh. */
  schedule(): void {
    this.handle ??= requestAnimationFrame(() => {
      this.handle = undefined;
      this.paint();
    });
  }

  /** Objects of the GPU in use; flat while playing. */
  memory(): { geometries: number; textures: number } | undefined {
    return this.overlay?.memory();
  }

  dispose(): void {
    for (const end of this.ends) end();
    if (this.handle !== undefined) cancelAnimationFrame(this.handle);
    this.overlay?.dispose();
  }

  private paint(): void {
    const { project } = projectStore.getState();
    const frame = presentation.frame();
    this.stage.dataset['frame'] = String(frame);
    this.stage.dataset['exact'] = String(presentation.isExact());
    this.paintPicture(project);
    this.paintBodies(project, frame);
    this.paintLines(project, frame);
  }

  /** Context of a canvas as dense as the screen, in CSS px, cleared: to nothing, or to black one that hides what is behind. */
  private clearedContext(canvas: HTMLCanvasElement, isOpaque = false): CanvasRenderingContext2D | null {
    const { width, height } = stageStore.getState().size;
    const ratio = Math.min(2, window.devicePixelRatio);
    const pixelWidth = Math.max(1, Math.round(width * ratio));
    const pixelHeight = Math.max(1, Math.round(height * ratio));
    const context = canvas.getContext('2d', { alpha: !isOpaque });
    if (canvas.width !== pixelWidth || canvas.height !== pixelHeight) {
      canvas.width = pixelWidth;
      canvas.height = pixelHeight;
    } else if (context) {
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, pixelWidth, pixelHeight);
    }
    context?.setTransform(pixelWidth / Math.max(1, width), 0, 0, pixelHeight / Math.max(1, height), 0, 0);
    return context;
  }

  private paintPicture(project: OpenProject | undefined): void {
    const picture = project && presentation.picture();
    const { view, size } = stageStore.getState();
    const isStill = stillness.isStill();
    const { theme } = document.documentElement.dataset;
    const painted = { picture, view, size, isStill, ratio: window.devicePixelRatio, theme };
    if (isSame(painted, this.painted)) return;
    if (theme !== this.painted?.theme || this.ground === '') this.ground = readToken(this.stage, '--surface-well');
    this.painted = painted;
    const context = this.clearedContext(this.canvases.picture, true);
    if (!context) return;
    context.fillStyle = this.ground;
    context.fillRect(0, 0, size.width, size.height);
    if (!picture) return;
    context.imageSmoothingEnabled = view.scale < PIXELATED_SCALE;
    context.imageSmoothingQuality = isStill ? 'high' : 'low';
    context.drawImage(picture, view.x, view.y, project.media.width * view.scale, project.media.height * view.scale);
  }

  private shownPeople(project: OpenProject): Person[] {
    return project.document.people.filter(isShown);
  }

  private opacityOf(project: OpenProject, person: Person, frame: number): number {
    const results = project.results.people.find((entry) => entry.person === person.id);
    if (!results || !hasFrame(results.present, frame)) return 0;
    // Frames of a kept run were chosen as they are: no rerun changes them.
    return hasFrame(results.outOfDate, frame) && !hasFrame(results.chosen, frame) ? OUT_OF_DATE : 1;
  }

  private colorOf(person: Person): string {
    const { slot } = identityOf(person.number, person.color);
    let color = this.colors.get(slot);
    if (color === undefined) {
      color = readToken(this.stage, `--person-${slot}`) || '#b6bbc5';
      this.colors.set(slot, color);
    }
    return color;
  }

  /**
   * Px of the mesh canvas per CSS px. Without the GPU's smoothing, still pictures are drawn twice as dense and moving ones
   * once.
   */
  private meshDensity(): number {
    const density = Math.min(2, window.devicePixelRatio);
    if (!isSoftwareGl()) return density;
    return stillness.isStill() ? DENSITY_AT_REST : 1;
  }

  private paintBodies(project: OpenProject | undefined, frame: number): void {
    const { overlay } = this;
    if (!overlay) return;
    const { size, view } = stageStore.getState();
    overlay.resize(size.width, size.height, this.meshDensity());
    const passes = project && areRunsShown() ? this.runPasses(project) : [this.shownPass(project, frame)];
    overlay.render(view, passes);
    this.stage.dataset['bodies'] = String(passes.reduce((sum, { bodies }) => sum + bodies.length, 0));
  }

  private runPasses(project: OpenProject): OverlayPass[] {
    const { overlays, meshOpacity } = viewStore.getState();
    return overlays.mesh ? runPasses(project, this.stage, meshOpacity) : [];
  }

  private shownPass(project: OpenProject | undefined, frame: number): OverlayPass {
    const { overlays, meshOpacity } = viewStore.getState();
    this.bodies.length = 0;
    if (project && (overlays.mesh || overlays.weights)) {
      const selected = selectedPersonId();
      for (const person of this.shownPeople(project)) {
        const body = shownBodies.body(person.id);
        if (!body || body.frame !== frame) continue;
        const opacity = meshOpacity * this.opacityOf(project, person, frame);
        const isWeighted = overlays.weights && (selected === undefined || selected === person.id);
        const weightsOf = isWeighted ? weightsShown(viewStore.getState()) : undefined;
        this.bodies.push({ key: person.id, body, color: this.colorOf(person), opacity, weightsOf });
      }
    }
    const camera = project?.results.camera ?? { focal: 1, width: 1, height: 1 };
    return { camera, shape: shownBodies.shape(), bodies: this.bodies };
  }

  private paintLines(project: OpenProject | undefined, frame: number): void {
    const { lines } = this.canvases;
    const { overlays } = viewStore.getState();
    // An empty canvas is neither cleared nor laid over the picture with every frame.
    const hasLines = areRunsShown() || overlays.joints || overlays.skeleton || overlays.trails;
    const isDrawn = hasLines && this.drawLines(this.clearedContext(lines), project, frame);
    // Chromium goes on showing what was cleared where nothing is drawn after it.
    lines.style.visibility = isDrawn ? 'visible' : 'hidden';
  }

  /** True when anything was drawn. */
  private drawLines(
    context: CanvasRenderingContext2D | null,
    project: OpenProject | undefined,
    frame: number,
  ): boolean {
    const { overlays, pickedJoint } = viewStore.getState();
    if (!context || !project) return false;
    const { view } = stageStore.getState();
    if (areRunsShown()) return paintRunLines(context, this.stage, frame);
    if (!(overlays.joints || overlays.skeleton || overlays.trails)) return false;
    for (const person of this.shownPeople(project)) {
      const color = this.colorOf(person);
      if (overlays.trails) {
        const motion = (index: number) => shownBodies.motion(person.id, index);
        const frames = { from: frame - TRAIL_FRAMES, to: frame };
        for (const joint of TRAILED_JOINTS) drawTrail(context, motion, joint, frames, view, color);
      }
      const row = shownBodies.motion(person.id, frame);
      const opacity = this.opacityOf(project, person, frame);
      if (!row || opacity === 0) continue;
      const picked = person.id === selectedPersonId() ? pickedJoint : undefined;
      const look = { bones: overlays.skeleton, joints: overlays.joints, opacity, pickedJoint: picked };
      drawSkeleton(context, row, view, look);
    }
    return true;
  }
}
