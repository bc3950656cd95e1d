import { describe, expect, it } from 'vitest';
import { JOINT } from '#core/body/skeleton';
import { summarise } from './bodySummary';

const scene = [1, 0, 0, 0, 0, -1, 0, 0, 0, 0, -1, 0, 0, 1, 0, 1];

/** Joints whose hips lie along a direction of camera axes, 4 m away. */
function joints(hipX: number, hipZ: number): Float32Array {
  const all = new Float32Array(72);
  for (let joint = 0; joint < 24; joint++) all.set([0, 0.1, 4], joint * 3);
  all.set([hipX, 0.1, 4 + hipZ], JOINT.leftHip * 3);
  all.set([-hipX, 0.1, 4 - hipZ], JOINT.rightHip * 3);
  all.set([0, -0.8, 4], JOINT.head * 3);
  return all;
}

describe('summarise', () => {
  it('tells distance, height and facing', () => {
    const text = summarise(118, 'Front', [{ name: 'Jumper', joints: joints(0.1, 0) }], scene);
    expect(text).toBe(
      'Front view, frame 118. Jumper: 4.0 m from the camera, facing the camera, pelvis 0.90 m above the ground.',
    );
  });

  it('tells the four sides apart', () => {
    const facing = (x: number, z: number) =>
      /facing ([^,]*),/.exec(summarise(0, 'Front', [{ name: 'A', joints: joints(x, z) }], scene))?.[1];
    expect([facing(0.1, 0), facing(-0.1, 0), facing(0, 0.1), facing(0, -0.1)]).toEqual([
      'the camera',
      'away',
      'right',
      'left',
    ]);
  });

  it('says when a hand is above the head, and when there is nobody', () => {
    const raised = joints(0.1, 0);
    raised.set([0.3, -1.2, 4], JOINT.rightWrist * 3);
    expect(summarise(0, 'Top', [{ name: 'A', joints: raised }], scene)).toContain('right hand above the head');
    expect(summarise(7, 'Top', [], scene)).toBe('Top view, frame 7: no body on this frame.');
  });
});
