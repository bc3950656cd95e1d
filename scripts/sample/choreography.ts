import {
  blendPoses,
  reachingPose,
  type SamplePose,
  squattingPose,
  standingPose,
  walkingPose,
  wavingPose,
} from './poses';

/** Frames a second of the sample. */
export const SAMPLE_RATE = 30;
/** Frames of the sample: 8 s. */
export const SAMPLE_FRAMES = 240;

/** What a dancer does at a moment: a pose and where it faces (degrees about y; 0 faces the camera). */
export interface Moment {
  pose: SamplePose;
  heading: number;
}

/** A dancer: who, where the first foot stands, and what happens when. */
export interface Dancer {
  id: number;
  name: string;
  /** Frames in which the dancer is in the scene. */
  from: number;
  to: number;
  /** Where the body is at `from`: x and z on the floor, m, scene axes. */
  start: readonly [number, number];
  betas: readonly number[];
  shirt: readonly [number, number, number];
  trousers: readonly [number, number, number];
  hair: readonly [number, number, number];
  at(seconds: number): Moment;
}

function smooth(seconds: number, from: number, to: number): number {
  const share = Math.min(1, Math.max(0, (seconds - from) / (to - from)));
  return share * share * share * (share * (6 * share - 15) + 10);
}

const STEPS_PER_SECOND = 1;

function firstDancer(seconds: number): Moment {
  const walk = walkingPose(STEPS_PER_SECOND * Math.min(seconds, 3.1));
  let pose = blendPoses(walk, standingPose, smooth(seconds, 2.5, 3.1));
  pose = blendPoses(pose, squattingPose, smooth(seconds, 3.2, 4.0) - smooth(seconds, 4.3, 5.0));
  pose = blendPoses(pose, reachingPose, smooth(seconds, 5.0, 5.7) - smooth(seconds, 6.0, 6.6));
  const waving = smooth(seconds, 6.4, 7.0);
  pose = blendPoses(pose, wavingPose(Math.sin(2 * Math.PI * 1.6 * seconds)), waving);
  return { pose, heading: 78 - 70 * smooth(seconds, 2.0, 3.2) - 8 * smooth(seconds, 5, 6) };
}

function secondDancer(seconds: number): Moment {
  return { pose: walkingPose(1.15 * seconds), heading: -86 };
}

/** Everybody in the sample. */
export const dancers: readonly Dancer[] = [
  {
    id: 1,
    name: 'Walker',
    from: 0,
    to: SAMPLE_FRAMES,
    start: [-2.2, -1.15],
    betas: [0.35, 0.25, -0.5, 0, 0, 0, 0, 0, 0, 0],
    shirt: [196, 74, 52],
    trousers: [44, 56, 84],
    hair: [46, 34, 28],
    at: firstDancer,
  },
  {
    id: 2,
    name: 'Passer-by',
    from: 36,
    to: SAMPLE_FRAMES,
    start: [3.9, -2.5],
    betas: [-0.5, -0.3, 0.7, 0, 0, 0, 0, 0, 0, 0],
    shirt: [226, 196, 88],
    trousers: [58, 92, 78],
    hair: [120, 84, 48],
    at: secondDancer,
  },
];
