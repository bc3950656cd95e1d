import { Color, Matrix4, Mesh, PerspectiveCamera, Scene, SRGBColorSpace, WebGLRenderer } from 'three';
import type { BodyShape } from '../playback/meshSource';
import type { ShownBody } from '../playback/shownBodies';
import { BodyGeometry, SharedBody } from '../viewport/bodyGeometry';
import { type BodyMaterial, createBodyMaterial } from '../viewport/materials/bodyMaterial';
import { type Pinhole, pinholeProjection, VIEW_FROM_CAMERA } from '../viewport/pinhole';
import type { Size, StageView } from './stageView';

/** A body to draw over the video. */
export interface OverlayBody {
  body: ShownBody;
  /** CSS colour. */
  color: string;
  /** 0 to 1. */
  opacity: number;
  /** Joint whose weights colour the body, instead of `color`. */
  weightsOf: number | undefined;
}

interface Drawn {
  geometry: BodyGeometry;
  mesh: Mesh;
  plain: BodyMaterial;
  heat: BodyMaterial;
}

/**
 * Bodies over the video: one transparent WebGL canvas that covers the stage, seen by the estimated camera. Draws only when
 * asked.
 */
export class MeshOverlay {
  private readonly renderer: WebGLRenderer;
  private readonly scene = new Scene();
  private readonly camera = new PerspectiveCamera();
  private readonly drawn = new Map<string, Drawn>();
  private readonly size: Size = { width: 0, height: 0 };
  private pixelRatio = 0;
  private shared: SharedBody | undefined;

  /** @throws when the browser gives no WebGL context. */
  constructor(canvas: HTMLCanvasElement) {
    this.renderer = new WebGLRenderer({ canvas, alpha: true, antialias: true, powerPreference: 'high-performance' });
    this.renderer.outputColorSpace = SRGBColorSpace;
    this.renderer.setClearColor(new Color(0, 0, 0), 0);
    this.camera.matrixAutoUpdate = false;
    this.camera.matrix.copy(new Matrix4().fromArray([...VIEW_FROM_CAMERA]));
    this.camera.updateMatrixWorld(true);
  }

  /** Size of the stage in CSS px; keeps the drawing as dense as the screen, at most twice. */
  resize(width: number, height: number, devicePixelRatio: number): void {
    const pixelRatio = Math.min(2, devicePixelRatio);
    if (width === this.size.width && height === this.size.height && pixelRatio === this.pixelRatio) return;
    this.size.width = width;
    this.size.height = height;
    this.pixelRatio = pixelRatio;
    this.renderer.setPixelRatio(pixelRatio);
    this.renderer.setSize(Math.max(1, width), Math.max(1, height), false);
  }

  /** Draws these bodies, and nothing else. */
  render(camera: Pinhole, view: StageView, shape: BodyShape | undefined, bodies: readonly OverlayBody[]): void {
    if (this.size.width < 1 || this.size.height < 1) return;
    if (shape !== this.shared?.shape) this.changeShape(shape);
    for (const drawn of this.drawn.values()) drawn.mesh.visible = false;
    for (const entry of bodies) this.place(entry);
    pinholeProjection(camera, view, this.size, this.camera.projectionMatrix.elements);
    this.camera.projectionMatrixInverse.copy(this.camera.projectionMatrix).invert();
    this.renderer.render(this.scene, this.camera);
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
    if (weightsOf !== undefined) this.shared.showWeights(weightsOf);
    material.uniforms.tint.value.set(color);
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
