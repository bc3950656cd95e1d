import { Color, Matrix4, Mesh, PerspectiveCamera, Scene, SRGBColorSpace, WebGLRenderer } from 'three';
import type { BodyShape } from '../playback/meshSource';
import type { ShownBody } from '../playback/shownBodies';
import { BodyGeometry, SharedBody } from '../viewport/bodyGeometry';
import { viewStore } from '../session/viewStore';
import type { WeightsShown } from '../viewport/materials/skinColors';
import { type BodyMaterial, createBodyMaterial } from '../viewport/materials/bodyMaterial';
import { type Pinhole, pinholeProjection, VIEW_FROM_CAMERA } from '../viewport/pinhole';
import { isSoftwareGl } from '../viewport/softwareGl';
import { overlayBounds, type StageRect } from './overlayBounds';
import type { Size, StageView } from './stageView';

/** A body to draw over the video. */
export interface OverlayBody {
  body: ShownBody;
  /** CSS colour. */
  color: string;
  /** 0 to 1. */
  opacity: number;
  /** Skin weights that colour the body, instead of `color`. */
  weightsOf: WeightsShown | undefined;
}

const CLAY = new Color(0.46, 0.46, 0.48);

interface Drawn {
  geometry: BodyGeometry;
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
  /** Of the canvas, which covers the bodies only. */
  private readonly size: Size = { width: 0, height: 0 };
  private pixelRatio = 0;
  private shared: SharedBody | undefined;
  private readonly joints: ShownBody[] = [];
  private readonly shifted: StageView = { scale: 1, x: 0, y: 0 };

  /** @throws when the browser gives no WebGL context. */
  constructor(private readonly canvas: HTMLCanvasElement) {
    const antialias = !isSoftwareGl();
    this.renderer = new WebGLRenderer({ canvas, alpha: true, antialias, powerPreference: 'high-performance' });
    this.renderer.outputColorSpace = SRGBColorSpace;
    this.renderer.setClearColor(new Color(0, 0, 0), 0);
    this.camera.matrixAutoUpdate = false;
    this.camera.matrix.copy(new Matrix4().fromArray([...VIEW_FROM_CAMERA]));
    this.camera.updateMatrixWorld(true);
  }

  /** Size of the stage, CSS px, and px of the canvas per CSS px. */
  resize(width: number, height: number, pixelRatio: number): void {
    this.stage.width = width;
    this.stage.height = height;
    if (pixelRatio === this.pixelRatio) return;
    this.pixelRatio = pixelRatio;
    this.renderer.setPixelRatio(pixelRatio);
  }

  /** Draws these bodies, and nothing else. */
  render(camera: Pinhole, view: StageView, shape: BodyShape | undefined, bodies: readonly OverlayBody[]): void {
    if (shape !== this.shared?.shape) this.changeShape(shape);
    const joints = this.joints;
    joints.length = 0;
    for (const { body, opacity } of bodies) if (opacity > 0) joints.push(body);
    const bounds = overlayBounds(camera, view, this.stage, joints);
    this.canvas.style.visibility = bounds && shape ? 'visible' : 'hidden';
    if (!bounds || !shape) return;
    this.cover(bounds);
    for (const drawn of this.drawn.values()) drawn.mesh.visible = false;
    for (const entry of bodies) this.place(entry);
    this.shifted.scale = view.scale;
    this.shifted.x = view.x - bounds.x;
    this.shifted.y = view.y - bounds.y;
    pinholeProjection(camera, this.shifted, this.size, this.camera.projectionMatrix.elements);
    this.camera.projectionMatrixInverse.copy(this.camera.projectionMatrix).invert();
    this.renderer.render(this.scene, this.camera);
  }

  /** Puts the canvas over a part of the stage: fewer px to clear, draw and show than the whole. */
  private cover(bounds: StageRect): void {
    this.canvas.style.transform = `translate(${bounds.x}px, ${bounds.y}px)`;
    if (bounds.width === this.size.width && bounds.height === this.size.height) return;
    this.size.width = bounds.width;
    this.size.height = bounds.height;
    this.renderer.setSize(bounds.width, bounds.height);
  }

  /** Objects of the GPU in use; flat while playing. */
  memory(): { geometries: number; textures: number } {
    const { geometries, textures } = this.renderer.info.memory;
    return { geometries, textures };
  }

  dispose(): void {
    this.changeShape(undefined);
    this.renderer.dispose();
  }

  private changeShape(shape: BodyShape | undefined): void {
    for (const person of [...this.drawn.keys()]) this.remove(person);
    this.shared = shape && new SharedBody(shape);
  }

  private remove(person: string): void {
    const drawn = this.drawn.get(person);
    if (!drawn) return;
    this.scene.remove(drawn.mesh);
    drawn.geometry.dispose();
    drawn.plain.dispose();
    drawn.heat.dispose();
    this.drawn.delete(person);
  }

  private place({ body, color, opacity, weightsOf }: OverlayBody): void {
    if (!this.shared || body.positions.length !== this.shared.shape.vertexCount * 3) return;
    const drawn = this.drawnFor(body, this.shared);
    drawn.geometry.refresh();
    const material = weightsOf === undefined ? drawn.plain : drawn.heat;
    if (weightsOf !== undefined) this.shared.showWeights(weightsOf, viewStore.getState().weightFloor);
    // Skin-like grey takes some of the colour back, so that the form reads under it.
    material.uniforms.tint.value.set(color).lerp(CLAY, 0.4);
    material.uniforms.opacity.value = opacity;
    drawn.mesh.material = material;
    drawn.mesh.visible = opacity > 0;
  }

  private drawnFor(body: ShownBody, shared: SharedBody): Drawn {
    const known = this.drawn.get(body.person);
    if (known?.geometry.body === body) return known;
    this.remove(body.person);
    const geometry = new BodyGeometry(shared, body);
    const plain = createBodyMaterial(false);
    const heat = createBodyMaterial(true);
    const mesh = new Mesh(geometry.geometry, plain);
    mesh.frustumCulled = false;
    mesh.matrixAutoUpdate = false;
    const drawn = { geometry, mesh, plain, heat };
    this.drawn.set(body.person, drawn);
    this.scene.add(mesh);
    return drawn;
  }
}
