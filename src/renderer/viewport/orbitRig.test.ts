// @vitest-environment happy-dom
import { Color, Matrix4, Vector3 } from 'three';
import { describe, expect, it } from 'vitest';
import { createBodyBuffers } from '../playback/meshSource';
import { fitView, toStage } from '../stage/stageView';
import { SharedBody } from './bodyGeometry';
import { OrbitRig } from './orbitRig';
import { projectPoint } from './pinhole';
import type { SceneState } from './sceneState';

const camera = { focal: 1503, width: 1768, height: 994 };
const size = { width: 388, height: 336 };

/** Half a turn about x, tilted a little, and lifted: as the engine puts cameras into scenes. */
function sceneFromCamera(): Matrix4 {
  return new Matrix4().makeRotationX(Math.PI + 0.12).setPosition(0, 1.4, 5);
}

function scene(): SceneState {
  const body = { ...createBodyBuffers(1), person: 'a', frame: 0, revision: 1 };
  for (let joint = 0; joint < 24; joint++) body.joints.set([0.4 + joint * 0.02, -0.9 + joint * 0.08, 6], joint * 3);
  const person = {
    id: 'a',
    number: 1,
    name: 'A',
    visible: true,
    locked: false,
    segments: [],
    keyframes: [],
    interpolated: [],
    outside: [],
  };
  const none = {
    influences: 4,
    skinJoints: new Uint8Array(),
    skinWeights: new Float32Array(),
    parents: new Int32Array(),
  };
  const shape = {
    id: 'body',
    title: 'Body',
    template: new Float32Array(3),
    vertexCount: 1,
    faces: new Uint32Array(),
    coarseFaces: new Uint32Array(),
    jointNames: [],
    ...none,
  };
  const shared = new SharedBody(shape);
  const color = new Color();
  const line = { color, alpha: 1 };
  return {
    frame: 0,
    people: [{ person, body, shared, color, isSelected: true, opacity: 1, weightsOf: undefined }],
    shared: undefined,
    overlays: { boxes: true, mesh: true, weights: false, joints: false, skeleton: false, trails: false, ground: true },
    pickedJoint: undefined,
    turnedJoint: undefined,
    sceneFromCamera: sceneFromCamera(),
    eye: new Vector3(),
    pxSlope: 0.001,
    camera,
    colors: {
      axes: [color, color, color],
      gridMinor: line,
      gridMajor: line,
      bone: color,
      joint: color,
      accent: color,
      camera: color,
      clay: color,
      clayQuiet: color,
      runs: { A: color, B: color },
      people: [],
    },
    motion: () => undefined,
  };
}

function rig(): OrbitRig {
  const made = new OrbitRig(document.createElement('div'), () => {});
  made.resize(size.width, size.height);
  return made;
}

/** Where the rig's camera shows a joint, CSS px. */
function shown(made: OrbitRig, state: SceneState, joint: number) {
  made.camera.updateMatrixWorld();
  const body = state.people[0]?.body;
  const place = new Vector3().fromArray(body?.joints ?? [], joint * 3).applyMatrix4(state.sceneFromCamera);
  place.project(made.camera);
  return { x: ((place.x + 1) / 2) * size.width, y: ((1 - place.y) / 2) * size.height };
}

