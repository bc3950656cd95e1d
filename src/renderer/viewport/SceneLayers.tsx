import { useFrame, useThree } from '@react-three/fiber';
import { type RefObject, useEffect, useRef } from 'react';
import { Group, Matrix4, type Scene, Vector3, type WebGLRenderer } from 'three';
import { areRunsShown, compareStore } from '../compare/compareStore';
import { followRunBodies, subscribeToRunBodies } from '../compare/runBodies';
import { playhead } from '../playback/playhead';
import { presentation } from '../playback/presentation';
import { shownBodies } from '../playback/shownBodies';
import { stillness } from '../playback/stillness';
import { projectStore } from '../session/projectStore';
import { viewStore } from '../session/viewStore';
import { drawIntoPart } from './canvasPart';
import type { GizmoHandle } from './Gizmo';
import { JointNames } from './jointNames';
import { JointRings, RING_RADIUS } from './jointRings';
import type { LayerEntry, ViewportLayer } from './layers/layer';
import { LAYERS } from './layers/registry';
import { OrbitRig } from './orbitRig';
import { ScenePointer } from './scenePointer';
import { SceneReader, type SceneState } from './sceneState';
import { isSoftwareGl } from './softwareGl';
import { readViewportColors, type ViewportColors } from './viewportColors';
import { offerViewport, viewportStore } from './viewportStore';

/** DOM elements that move with the scene. */
export interface SceneMarks {
  gizmo: RefObject<GizmoHandle | null>;
  names: RefObject<HTMLCanvasElement | null>;
  jointLabel: RefObject<HTMLElement | null>;
  vertexLabel: RefObject<HTMLElement | null>;
}

interface Mounted {
  entry: LayerEntry;
  layer: ViewportLayer;
}

/** Part of the canvas, on each side, that a moving picture is drawn into where the processor draws: a quarter of the px. */
const MOVING_PART = 0.5;

/** Everything of the scene that lives outside of React. */
class ViewportScene {
  readonly root = new Group();
  readonly rig: OrbitRig;
  private readonly rings: JointRings;
  private readonly pointer: ScenePointer;
  private readonly cameraSpace = new Group();
  private readonly layers: Mounted[];
  private readonly reader: SceneReader;
  private readonly clip = new Matrix4();
  private readonly cameraFromScene = new Matrix4();
  private readonly names = new JointNames();
  private readonly point = new Vector3();
  private colors: ViewportColors;
  scene: SceneState;

  constructor(
    private readonly element: HTMLElement,
    private readonly marks: SceneMarks,
    private readonly invalidate: () => void,
  ) {
    this.colors = readViewportColors(element);
    // The first to hear of a press: see there.
    this.rings = new JointRings(element, (isHeld) => this.rig.hold(isHeld), invalidate);
    this.rig = new OrbitRig(element, invalidate);
    this.rings.lookWith(this.rig.camera);
    this.cameraSpace.matrixAutoUpdate = false;
    this.root.add(this.cameraSpace, this.rings.object);
    this.cameraSpace.add(this.rings.parent);
    this.layers = LAYERS.map((entry) => ({ entry, layer: entry.create() }));
    for (const { entry, layer } of this.layers) {
      (entry.space === 'camera' ? this.cameraSpace : this.root).add(layer.object);
    }
    this.reader = new SceneReader(this.colors);
    this.scene = this.reader.read(this.colors);
    // Either side of a divider is drawn on its own, so what was drawn last is not all there is to point at.
    const pointed = () => (compareStore.getState().view === 'split' ? this.read() : this.scene);
    const over = { scene: pointed, clip: this.clip, isTaken: () => this.rings.isHeld() };
    this.pointer = new ScenePointer(element, over, invalidate);
  }

  dispose(): void {
    this.pointer.dispose();
    this.rings.dispose();
    this.rig.dispose();
    for (const { layer } of this.layers) layer.dispose();
    this.root.clear();
  }

