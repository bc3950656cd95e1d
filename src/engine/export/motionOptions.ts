import { z } from 'zod';

/** Options of every format that holds a skeleton with keys: spread into its schema. */
export const motionOptions = {
  root: z.enum(['ground', 'in-place', 'start-at-origin']).default('ground').meta({
    title: 'Root',
    description: 'ground: motion over the ground as seen; in-place: on the spot; start-at-origin: begins at the origin',
  }),
  gaps: z.enum(['hold', 'interpolate']).default('hold').meta({
    title: 'Frames without a body',
    description: 'hold: the pose before stays; interpolate: a way from the pose before to the pose after',
  }),
};

/** What stands where the person has no body: the nearest pose before (or after), or a way between both. */
export type GapPolicy = z.output<typeof motionOptions.gaps>;

/**
 * Where the root goes: as it moves in the scene; on the spot with its height kept; or as it moves, shifted so that it
 * begins above the origin.
 */
export type RootPolicy = z.output<typeof motionOptions.root>;
