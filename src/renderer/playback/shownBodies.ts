import { hasFrame } from '#core/frames/span';
import type { PersonResults } from '#core/protocol/messages';
import { projectStore } from '../session/projectStore';
import { isShown, selectedPersonId, viewStore } from '../session/viewStore';
import { BodyPreview } from './bodyPreview';
import { FilledBodies, type ShownBody } from './filledBodies';
import { frameSource } from './frameSource';
import { type BodyShape, createMeshCache, loadBodyShape, type MeshPiece } from './meshSource';
import { createMotionCache, type MotionPiece } from './motionSource';
import { playhead } from './playhead';
import { presentation } from './presentation';
import type { PieceFocus, SpanCache } from './spanCache';
import { stillness } from './stillness';

/** Frames of 2D joints and confidences of one person. */
export interface MotionRow {
  piece: MotionPiece;
  /** Row of the frame in the piece. */
  row: number;
}

interface OpenCaches {
  projectId: string;
  meshes: SpanCache<MeshPiece>;
  motions: SpanCache<MotionPiece>;
}

/** Pause before a body model that could not be fetched is asked for again. */
const SHAPE_RETRY_MS = 2000;

/**
 * Bodies of the shown people on the shown frame. One set of buffers per person, filled again when the frame moves, and
 * shared by the stage and the 3D view.
 */
class ShownBodies {
  private caches: OpenCaches | undefined;
  private bodyShape: BodyShape | undefined;
  private loadingShape: { id: string; controller: AbortController } | undefined;
  private readonly bodies = new FilledBodies();
  private readonly listeners = new Set<() => void>();
  private isFollowing = false;
  private readonly steppedBodies = new FilledBodies();
  /** Bodies with edits in hand, or as far as a step of SMPL. */
  readonly preview = new BodyPreview(() => this.update());

  /** Begins to follow project, playhead and view; further calls do nothing. */
  follow(): void {
    if (this.isFollowing) return;
    this.isFollowing = true;
    projectStore.subscribe((state, before) => {
      if (state.project?.projectId !== before.project?.projectId) this.openProject();
      else if (state.project?.results.bodyModel !== before.project?.results.bodyModel) this.changeBody();
      if (state.project?.results !== before.project?.results) this.update();
      else if (state.project?.document !== before.project?.document) this.update();
    });
    viewStore.subscribe((state, before) => {
      if (state.bodyStep !== before.bodyStep) this.preview.showStep(state.bodyStep);
      if (state.selection !== before.selection || state.solo !== before.solo) this.update();
    });
    presentation.subscribe(() => this.update());
    presentation.accompany((frame) => this.areThere(frame));
    playhead.subscribe(() => this.request());
    stillness.subscribe(() => this.request());
    this.openProject();
  }

  /** Faces and skin of the body model; undefined until fetched. */
  shape(): BodyShape | undefined {
    return this.bodyShape;
  }

  /** The buffers of a person; undefined before any body of theirs came. */
  body(person: string): ShownBody | undefined {
    return this.bodies.get(person);
  }

  /** A person's body as far as the step of SMPL that is chosen; undefined where that is the body as it is, or not here yet. */
  stepped(person: string): ShownBody | undefined {
    return this.preview.isStepping() ? this.steppedBodies.get(person) : undefined;
  }

  /** True when the person's buffers hold the frame that is shown. */
  isOnFrame(person: string): boolean {
    return this.bodies.get(person)?.frame === presentation.frame();
  }

  /** Motion of a person on a frame where it has been fetched and there is a body. */
  motion(person: string, frame: number): MotionRow | undefined {
    // What the caches hold of another run or body is no motion of this one.
    const results = projectStore.getState().project?.results.people.find((entry) => entry.person === person);
    if (!results || !hasFrame(results.present, frame)) return undefined;
    const piece = this.caches?.motions.piece(person, frame)?.value;
    const row = piece ? frame - piece.from : 0;
    return piece && piece.present[row] === 1 ? { piece, row } : undefined;
  }

  /** Number of shown people that have a body on the shown frame, fetched or not. */
  presentPeople(): number {
    const frame = presentation.frame();
    return this.wantedPeople().filter((entry) => hasFrame(entry.present, frame)).length;
  }

  /** True when somebody has a body on the shown frame and none of them is here yet. */
  isWaiting(): boolean {
    const frame = presentation.frame();
    const present = this.wantedPeople().filter((entry) => hasFrame(entry.present, frame));
    if (present.length === 0) return false;
    return this.bodyShape === undefined || present.every((entry) => this.bodies.get(entry.person) === undefined);
  }