  /** Takes in the colours of another theme. */
  recolor(): void {
    this.colors = readViewportColors(this.element);
    this.invalidate();
  }

  /** The scene as it is now. */
  read(): SceneState {
    this.scene = this.reader.read(this.colors);
    return this.scene;
  }

  /** Draws everything, or either run on its side of the divider; moving pictures with fewer px where the processor draws. */
  draw(renderer: WebGLRenderer, three: Scene, size: { width: number; height: number }): void {
    this.read();
    this.rig.follow(this.scene);
    this.rig.camera.updateMatrixWorld();
    const { view, divider } = compareStore.getState();
    const isSplit = areRunsShown() && view === 'split';
    const part = isSoftwareGl() && !stillness.isStill() ? MOVING_PART : 1;
    const height = size.height * part;
    drawIntoPart(renderer, size.width * part, height);
    Object.assign(renderer.domElement.style, { transformOrigin: '0 100%', transform: `scale(${1 / part})` });
    for (const letter of isSplit ? (['A', 'B'] as const) : [undefined]) {
      const middle = Math.round(divider * size.width);
      if (letter === 'A') renderer.setScissor(0, 0, middle * part, height);
      if (letter === 'B') renderer.setScissor(middle * part, 0, (size.width - middle) * part, height);
      this.scene = this.reader.read(this.colors, letter);
      this.updateLayers(size.height);
      renderer.render(three, this.rig.camera);
    }
    this.placeMarks(size.width, size.height);
  }

  /** Brings every shown layer up to the scene. `height` is that of the view, CSS px. */
  private updateLayers(height: number): void {
    this.cameraSpace.matrix.copy(this.scene.sceneFromCamera);
    this.cameraSpace.matrixWorldNeedsUpdate = true;
    this.lookFrom(height);
    for (const { entry, layer } of this.layers) {
      layer.object.visible = entry.overlay === undefined || this.scene.overlays[entry.overlay];
      if (layer.object.visible) layer.update(this.scene);
    }
    this.rings.update(this.scene, height);
  }

  /** Tells the layers where the view looks from. */
  private lookFrom(height: number): void {
    const { camera } = this.rig;
    this.cameraFromScene.copy(this.scene.sceneFromCamera).invert();
    this.scene.eye.setFromMatrixPosition(camera.matrixWorld).applyMatrix4(this.cameraFromScene);
    this.scene.pxSlope = (2 * Math.tan((camera.fov * Math.PI) / 360)) / Math.max(1, height);
  }

  /** Moves the marks of the DOM; called after the camera stands. */
  private placeMarks(width: number, height: number): void {
    const { camera } = this.rig;
    this.marks.gizmo.current?.turn(camera);
    this.clip.multiplyMatrices(camera.projectionMatrix, camera.matrixWorldInverse).multiply(this.scene.sceneFromCamera);
    const selected = this.scene.people.find((entry) => entry.isSelected);
    const { pickedVertex, hoveredJoint, turn } = viewportStore.getState();
    const areJointsNamed = this.scene.overlays.joints || this.scene.overlays.weights;
    const areAllNamed = this.nameJoints(selected?.body.joints, width, height);
    const picked = areAllNamed && turn === undefined ? undefined : this.scene.pickedJoint;
    const joint = areJointsNamed || this.scene.turnedJoint !== undefined ? (hoveredJoint ?? picked) : undefined;
    // Beside the ball, or beside the rings around it.
    const isRinged = joint !== undefined && joint === this.scene.turnedJoint;
    const [dx, dy] = isRinged ? [RING_RADIUS, -RING_RADIUS * 1.5] : [12, -18];
    this.place(this.marks.jointLabel.current, selected?.body.joints, joint, width, height, dx, dy);
    const vertex = this.scene.overlays.weights ? pickedVertex : undefined;
    this.place(this.marks.vertexLabel.current, selected?.body.positions, vertex, width, height, 24, -15);
  }

