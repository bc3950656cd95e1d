import { Color, Matrix4, Mesh, PerspectiveCamera, Scene, SRGBColorSpace, WebGLRenderer } from 'three';
import type { BodyShape } from '../playback/meshSource';
import type { ShownBody } from '../playback/filledBodies';
import { BodyGeometry, SharedBody } from '../viewport/bodyGeometry';
import { viewStore } from '../session/viewStore';
import type { WeightsShown } from '../viewport/materials/skinColors';
import { type BodyMaterial, createBodyMaterial, STRIPE } from '../viewport/materials/bodyMaterial';
import { drawIntoPart } from '../viewport/canvasPart';
import { type Pinhole, pinholeProjection, VIEW_FROM_CAMERA } from '../viewport/pinhole';
import { DENSITY_AT_REST, isSoftwareGl } from '../viewport/softwareGl';
import { joinBounds, overlayBounds, type StageRect } from './overlayBounds';
import type { Size, StageView } from './stageView';

/** A body to draw over the video. */
export interface OverlayBody {
  /** Tells the bodies of a drawing apart: a person, or a person in a run. */
  key: string;
  body: ShownBody;
  /** CSS colour. */
  color: string;
  /** 0 to 1. */
  opacity: number;
  /** Skin weights that colour the body, instead of `color`. */
  weightsOf: WeightsShown | undefined;
  /** Every other of slanted stripes is left out, so that what is behind stays in sight. */
  isStriped?: boolean;
}

/** Bodies of one model and one camera; each pass is drawn over the one before. */
export interface OverlayPass {
  camera: Pinhole;
  shape: BodyShape | undefined;
  bodies: readonly OverlayBody[];
  /** The part of the stage that is drawn on, CSS px from its left edge; all of it when absent. */
  within?: { left: number; right: number };
}

const CLAY = new Color(0.46, 0.46, 0.48);

interface Drawn {
  geometry: BodyGeometry;
  shared: SharedBody;
  mesh: Mesh;
  plain: BodyMaterial;
  heat: BodyMaterial;
}

/**
 * Bodies over the video: one transparent WebGL canvas over the part of the stage where they are, seen by the estimated
 * camera. Draws only when asked.
 */
export class MeshOverlay {
  private readonly renderer: WebGLRenderer;
  private readonly scene = new Scene();
  private readonly camera = new PerspectiveCamera();
  private readonly drawn = new Map<string, Drawn>();
  /** Of the stage, CSS px. */
  private readonly stage: Size = { width: 0, height: 0 };
  /** Of the part of the stage that is drawn, CSS px: it covers the bodies only. */
  private readonly size: Size = { width: 0, height: 0 };
  /** Of the canvas, px; of this its lower left part is used. */
  private readonly room: Size = { width: 0, height: 0 };
  private density = 1;
  private readonly shared = new Map<BodyShape, SharedBody>();
  private readonly joints: ShownBody[] = [];
  private readonly shifted: StageView = { scale: 1, x: 0, y: 0 };

  /** @throws when the browser gives no WebGL context. */
  constructor(private readonly canvas: HTMLCanvasElement) {
    const antialias = !isSoftwareGl();
    this.renderer = new WebGLRenderer({ canvas, alpha: true, antialias, powerPreference: 'high-performance' });
    this.renderer.outputColorSpace = SRGBColorSpace;
    this.renderer.setClearColor(new Color(0, 0, 0), 0);
    this.renderer.autoClear = false;
    canvas.style.transformOrigin = '0 100%';
    this.camera.matrixAutoUpdate = false;
    this.camera.matrix.copy(new Matrix4().fromArray([...VIEW_FROM_CAMERA]));
    this.camera.updateMatrixWorld(true);
  }

  /** Size of the stage, CSS px, and px drawn per CSS px. */
  resize(width: number, height: number, density: number): void {
    this.stage.width = width;
    this.stage.height = height;
    this.density = density;
    const most = isSoftwareGl() ? Math.max(DENSITY_AT_REST, density) : density;
    const room = { width: Math.ceil(width * most), height: Math.ceil(height * most) };
    if (room.width === this.room.width && room.height === this.room.height) return;
    Object.assign(this.room, room);
    this.renderer.setSize(room.width, room.height);
  }

  /** Draws these bodies, and nothing else. */
  render(view: StageView, passes: readonly OverlayPass[]): void {
    this.keepShapes(passes);
    const bounds = joinBounds(passes.flatMap((pass) => this.boundsOf(view, pass) ?? []));
    this.canvas.style.visibility = bounds ? 'visible' : 'hidden';
    if (!bounds) return;
    this.cover(bounds);
    this.shifted.scale = view.scale;
    this.shifted.x = view.x - bounds.x;
    this.shifted.y = view.y - bounds.y;
    this.renderer.clear();
    for (const pass of passes) this.draw(pass, bounds);
  }