  /** True when everybody's body on a frame has been fetched. */
  private areThere(frame: number): boolean {
    return this.wantedPeople().every(
      ({ person, present }) => !hasFrame(present, frame) || this.caches?.meshes.piece(person, frame) !== undefined,
    );
  }

  /** Called when a body, motion, the shape or what is shown changed. Returns its own end. */
  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Nothing that was made for another body is shown on this one, not even while its own is on the way. */
  private changeBody(): void {
    this.caches?.meshes.clear();
    this.caches?.motions.clear();
    this.preview.clear();
    this.bodies.clear();
    this.steppedBodies.clear();
  }

  private openProject(): void {
    const { project } = projectStore.getState();
    if (this.caches?.projectId === project?.projectId) return;
    this.caches?.meshes.clear();
    this.caches?.motions.clear();
    this.preview.clear();
    this.bodies.clear();
    this.steppedBodies.clear();
    // Another project gets another shape object, so that views let go of what they drew of this one.
    this.bodyShape = undefined;
    this.caches = undefined;
    const media = project && { ...project.media, projectId: project.projectId };
    frameSource.setMedia(media);
    presentation.reset(project?.media);
    if (!project) return this.notify();
    const { projectId } = project;
    this.caches = { projectId, meshes: createMeshCache(projectId), motions: createMotionCache(projectId) };
    this.caches.meshes.subscribe(() => {
      presentation.complete();
      this.update();
    });
    this.caches.motions.subscribe(() => this.notify());
    this.update();
  }

  /** Results of the people to fetch for, the selected one first. */
  private wantedPeople(): PersonResults[] {
    const { project } = projectStore.getState();
    if (!project) return [];
    const selected = selectedPersonId();
    const shown = project.document.people.filter(isShown).map((person) => person.id);
    const order = [...shown].sort((a, b) => Number(b === selected) - Number(a === selected));
    return order.flatMap((id) => project.results.people.find((entry) => entry.person === id) ?? []);
  }

  private request(): void {
    if (!this.caches) return;
    const people = this.wantedPeople();
    const focus: PieceFocus = {
      frame: playhead.frame(),
      direction: playhead.direction(),
      isMoving: playhead.isPlaying(),
      isStill: stillness.isStill(),
      people,
    };
    this.caches.meshes.show(focus);
    this.caches.motions.show(focus);
    const bodyModel = projectStore.getState().project?.results.bodyModel;
    if (bodyModel && people.some((entry) => entry.present.length > 0)) this.wantShape(bodyModel);
  }

  private wantShape(id: string): void {
    if (this.bodyShape?.id === id || this.loadingShape?.id === id) return;
    this.loadingShape?.controller.abort();
    const loading = { id, controller: new AbortController() };
    this.loadingShape = loading;
    loadBodyShape(id, loading.controller.signal).then(
      (shape) => {
        if (this.loadingShape !== loading) return;
        this.loadingShape = undefined;
        this.bodyShape = shape;
        this.update();
      },
      // Asked again with the first change after a pause.
      () => {
        setTimeout(() => {
          if (this.loadingShape === loading) this.loadingShape = undefined;
        }, SHAPE_RETRY_MS);
      },
    );
  }

  private update(): void {
    this.request();
    if (this.caches) {
      const { projectId, meshes } = this.caches;
      const frame = presentation.frame();
      const isThere = (person: string, version: number) => meshes.piece(person, frame)?.version === version;
      this.preview.request(projectId, this.wantedPeople(), frame, isThere);
      for (const { person } of this.wantedPeople()) this.fillBoth(person, frame, meshes);
    }
    this.notify();
  }

  private fillBoth(person: string, frame: number, meshes: SpanCache<MeshPiece>): void {
    const preview = this.preview.piece(person, frame);
    const isStepping = this.preview.isStepping();
    // What is not posed yet has no place over the video: the body as it is stays.
    this.fill(this.bodies, person, (isStepping ? undefined : preview) ?? meshes.piece(person, frame)?.value);
    if (isStepping) this.fill(this.steppedBodies, person, preview);
    else this.steppedBodies.delete(person);
  }

  private fill(bodies: FilledBodies, person: string, piece: MeshPiece | undefined): void {
    if (piece) bodies.fill(person, piece, presentation.frame());
  }

  private notify(): void {
    for (const listener of [...this.listeners]) listener();
  }
}

/** Bodies on the shown frame. Call `follow()` once; views subscribe. */
export const shownBodies = new ShownBodies();
