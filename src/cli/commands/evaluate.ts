import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { type Evaluation, evaluateMotion, type PersonEvaluation } from '#core/evaluation/evaluateMotion';
import type { BodyModel } from '#core/body/bodyModel';
import type { MotionFile } from '#core/evaluation/motionFiles';
import type { MotionScore } from '#core/evaluation/motionScore';
import { everyOther } from '#core/evaluation/everyOther';
import { AppError } from '#core/errors';
import { readSmpl, smplGenderOf } from '#engine/bodymodel/smpl/readSmpl';
import { readMotion } from '#engine/evaluation/readMotion';
import { type Command, textOption } from '../command';
import { type RawLandmarks, readRawLandmarks } from '../rawLandmarks';

function readFileOf(path: string): Uint8Array {
  try {
    // A device or a pipe may never end.
    if (!statSync(path).isFile()) throw new Error('not a file');
    return readFileSync(path);
  } catch (error) {
    throw new AppError('NOT_FOUND', `The file ${path} cannot be read.`, {
      hint: 'Check the path; a result is the file ending in _joints.json that "--export joints" wrote.',
      cause: error,
    });
  }
}

/** The body that poses SMPL parameters: a SMPL model file whose name says which of the three it is. */
function readBody(path: string): BodyModel {
  const bytes = readFileOf(path);
  const gender = smplGenderOf(path);
  if (gender === undefined) {
    throw new AppError('INVALID_ARGUMENT', `The name of ${basename(path)} does not say which SMPL model it is.`, {
      hint: 'Name it as it came: with neutral, male or female in it.',
    });
  }
  return readSmpl(bytes, gender, basename(path));
}

function withRate(file: MotionFile, fps: number | undefined): MotionFile {
  return { ...file, fps: file.fps ?? fps };
}

function rateOf(text: string | undefined): number | undefined {
  const fps = text === undefined ? undefined : Number(text);
  if (fps !== undefined && !(fps > 0 && fps < 10_000)) {
    throw new AppError('INVALID_ARGUMENT', `--fps takes frames per second, not ${text}.`);
  }
  return fps;
}

/** A figure of one person with its name and unit; NaN where there is too little to judge. */
interface Figure {
  title: string;
  unit: string;
  digits: number;
  of(person: PersonEvaluation): number | undefined;
  /** True for figures that landmarks without a place in space do not have. */
  needsPlace?: boolean;
}

const scored =
  (pick: (score: MotionScore) => number) =>
  ({ score }: PersonEvaluation) =>
    score && pick(score);

const FIGURES: readonly Figure[] = [
  { title: 'PA-MPJPE', unit: 'mm', digits: 1, of: scored((score) => score.paMpjpe) },
  { title: 'MPJPE about the hips', unit: 'mm', digits: 1, of: scored((score) => score.mpjpe) },
  { title: 'PVE over vertices', unit: 'mm', digits: 1, of: scored((score) => score.pve ?? Number.NaN) },
  { title: 'acceleration error', unit: 'm/s2', digits: 2, of: scored((score) => score.acceleration) },
  { title: '', unit: 'mm per frame squared', digits: 2, of: scored((score) => score.accelerationPerFrame) },
  { title: 'jitter', unit: 'x true jerk', digits: 2, of: scored((score) => score.jitter) },
  { title: 'slide of standing feet', unit: 'mm/s', digits: 0, of: scored((score) => score.skate), needsPlace: true },
  { title: 'beside the joints', unit: '% of the box height', digits: 2, of: ({ pictureError }) => pictureError },
];

function cell(value: number | undefined, digits: number): string {
  return value === undefined || Number.isNaN(value) ? '-' : value.toFixed(digits);
}

