import { Color, Matrix4, Vector3 } from 'three';
import type { Person } from '#core/document/schema';
import { hasFrame } from '#core/frames/span';
import { areRunsShown, compareStore, type Letter, lettersShown } from '../compare/compareStore';
import { runBodies } from '../compare/runBodies';
import type { ShownBody } from '../playback/filledBodies';
import { playhead } from '../playback/playhead';
import { presentation } from '../playback/presentation';
import type { BodyShape } from '../playback/meshSource';
import { type MotionRow, shownBodies } from '../playback/shownBodies';
import { projectStore } from '../session/projectStore';
import { isShown, type OverlayId, selectedPersonId, viewStore, weightsShown } from '../session/viewStore';
import { identityOf } from '../theme/identity';
import { SharedBody } from './bodyGeometry';
import type { WeightsShown } from './materials/skinColors';
import type { Pinhole } from './pinhole';
import type { ViewportColors } from './viewportColors';
import { viewportStore } from './viewportStore';

/** A person with a body on the shown frame. */
export interface ScenePerson {
  person: Person;
  /** Which of two compared runs the body is of; undefined for the body as it is. */
  run?: Letter | undefined;
  body: ShownBody;
  shared: SharedBody;
  color: Color;
  isSelected: boolean;
  /** 1, or less where the body belongs to older boxes. */
  opacity: number;
  /** What is shown of this body's skin weights; undefined shows it plain. */
  weightsOf: WeightsShown | undefined;
  /** Every other stripe is left out, so that what is behind stays in sight. */
  isStriped?: boolean;
}

/** A row of joints, frames x 24 x 3, m, camera axes. */
interface JointsInSpace {
  piece: Pick<MotionRow['piece'], 'joints'>;
  row: number;
}

/** Everything the layers draw from. One object, changed in place. */
export interface SceneState {
  frame: number;
  people: readonly ScenePerson[];
  shared: SharedBody | undefined;
  overlays: Readonly<Record<OverlayId, boolean>>;
  pickedJoint: number | undefined;
  /** The picked joint where rings may turn it: on a frame that stands, of a person that may be edited. */
  turnedJoint: number | undefined;
  sceneFromCamera: Matrix4;
  camera: Pinhole;
  /** Where the view looks from, camera axes, m. */
  eye: Vector3;
  /** Metres that a CSS px is wide, a metre away from the eye. */
  pxSlope: number;
  colors: ViewportColors;
  /** Joints of a person on a frame, where they have been fetched. */
  motion(entry: ScenePerson, frame: number): JointsInSpace | undefined;
}

/** Opacity of a body that belongs to older boxes, and of one that is seen through. */
const [OUT_OF_DATE, XRAY] = [0.4, 0.3];

function jointsOn({ person, run }: ScenePerson, frame: number): JointsInSpace | undefined {
  if (!run) return shownBodies.motion(person.id, frame);
  const { compared } = compareStore.getState();
  const piece = compared?.motions[run];
  return piece && compared.person === person.id && piece.present[frame] === 1 ? { piece, row: frame } : undefined;
}

/** Gathers what the layers draw, reusing its objects from frame to frame. */
export class SceneReader {
  private readonly pool = new Map<string, ScenePerson>();
  private readonly people: ScenePerson[] = [];
  private readonly runShapes = new Map<Letter, SharedBody>();
  private readonly state: SceneState;

  constructor(colors: ViewportColors) {
    this.state = {
      frame: 0,
      people: this.people,
      shared: undefined,
      overlays: viewStore.getState().overlays,
      pickedJoint: undefined,
      turnedJoint: undefined,
      sceneFromCamera: new Matrix4(),
      camera: { focal: 1, width: 1, height: 1 },
      eye: new Vector3(),
      pxSlope: 0.001,
      colors,
      motion: jointsOn,
    };
  }

