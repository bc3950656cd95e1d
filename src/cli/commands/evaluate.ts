import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { type Evaluation, evaluateMotion, type PersonEvaluation } from '#core/evaluation/evaluateMotion';
import { parseMotionFile } from '#core/evaluation/motionFiles';
import { AppError } from '#core/errors';
import { type Command, textOption } from '../command';

function readMotion(path: string) {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new AppError('NOT_FOUND', `The file ${path} cannot be read.`, { cause: error });
  }
  return parseMotionFile(text, basename(path));
}

function personText({ truth, estimate, score, pictureError }: PersonEvaluation): string {
  if (!score) return `Person ${truth}: nobody of the result matches`;
  const figure = (value: number | undefined, digits: number, unit: string) =>
    value === undefined || Number.isNaN(value) ? 'too little to judge' : `${value.toFixed(digits)} ${unit}`;
  return [
    `Person ${truth} (result ${estimate}), ${score.frames} frames, coverage ${(100 * score.coverage).toFixed(1)} %`,
    `  PA-MPJPE           ${figure(score.paMpjpe, 1, 'mm')}`,
    `  MPJPE              ${figure(score.mpjpe, 1, 'mm')} (about the middle of the hips)`,
    `  acceleration error ${figure(score.acceleration, 2, 'm/s2')}`,
    `  jitter             ${figure(score.jitter, 2, 'times the true jerk')}`,
    `  standing feet      ${figure(score.skate, 0, `mm/s over ${score.skateSamples} samples`)}`,
    `  in the picture     ${figure(pictureError, 2, '% of the box height')}`,
  ].join('\n');
}

function report(evaluation: Evaluation): string {
  const { coverage, switches, falseBoxes } = evaluation.identities;
  return [
    'Joint set: 12 limb joints (hips, knees, ankles, shoulders, elbows, wrists)',
    ...evaluation.people.map(personText),
    `Boxes: ${(100 * coverage).toFixed(1)} % found, ${switches} identity switches, ${falseBoxes} on nobody`,
  ].join('\n');
}

/** `retake evaluate`: figures of a result against the truth. */
export const evaluateCommand: Command = {
  name: 'evaluate',
  usage: 'evaluate --result FILE_joints.json --truth FILE.json',
  summary: 'Compare a result with ground truth: PA-MPJPE, MPJPE, acceleration, jitter, skate, identities',
  options: {
    result: { type: 'string', placeholder: 'FILE', help: 'What "--export joints" wrote' },
    truth: { type: 'string', placeholder: 'FILE', help: 'Ground truth in the same form' },
  },
  run({ values, reporter }) {
    const result = textOption(values, 'result');
    const truth = textOption(values, 'truth');
    if (result === undefined || truth === undefined) {
      throw new AppError('INVALID_ARGUMENT', 'Two files are needed: retake evaluate --result FILE --truth FILE.');
    }
    const evaluation = evaluateMotion(readMotion(result), readMotion(truth));
    reporter.result(report(evaluation), { ...evaluation });
    return Promise.resolve();
  },
};
