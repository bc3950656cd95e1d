import { describe, expect, test } from 'vitest';
import { JOINT } from '../body/skeleton';
import { ContactGatherer } from './standingContacts';

const UP = [0, -1, 0] as const;
const CLEARANCE = { ankle: 0.08, toe: 0.02 };

/** Three rows, 1/30 s apart, of feet (m below the camera) of which each moves to the side at its own speed, m/s. */
function rows(left: { down: number; speed?: number }, right: { down: number; speed?: number }): Float64Array {
  const joints = new Float64Array(3 * 72);
  for (let row = 0; row < 3; row++) {
    const place = (joint: number, down: number, speed: number) => {
      joints.set([(speed * row) / 30, down, 5], row * 72 + joint * 3);
    };
    place(JOINT.leftAnkle, left.down - CLEARANCE.ankle, left.speed ?? 0);
    place(JOINT.leftFoot, left.down - CLEARANCE.toe, left.speed ?? 0);
    place(JOINT.rightAnkle, right.down - CLEARANCE.ankle, right.speed ?? 0);
    place(JOINT.rightFoot, right.down - CLEARANCE.toe, right.speed ?? 0);
  }
  return joints;
}

function gathered(joints: Float64Array, confidence = 1) {
  const gatherer = new ContactGatherer(UP, CLEARANCE);
  const height = gatherer.add({ joints, seconds: 2 / 30, duration: 1 / 30, confidence });
  return { height, ...gatherer.contacts() };
}

describe('where feet stand', () => {
  test('is below the lower foot, on its sole', () => {
    const { places, weights, height } = gathered(rows({ down: 1.5 }, { down: 1.2 }));
    expect(places[1]).toBeCloseTo(1.5, 12);
    expect(height).toBeCloseTo(-1.5, 12);
    expect(weights[0]).toBeCloseTo(1 / 30, 12);
  });

  test('is not where a foot is held still in the air while the other one walks', () => {
    expect(gathered(rows({ down: 1.5, speed: 1 }, { down: 1.2 })).weights).toHaveLength(0);
  });

  test('counts less the less sure and the less still it is', () => {
    const still = gathered(rows({ down: 1.5 }, { down: 1.2 })).weights[0]!;
    expect(gathered(rows({ down: 1.5 }, { down: 1.2 }), 0.5).weights[0]).toBeCloseTo(still / 2, 12);
    const slow = gathered(rows({ down: 1.5, speed: 0.2 }, { down: 1.2 })).weights[0]!;
    expect(slow).toBeGreaterThan(0);
    expect(slow).toBeLessThan(still);
  });
});
