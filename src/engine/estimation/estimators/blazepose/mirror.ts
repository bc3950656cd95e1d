import type { PoseLandmarks } from './landmarks';
import { LANDMARK_COUNT } from './observation';

/** The same landmark of the other side of the body: eyes come as two threes, from the ears on left is odd. */
const OTHER_SIDE = Array.from({ length: LANDMARK_COUNT }, (_, landmark) => {
  if (landmark === 0) return 0;
  if (landmark <= 6) return landmark <= 3 ? landmark + 3 : landmark - 3;
  return landmark % 2 === 1 ? landmark + 1 : landmark - 1;
});

/**
 * What landmarks that were found in the mirrored crop of a region say of the crop itself: reflected about the region's own
 * upright line, sides of the body exchanged. Its own inverse, up to rounding.
 */
export function mirrorLandmarks(seen: PoseLandmarks): PoseLandmarks {
  const { region, next } = seen;
  // R diag(-1, 1) transpose(R) for the rotation of the region.
  const cos = Math.cos(2 * region.rotation);
  const sin = Math.sin(2 * region.rotation);
  const reflect = (x: number, y: number): [number, number] => [-cos * x - sin * y, cos * y - sin * x];
  const reflectPoint = (x: number, y: number): [number, number] => {
    const [acrossX, acrossY] = reflect(x - region.centreX, y - region.centreY);
    return [region.centreX + acrossX, region.centreY + acrossY];
  };
  const image = new Float32Array(seen.image.length);
  const world = new Float32Array(seen.world.length);
  const presence = new Float32Array(seen.presence.length);
  for (const [landmark, other] of OTHER_SIDE.entries()) {
    const at = other * 4;
    image.set(reflectPoint(seen.image[at]!, seen.image[at + 1]!), landmark * 4);
    image.set(seen.image.subarray(at + 2, at + 4), landmark * 4 + 2);
    world.set(reflect(seen.world[other * 3]!, seen.world[other * 3 + 1]!), landmark * 3);
    world[landmark * 3 + 2] = seen.world[other * 3 + 2]!;
    presence[landmark] = seen.presence[other]!;
  }
  const [centreX, centreY] = reflectPoint(next.centreX, next.centreY);
  const rotation = 2 * region.rotation - next.rotation;
  return { ...seen, image, world, presence, next: { ...next, centreX, centreY, rotation } };
}