  /** Names all joints of the selected person while the picture stands. Returns whether it does. */
  private nameJoints(joints: Float32Array | undefined, width: number, height: number): boolean {
    const { overlays, pickedJoint } = this.scene;
    const isNamed = overlays.joints && viewportStore.getState().hasNames && !playhead.isPlaying();
    const named = isNamed && joints ? { joints, clip: this.clip, picked: pickedJoint } : undefined;
    this.names.draw(this.marks.names.current, named, width, height);
    return named !== undefined;
  }

  private place(
    mark: HTMLElement | null,
    points: Float32Array | undefined,
    index: number | undefined,
    width: number,
    height: number,
    dx: number,
    dy: number,
  ): void {
    if (!mark) return;
    if (!points || index === undefined || index * 3 + 2 >= points.length) {
      mark.style.visibility = 'hidden';
      return;
    }
    this.point.fromArray(points, index * 3).applyMatrix4(this.clip);
    const x = ((this.point.x + 1) / 2) * width + dx;
    const y = ((1 - this.point.y) / 2) * height + dy;
    mark.style.visibility = this.point.z > 1 ? 'hidden' : 'visible';
    mark.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
  }
}

/** Calls back when playing begins or ends. Returns its own end. */
function followPlaying(listener: () => void): () => void {
  let wasPlaying = playhead.isPlaying();
  return playhead.subscribe(() => {
    if (playhead.isPlaying() === wasPlaying) return;
    wasPlaying = playhead.isPlaying();
    listener();
  });
}

/** Puts the layers into three's scene and draws when something changed; no React state changes from frame to frame. */
export function SceneLayers({ view, marks }: { view: HTMLElement; marks: SceneMarks }) {
  const three = useThree((state) => state.scene);
  const gl = useThree((state) => state.gl);
  const set = useThree((state) => state.set);
  const invalidate = useThree((state) => state.invalidate);
  const size = useThree((state) => state.size);
  const sceneRef = useRef<ViewportScene | undefined>(undefined);

  useEffect(() => {
    const scene = new ViewportScene(view, marks, () => invalidate());
    sceneRef.current = scene;
    three.add(scene.root);
    set({ camera: scene.rig.camera });
    offerViewport({
      look: (direction) => scene.rig.lookFrom(direction, scene.read()),
      frameSelection: () => scene.rig.frameSelection(scene.read()),
      orbit: (right, up) => scene.rig.orbit(right, up),
      pan: (dx, dy) => scene.rig.pan(dx, dy),
      dolly: (factor) => scene.rig.dolly(factor),
      memory: () => ({ geometries: gl.info.memory.geometries, textures: gl.info.memory.textures }),
    });
    // In the same refresh as the video: putting the page together once more would cost more than the scene.
    const again = () => invalidate();
    followRunBodies();
    const ends = [
      shownBodies.subscribe(again),
      subscribeToRunBodies(again),
      presentation.subscribe(again),
      followPlaying(again),
      stillness.subscribe(() => stillness.isStill() && again()),
      viewStore.subscribe((state, before) =>
        state.theme === before.theme ? again() : requestAnimationFrame(() => scene.recolor()),
      ),
      viewportStore.subscribe(again),
      projectStore.subscribe((state, before) => {
        if (state.project?.projectId !== before.project?.projectId) scene.rig.reset();
        invalidate();
      }),
    ];
    return () => {
      for (const end of ends) end();
      offerViewport(undefined);
      sceneRef.current = undefined;
      three.remove(scene.root);
      scene.dispose();
    };
  }, [three, gl, set, invalidate, view, marks, sceneRef]);

  useEffect(() => {
    sceneRef.current?.rig.resize(size.width, size.height);
  }, [size, sceneRef]);

  // Above 0: the scene is drawn here and not by fiber.
  useFrame(() => sceneRef.current?.draw(gl, three, size), 1);
  return null;
}
