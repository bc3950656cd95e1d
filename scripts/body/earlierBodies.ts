import type { Bent } from './evaluateCorrectives';

/** The prototype in numpy that this body follows: same source, another draw of people. Measured as the shipped body is. */
export const PROTOTYPE: Readonly<Record<string, Bent>> = {
  'elbow 90': { volume: -88, overlap: 1 },
  'elbow 120': { volume: -119, overlap: 33 },
  'elbow 140': { volume: -132, overlap: 121 },
  'knee 90': { volume: -47, overlap: 0 },
  'knee 120': { volume: -124, overlap: 140 },
  'knee 140': { volume: -189, overlap: 583 },
  'hip flexion 90': { volume: -540, overlap: 58 },
  'hip flexion 110': { volume: -849, overlap: 376 },
  'shoulder forward 80': { volume: 119, overlap: 0 },
  'shoulder down 68': { volume: -536, overlap: 0 },
  'shoulder up 70': { volume: 247, overlap: 0 },
  'wrist twist 80': { volume: -10, overlap: 0 },
  'spine flexion 50': { volume: -2578, overlap: 0 },
  sitting: { volume: -1178, overlap: 112 },
  squatting: { volume: -1828, overlap: 885 },
  'arms hanging': { volume: -1279, overlap: 0 },
};

/** The first `retake-default-1`, whose targets neither kept volume nor pushed skin apart. Measured as the shipped body is. */
export const FIRST_CORRECTIVES: Readonly<Record<string, Bent>> = {
  'elbow 90': { volume: -76, overlap: 1 },
  'elbow 120': { volume: -102, overlap: 22 },
  'elbow 140': { volume: -118, overlap: 97 },
  'knee 90': { volume: -50, overlap: 1 },
  'knee 120': { volume: -122, overlap: 140 },
  'knee 140': { volume: -184, overlap: 574 },
  'hip flexion 90': { volume: -547, overlap: 59 },
  'hip flexion 110': { volume: -881, overlap: 393 },
  'shoulder forward 80': { volume: 180, overlap: 0 },
  'shoulder down 68': { volume: -492, overlap: 0 },
  'shoulder up 70': { volume: 387, overlap: 0 },
  'wrist twist 80': { volume: -11, overlap: 0 },
  'spine flexion 50': { volume: -2520, overlap: 0 },
  sitting: { volume: -1197, overlap: 116 },
  squatting: { volume: -1935, overlap: 928 },
  'arms hanging': { volume: -1172, overlap: 0 },
};
