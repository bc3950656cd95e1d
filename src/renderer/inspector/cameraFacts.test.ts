import { describe, expect, it } from 'vitest';
import { projectPoints } from '#core/camera/projection';
import { fakeDocument, fakePerson, fakeResults } from '../../../test/renderer/fakeProject';
import type { MotionPiece } from '../playback/motionSource';
import { cameraAsJson, cameraFacts } from './cameraFacts';

const results = fakeResults(fakeDocument([fakePerson(1, 0, 10)]), {
  // Half a turn about x, 1.5 m over the ground.
  sceneFromCamera: [1, 0, 0, 0, 0, -1, 0, 0, 0, 0, -1, 0, 0, 1.5, 0, 1],
});

const pelvis = [0.5, 0.2, 4];
const joints2d = new Float32Array(48);
joints2d.set(projectPoints(results.camera, pelvis));
const piece: MotionPiece = {
  from: 0,
  present: Uint8Array.of(1),
  poses: new Float32Array(72),
  translations: Float32Array.from([0.5, 0.4, 4]),
  betas: new Float32Array(10),
  estimatedPoses: new Float32Array(72),
  estimatedBetas: new Float32Array(10),
  confidences: Float32Array.of(1),
  joints: Float32Array.from([...pelvis, ...new Array<number>(69).fill(0)]),
  joints2d,
};

describe('camera facts', () => {
  it('say where the lens is and how it is turned', () => {
    const facts = cameraFacts(results, undefined);
    expect(facts.heightAboveGround).toBe(1.5);
    expect(facts.tilt).toBe(0);
    expect(facts.fieldOfView[0]).toBeCloseTo(60.93, 1);
    expect(facts.sceneFromCamera.slice(4, 8)).toEqual([0, -1, 0, 1.5]);
    expect(facts.place).toBeUndefined();
  });

  it('tell a camera that looks down by its tilt', () => {
    const turn = (20 * Math.PI) / 180;
    const [c, s] = [Math.cos(turn), Math.sin(turn)];
    const tilted = { ...results, sceneFromCamera: [1, 0, 0, 0, 0, -c, s, 0, 0, -s, -c, 0, 0, 1.5, 0, 1] };
    expect(cameraFacts(tilted, undefined).tilt).toBeCloseTo(20, 9);
  });

  it('give the place in picture, scene and weak perspective', () => {
    const { place } = cameraFacts(results, { piece, row: 0 });
    expect(place?.pelvisInScene[1]).toBeCloseTo(1.3, 6);
    expect(place?.pelvisInPicture[0]).toBeCloseTo(640 + (1088 * 0.5) / 4, 3);
    const { sx, sy, tx, ty } = place?.weak ?? { sx: 0, sy: 0, tx: 0, ty: 0 };
    // The origin of the body, which stands at the translation, through VIBE's equation.
    expect(((sx * tx + 1) * 1280) / 2).toBeCloseTo(640 + (1088 * 0.5) / 4, 3);
    expect(((sy * ty + 1) * 720) / 2).toBeCloseTo(360 + (1088 * 0.4) / 4, 3);
  });

  it('are copied with units and conventions', () => {
    const copied: unknown = JSON.parse(
      cameraAsJson(cameraFacts(results, { piece, row: 0 }), { person: 'A', frame: 3 }),
    );
    expect(copied).toMatchObject({
      frame: 3,
      camera: { focalPx: 1088, centrePx: [640, 360] },
      place: { person: 'A', translation: [0.5, 0.4, 4] },
    });
  });
});