  private boundsOf(view: StageView, { camera, shape, bodies }: OverlayPass): StageRect | undefined {
    const joints = this.joints;
    joints.length = 0;
    for (const { body, opacity } of bodies) if (opacity > 0) joints.push(body);
    return shape && overlayBounds(camera, view, this.stage, joints);
  }

  private draw({ camera, shape, bodies, within }: OverlayPass, bounds: StageRect): void {
    const shared = shape && this.shared.get(shape);
    if (!shared) return;
    for (const drawn of this.drawn.values()) drawn.mesh.visible = false;
    for (const entry of bodies) this.place(entry, shared);
    pinholeProjection(camera, this.shifted, this.size, this.camera.projectionMatrix.elements);
    this.camera.projectionMatrixInverse.copy(this.camera.projectionMatrix).invert();
    const { left, right } = within ?? { left: bounds.x, right: bounds.x + bounds.width };
    const { density } = this;
    this.renderer.setScissor((left - bounds.x) * density, 0, (right - left) * density, bounds.height * density);
    this.renderer.clearDepth();
    this.renderer.render(this.scene, this.camera);
  }

  /**
   * Puts as much of the canvas as is needed over a part of the stage: fewer px to clear, draw and show than the whole. The
   * canvas itself is always large enough for all of it: one that gets another size waits for everything drawn before.
   */
  private cover(bounds: StageRect): void {
    const { room, density, canvas } = this;
    this.size.width = bounds.width;
    this.size.height = bounds.height;
    const width = Math.min(room.width, Math.ceil(bounds.width * density));
    const height = Math.min(room.height, Math.ceil(bounds.height * density));
    drawIntoPart(this.renderer, width, height);
    canvas.style.transform = `translate(${bounds.x}px, ${bounds.y + bounds.height - room.height}px) scale(${1 / density})`;
    canvas.style.clipPath = `inset(${room.height - height}px ${room.width - width}px 0 0)`;
  }

  /** Objects of the GPU in use; flat while playing. */
  memory(): { geometries: number; textures: number } {
    const { geometries, textures } = this.renderer.info.memory;
    return { geometries, textures };
  }

  dispose(): void {
    this.keepShapes([]);
    this.renderer.dispose();
  }

  /** Lets go of models that nothing is drawn of any more. */
  private keepShapes(passes: readonly OverlayPass[]): void {
    for (const known of [...this.shared.keys()]) {
      if (passes.some(({ shape }) => shape === known)) continue;
      for (const [key, drawn] of [...this.drawn]) if (drawn.shared === this.shared.get(known)) this.remove(key);
      this.shared.delete(known);
    }
    for (const { shape } of passes) if (shape && !this.shared.has(shape)) this.shared.set(shape, new SharedBody(shape));
  }

  private remove(key: string): void {
    const drawn = this.drawn.get(key);
    if (!drawn) return;
    this.scene.remove(drawn.mesh);
    drawn.geometry.dispose();
    drawn.plain.dispose();
    drawn.heat.dispose();
    this.drawn.delete(key);
  }

  private place(entry: OverlayBody, shared: SharedBody): void {
    const { body, color, opacity, weightsOf, isStriped = false } = entry;
    if (body.positions.length !== shared.shape.vertexCount * 3) return;
    const drawn = this.drawnFor(entry, shared);
    drawn.geometry.refresh();
    const material = weightsOf === undefined ? drawn.plain : drawn.heat;
    if (weightsOf !== undefined) shared.showWeights(weightsOf, viewStore.getState().weightFloor);
    // Skin-like grey takes some of the colour back, so that the form reads under it.
    material.uniforms.tint.value.set(color).lerp(CLAY, 0.4);
    material.uniforms.opacity.value = opacity;
    material.uniforms.stripe.value = isStriped ? STRIPE * this.density : 0;
    drawn.mesh.material = material;
    drawn.mesh.visible = opacity > 0;
  }

  private drawnFor({ key, body }: OverlayBody, shared: SharedBody): Drawn {
    const known = this.drawn.get(key);
    if (known?.geometry.body === body && known.shared === shared) return known;
    this.remove(key);
    const geometry = new BodyGeometry(shared, body);
    const plain = createBodyMaterial(false);
    const heat = createBodyMaterial(true);
    const mesh = new Mesh(geometry.geometry, plain);
    mesh.frustumCulled = false;
    mesh.matrixAutoUpdate = false;
    const drawn = { geometry, shared, mesh, plain, heat };
    this.drawn.set(key, drawn);
    this.scene.add(mesh);
    return drawn;
  }
}