  /** The scene as it is now; with `letter` that of one of two compared runs. */
  read(colors: ViewportColors, letter?: Letter): SceneState {
    const { project } = projectStore.getState();
    const { overlays, pickedJoint } = viewStore.getState();
    this.state.frame = presentation.frame();
    const { bodyStep } = viewStore.getState();
    // The step at which joints come in, and the one that moves only them, are nothing to see without them.
    const isOfJoints = bodyStep === 'joints' || bodyStep === 'posed';
    if (isOfJoints) this.state.overlays = { ...overlays, joints: true, skeleton: true };
    else this.state.overlays = viewportStore.getState().isXray ? { ...overlays, skeleton: true } : overlays;
    this.state.pickedJoint = pickedJoint;
    this.state.colors = colors;
    this.people.length = 0;
    this.state.turnedJoint = undefined;
    this.adoptShape(shownBodies.shape());
    if (!project) return this.state;
    this.state.sceneFromCamera.fromArray(project.results.sceneFromCamera);
    this.state.camera = project.results.camera;
    const people = project.document.people.filter(isShown);
    if (areRunsShown()) {
      for (const run of letter ? [letter] : lettersShown()) for (const person of people) this.readRun(person, run);
      return this.state;
    }
    for (const person of people) this.readPerson(person);
    this.state.turnedJoint = this.turnedJoint(project.readOnly !== undefined);
    return this.state;
  }

  private turnedJoint(isReadOnly: boolean): number | undefined {
    const { pickedJoint, bodyStep, inspectorTab } = viewStore.getState();
    const { overlays, people } = this.state;
    const isAsked = viewportStore.getState().hasRings && (overlays.joints || inspectorTab === 'pose');
    // With the weights on, presses on the body mean vertices.
    if (!isAsked || overlays.weights || isReadOnly || bodyStep !== 'skinned' || playhead.isPlaying()) return undefined;
    return people.some(({ isSelected, person }) => isSelected && !person.locked) ? pickedJoint : undefined;
  }

  private adoptShape(shape: BodyShape | undefined): void {
    if (this.state.shared?.shape === shape) return;
    this.state.shared = shape && new SharedBody(shape);
    this.pool.clear();
  }

  private readPerson(person: Person): void {
    const { shared, frame, overlays, colors } = this.state;
    const body = shownBodies.stepped(person.id) ?? shownBodies.body(person.id);
    const results = projectStore.getState().project?.results.people.find((entry) => entry.person === person.id);
    if (!body || body.frame < 0 || !shared || !results) return;
    if (body.positions.length !== shared.shape.vertexCount * 3 || !hasFrame(results.present, frame)) return;
    // While paused a body of another frame would be wrong; while playing the last one stands in for a moment.
    if (body.frame !== frame && !playhead.isPlaying()) return;
    let entry = this.pool.get(person.id);
    if (!entry) {
      entry = { person, body, shared, color: new Color(), isSelected: false, opacity: 1, weightsOf: undefined };
      this.pool.set(person.id, entry);
    }
    const selected = selectedPersonId();
    entry.person = person;
    entry.body = body;
    entry.isSelected = selected === person.id;
    entry.shared = shared;
    const most = viewportStore.getState().isXray ? XRAY : 1;
    const isOutOfDate = hasFrame(results.outOfDate, frame) && !hasFrame(results.chosen, frame);
    entry.opacity = Math.min(most, isOutOfDate ? OUT_OF_DATE : 1);
    const isWeighted = overlays.weights && (selected === undefined || entry.isSelected);
    entry.weightsOf = isWeighted ? weightsShown(viewStore.getState()) : undefined;
    const color = colors.people[identityOf(person.number, person.color).slot - 1];
    if (color) entry.color.copy(color);
    this.people.push(entry);
  }
  /** A person's body in one of the two runs: clay for B, the run's hue and, over B, stripes for A. */
  private readRun(person: Person, run: Letter): void {
    const { colors } = this.state;
    const body = runBodies[run].body(person.id);
    const shared = this.sharedOf(run);
    if (!body || !shared || body.positions.length !== shared.shape.vertexCount * 3) return;
    const key = `${run} ${person.id}`;
    let entry = this.pool.get(key);
    if (!entry) {
      entry = { person, run, body, shared, color: new Color(), isSelected: false, opacity: 1, weightsOf: undefined };
      this.pool.set(key, entry);
    }
    entry.person = person;
    entry.body = body;
    entry.shared = shared;
    entry.isSelected = selectedPersonId() === person.id;
    entry.opacity = viewportStore.getState().isXray ? XRAY : 1;
    entry.isStriped = run === 'A' && compareStore.getState().view === 'ghost';
    entry.color.copy(colors.runs[run]);
    this.people.push(entry);
  }

  /** What bodies of a run share; the same as of the bodies as they are where the model is. */
  private sharedOf(run: Letter): SharedBody | undefined {
    const shape = runBodies[run].shape();
    if (!shape || this.state.shared?.shape === shape) return this.state.shared;
    let shared = this.runShapes.get(run);
    if (shared?.shape !== shape) {
      shared = new SharedBody(shape);
      this.runShapes.set(run, shared);
    }
    return shared;
  }
}
