import { z } from 'zod';
import type { EstimatorOptions, EstimatorPreset } from '../../estimator';

/** Options of the VIBE estimator. */
export const vibeOptionsSchema = z.object({
  windows: z.enum(['carried', 'match-vibe']).default('carried').meta({
    title: 'Windows',
    description:
      'Carried: what was seen goes on over the whole track and starts anew at gaps. Match VIBE: blocks of 450 frames from nothing, as its demo does.',
  }),
  shape: z.enum(['clip', 'frame']).default('clip').meta({
    title: 'Shape',
    description: 'Clip: one body shape for a person, the median over all frames. Frame: whatever each frame gave.',
  }),
  smoothing: z.enum(['rotations', 'one-euro', 'none']).default('rotations').meta({
    title: 'Smoothing',
    description:
      "Rotations: a One-Euro filter along rotations, in seconds. VIBE's: its own filter on each number and frame (--smooth of its demo).",
  }),
});

/** See {@link vibeOptionsSchema}. */
export type VibeOptions = z.output<typeof vibeOptionsSchema>;

/** What reproduces the numbers of the original demo. */
export const MATCH_VIBE: EstimatorPreset = {
  id: 'match-vibe',
  title: 'Match VIBE',
  description:
    "The original demo's numbers: its windows, a shape for each frame, no smoothing, its cameras in exports.",
  options: { windows: 'match-vibe', shape: 'frame', smoothing: 'none' },
};

/** The options of a run, which were checked when they were chosen. */
export function vibeOptions(options: EstimatorOptions): VibeOptions {
  return vibeOptionsSchema.parse(options);
}
