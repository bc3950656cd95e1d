import { smplJointName } from '#core/document/bodyEdits';
import { JOINT_NAMES } from '#core/body/skeleton';
import type { Results } from '#core/protocol/messages';
import type { MotionRow } from '../playback/shownBodies';
import { announce, notify } from '../session/notices';
import { type RotationForm, rotationForm, toForm } from './rotationForms';

/** What is copied: one person on one frame. */
export interface CopiedMotion {
  person: string;
  frame: number;
  bodyModel: string;
  motion: MotionRow;
  form: RotationForm;
  camera: Results['camera'];
}

const DECIMALS = 6;
const rounded = (values: ArrayLike<number>) => Array.from(values, (value) => Number(value.toFixed(DECIMALS)));

function rotationsOf({ motion, form }: CopiedMotion): (readonly [string, number[]])[] {
  const { piece, row } = motion;
  return JOINT_NAMES.map((_, joint) => {
    const at = row * 72 + joint * 3;
    return [smplJointName(joint), rounded(toForm(piece.poses.subarray(at, at + 3), form))] as const;
  });
}

function placeOf({ motion: { piece, row } }: CopiedMotion): number[] {
  return rounded(piece.translations.subarray(row * 3, row * 3 + 3));
}

/** Pose, shape, place and camera as JSON, with every unit and convention named. */
export function motionAsJson(copied: CopiedMotion): string {
  const { person, frame, bodyModel, form, camera, motion } = copied;
  const { convention, letters } = rotationForm(form);
  return JSON.stringify(
    {
      person,
      frame,
      bodyModel,
      axes: 'camera: x right, y down, z forward; m',
      rotations: { convention, order: letters.join(' '), joints: Object.fromEntries(rotationsOf(copied)) },
      betas: rounded(motion.piece.betas),
      translation: placeOf(copied),
      camera: { kind: 'pinhole, no skew, centred', focalPx: rounded([camera.focal])[0], ...sizeOf(camera) },
    },
    null,
    1,
  );
}

function sizeOf({ width, height }: Results['camera']) {
  return { widthPx: width, heightPx: height };
}

/** The same as lines of text: name, tab, numbers. */
export function motionAsText(copied: CopiedMotion): string {
  const { person, frame, bodyModel, form, camera, motion } = copied;
  const line = (name: string, numbers: readonly number[]) => `${name}\t${numbers.join('\t')}`;
  return [
    `${person}, frame ${frame}, body ${bodyModel}`,
    rotationForm(form).convention,
    ...rotationsOf(copied).map(([name, numbers]) => line(name, numbers)),
    line('betas', rounded(motion.piece.betas)),
    line('translation, m, camera axes (x right, y down, z forward)', placeOf(copied)),
    line('focal length, px', rounded([camera.focal])),
  ].join('\n');
}

/** Puts text on the clipboard and says so; says what to do where the browser does not allow it. */
export async function copyText(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    notify({ level: 'info', text: `${what} copied` });
    announce(`${what} copied`);
  } catch {
    notify({
      level: 'error',
      text: 'The browser does not let this page use the clipboard',
      detail: 'Open Retake at a localhost or https address, or allow it in the settings of the site.',
    });
  }
}