function personText(person: PersonEvaluation, raw: PersonEvaluation | undefined): string {
  const { truth, estimate, score } = person;
  if (!score) return `Person ${truth}: nobody of the result matches`;
  const head = `Person ${truth} (result ${estimate}), ${score.frames} frames, coverage ${(100 * score.coverage).toFixed(1)} %`;
  const columns = raw ? [`  ${' '.repeat(24)}${'body'.padStart(8)}${'raw landmarks'.padStart(15)}`] : [];
  const rows = FIGURES.map((figure) => {
    const own = cell(figure.of(person), figure.digits).padStart(8);
    const other = raw ? cell(figure.needsPlace ? undefined : figure.of(raw), figure.digits).padStart(15) : '';
    return `  ${figure.title.padEnd(24)}${own}${other} ${figure.unit}`;
  });
  return [
    head,
    ...columns,
    ...rows,
    `  (feet judged on ${score.skateSamples} samples; - means too little to judge)`,
  ].join('\n');
}

function report(evaluation: Evaluation, raw: Evaluation | undefined, isHalf = false): string {
  const { coverage, switches, falseBoxes } = evaluation.identities;
  return [
    'Joint set: 12 limb joints (hips, knees, ankles, shoulders, elbows, wrists)',
    ...evaluation.people.map((person, index) => personText(person, raw?.people[index])),
    ...(isHalf ? ['Raw landmarks: of every other frame, the ones that the network did not get mirrored'] : []),
    `Boxes: ${(100 * coverage).toFixed(1)} % found, ${switches} identity switches, ${falseBoxes} on nobody`,
  ].join('\n');
}

/** Landmarks are about the hips: where feet stand in space is not theirs to say. */
function withoutPlace(evaluation: Evaluation): Evaluation {
  return {
    ...evaluation,
    people: evaluation.people.map((person) =>
      person.score ? { ...person, score: { ...person.score, skate: Number.NaN, skateSamples: 0 } } : person,
    ),
  };
}

/** Figures of what the network saw of the picture as it is: half the frames where the others were mirrored (decision 0021). */
function evaluateRaw({ motion, mirrorsOddFrames }: RawLandmarks, reference: MotionFile): Evaluation {
  return withoutPlace(
    mirrorsOddFrames ? evaluateMotion(everyOther(motion), everyOther(reference)) : evaluateMotion(motion, reference),
  );
}

/** `retake evaluate`: figures of a result against the truth. */
export const evaluateCommand: Command = {
  name: 'evaluate',
  usage: 'evaluate --result FILE --truth FILE [--body SMPL.pkl] [--project FOLDER.retake]',
  summary: 'Compare a result with ground truth: PA-MPJPE, MPJPE, PVE, acceleration, jitter, skate, identities',
  options: {
    result: {
      type: 'string',
      placeholder: 'FILE',
      help: 'What "--export joints" wrote, a vibe_output.pkl, or an npz with joints3d or poses',
    },
    truth: { type: 'string', placeholder: 'FILE', help: 'Ground truth in the same forms, or a sequence file of 3DPW' },
    body: { type: 'string', placeholder: 'SMPL.pkl', help: 'A SMPL model that poses parameters, for the PVE' },
    fps: { type: 'string', placeholder: 'N', help: 'Frames per second, where neither file says' },
    project: {
      type: 'string',
      placeholder: 'FOLDER.retake',
      help: "The project of the result: its raw landmarks' own figures are put beside the body's",
    },
  },
  async run({ values, reporter, signal }) {
    const result = textOption(values, 'result');
    const truth = textOption(values, 'truth');
    const project = textOption(values, 'project');
    if (result === undefined || truth === undefined) {
      throw new AppError('INVALID_ARGUMENT', 'Two files are needed: retake evaluate --result FILE --truth FILE.');
    }
    const bodyPath = textOption(values, 'body');
    const body = bodyPath === undefined ? undefined : readBody(bodyPath);
    const fps = rateOf(textOption(values, 'fps'));
    const [estimate, reference] = [result, truth].map((path) =>
      withRate(readMotion(readFileOf(path), basename(path), body), fps),
    ) as [MotionFile, MotionFile];
    const evaluation = evaluateMotion(estimate, reference);
    const landmarks = project === undefined ? undefined : await readRawLandmarks(project, signal);
    const raw = landmarks && evaluateRaw(landmarks, reference);
    reporter.result(report(evaluation, raw, landmarks?.mirrorsOddFrames), {
      ...evaluation,
      ...(raw ? { rawLandmarks: raw } : {}),
    });
  },
};