describe('OrbitRig', () => {
  it('shows every joint through the video camera where the fitted picture shows it', () => {
    const made = rig();
    const state = scene();
    made.follow(state);
    made.lookFrom('camera', state);
    made.follow(state);
    for (let joint = 0; joint < 24; joint++) {
      const at = state.people[0]?.body.joints.subarray(joint * 3, joint * 3 + 3) ?? [0, 0, 1];
      const expected = toStage(fitView(camera, size), projectPoint(camera, at[0] ?? 0, at[1] ?? 0, at[2] ?? 1));
      const found = shown(made, state, joint);
      expect(Math.abs(found.x - expected.x)).toBeLessThan(0.05);
      expect(Math.abs(found.y - expected.y)).toBeLessThan(0.05);
    }
  });

  it.each(['front', 'back', 'left', 'right', 'top', 'bottom'] as const)(
    'keeps the whole person in view from %s',
    (direction) => {
      const made = rig();
      const state = scene();
      made.follow(state);
      made.lookFrom(direction, state);
      for (let joint = 0; joint < 24; joint++) {
        const { x, y } = shown(made, state, joint);
        expect(x).toBeGreaterThan(0);
        expect(x).toBeLessThan(size.width);
        expect(y).toBeGreaterThan(0);
        expect(y).toBeLessThan(size.height);
      }
    },
  );

  it('looks from above with the head of the scene up', () => {
    const made = rig();
    made.follow(scene());
    made.lookFrom('top', scene());
    const down = made.camera.getWorldDirection(new Vector3());
    expect(down.y).toBeLessThan(-0.99);
    expect(made.camera.up.y).toBe(1);
  });

  it('goes along with the selected person over the ground', () => {
    const made = rig();
    const state = scene();
    made.follow(state);
    const before = shown(made, state, 0);
    const joints = state.people[0]?.body.joints ?? new Float32Array();
    for (let joint = 0; joint < 24; joint++) joints[joint * 3] = (joints[joint * 3] ?? 0) + 1.5;
    made.follow(state);
    const after = shown(made, state, 0);
    expect(after.x).toBeCloseTo(before.x, 1);
    expect(after.y).toBeCloseTo(before.y, 1);
  });

  it('goes along with whoever is there when nobody is selected', () => {
    const made = rig();
    const state = scene();
    const people = state.people.map((entry) => ({ ...entry, isSelected: false }));
    const unselected = { ...state, people };
    made.follow(unselected);
    const before = shown(made, unselected, 0);
    const joints = people[0]?.body.joints ?? new Float32Array();
    for (let joint = 0; joint < 24; joint++) joints[joint * 3] = (joints[joint * 3] ?? 0) + 3;
    made.follow({ ...state, people: [] });
    made.follow(unselected);
    expect(shown(made, unselected, 0).x).toBeCloseTo(before.x, 1);
  });

  it('comes to a person who is selected out of its sight', () => {
    const made = rig();
    made.follow(scene());
    const far = scene();
    const joints = far.people[0]?.body.joints ?? new Float32Array();
    for (let joint = 0; joint < 24; joint++) joints[joint * 3] = (joints[joint * 3] ?? 0) + 9;
    const people = far.people.map((entry) => ({ ...entry, person: { ...entry.person, id: 'b' } }));
    made.follow({ ...far, people });
    const { x } = shown(made, far, 0);
    expect(x).toBeGreaterThan(size.width * 0.1);
    expect(x).toBeLessThan(size.width * 0.9);
  });

  it('frames people again when a run turns the scene, until somebody has chosen a view', () => {
    const made = rig();
    made.follow(scene());
    const turned = scene();
    turned.sceneFromCamera.makeRotationX(Math.PI - 0.5).setPosition(0, 3, 5);
    made.follow(turned);
    for (let joint = 0; joint < 24; joint++) {
      const { x, y } = shown(made, turned, joint);
      expect(Math.min(x, y)).toBeGreaterThan(0);
      expect(x).toBeLessThan(size.width);
      expect(y).toBeLessThan(size.height);
    }
    made.orbit(10, 0);
    const before = made.camera.quaternion.clone();
    made.follow(scene());
    expect(made.camera.quaternion.angleTo(before)).toBeLessThan(1e-9);
  });

  it('turns, slides and comes nearer from any fixed view', () => {
    const made = rig();
    made.follow(scene());
    made.lookFrom('camera', scene());
    const before = made.camera.position.clone();
    made.orbit(20, 5);
    expect(made.camera.position.distanceTo(before)).toBeGreaterThan(0.1);
    const target = made.camera.position.clone();
    made.dolly(1.2);
    expect(made.camera.position.distanceTo(target)).toBeGreaterThan(0.1);
  });
});
