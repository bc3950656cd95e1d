import { z } from 'zod';
import { JOINT_NAMINGS, type JointNaming } from '../../jointNaming';
import { motionOptions } from '../../motionOptions';

/** What a program wants of an FBX file (reference export-formats sections 3 and 10). */
export interface TargetPreset {
  title: string;
  /** Units of the file per metre: 1 (metre) or 100 (centimetre). */
  unitsPerMetre: 1 | 100;
  /** Centimetres per unit, as GlobalSettings states it. */
  unitScaleFactor: 1 | 100;
  units: string;
  boneNames: JointNaming;
  /** A bone at the origin above the pelvis that carries the way over the ground; no object above the skeleton. */
  rootBone: boolean;
  /** Each person in a file of its own unless asked otherwise. */
  perPerson: boolean;
  /** The program counts whole frames per second only. */
  wholeRates: boolean;
}

/** Presets by id. */
export const TARGET_PRESETS = {
  blender: {
    title: 'Blender',
    unitsPerMetre: 1,
    unitScaleFactor: 100,
    units: 'metre',
    boneNames: 'smpl',
    rootBone: false,
    perPerson: false,
    wholeRates: true,
  },
  unreal: {
    title: 'Unreal Engine',
    unitsPerMetre: 100,
    unitScaleFactor: 1,
    units: 'centimetre',
    boneNames: 'smpl',
    rootBone: true,
    perPerson: true,
    wholeRates: false,
  },
  maya: {
    title: 'Maya, MotionBuilder',
    unitsPerMetre: 100,
    unitScaleFactor: 1,
    units: 'centimetre',
    boneNames: 'smpl',
    rootBone: false,
    perPerson: false,
    wholeRates: false,
  },
  unity: {
    title: 'Unity',
    unitsPerMetre: 100,
    unitScaleFactor: 1,
    units: 'centimetre',
    boneNames: 'smpl',
    rootBone: false,
    perPerson: false,
    wholeRates: false,
  },
} as const satisfies Record<string, TargetPreset>;

const RATES = ['auto', 'source', '24', '25', '30', '50', '60'] as const;

/** Options of the FBX export. */
export const fbxOptionsSchema = z.object({
  target: z.enum(['blender', 'unreal', 'maya', 'unity']).default('blender').meta({
    title: 'For',
    description: 'Units, root and files as the program wants them',
  }),
  fps: z.enum(RATES).default('auto').meta({
    title: 'Frame rate',
    description: 'auto: that of the video, for Blender the nearest whole rate; numbers resample between frames',
  }),
  ...motionOptions,
  files: z.enum(['auto', 'together', 'per-person']).default('auto').meta({
    title: 'Files',
    description: 'auto: all people in one file, for Unreal one file per person',
  }),
  mesh: z.boolean().default(true).meta({ title: 'Skinned mesh', description: 'Without it only the skeleton moves' }),
  boneNames: z
    .enum(['auto', ...JOINT_NAMINGS])
    .default('auto')
    .meta({
      title: 'Bone names',
      description: 'auto: SMPL; the others name the same skeleton for the retargeter of a program, rest axes stay',
    }),
});

/** See {@link fbxOptionsSchema}. */
export type FbxOptions = z.output<typeof fbxOptionsSchema>;
