import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fullSizePair } from '../../fixtures/vibe/fullSize';
import * as smpl from '../../fixtures/vibe/smplArrays';
import { npyBytes, npzBytes } from '../../fixtures/vibe/writeNpz';
import { missingForTerminal, sampleFile, Terminal, temporaryFolder } from '../cli/terminal';

const FRAMES = 24;
const PERSON = 7;
const V = smpl.SMPL_VERTEX_COUNT;

/** The first Python that has what the oracle is made of. */
const python = [process.env['RETAKE_PYTHON'] ?? '', 'python3', '/usr/bin/python3'].find(
  (name) => name !== '' && spawnSync(name, ['-c', 'import cv2, joblib, numpy, torch, torchvision']).status === 0,
);
const missing =
  missingForTerminal(sampleFile) ??
  (python ? undefined : 'skipped: no Python with torch, torchvision, cv2 and joblib (RETAKE_PYTHON names one)');
if (missing) console.warn(missing);

/** Boxes of one person that move, with a frame missing: fractions of px, partly outside the picture. */
function boxes(): string {
  return Array.from({ length: FRAMES }, (_, frame) => frame)
    .filter((frame) => frame !== 9)
    .map((frame) => `${frame + 1},${PERSON},${-30 + 7.3 * frame},${90.25 + Math.sin(frame)},280.5,610.125,1,-1,-1,-1\n`)
    .join('');
}

it.skipIf(missing !== undefined)('one command gives the numbers of the original road', async () => {
  const folder = temporaryFolder();
  const terminal = new Terminal(folder);
  const at = (name: string) => join(folder, name);
  const ffmpeg = process.env['FFMPEG_PATH'] ?? 'ffmpeg';
  execFileSync(ffmpeg, [
    '-loglevel',
    'error',
    '-i',
    sampleFile,
    '-frames:v',
    String(FRAMES),
    '-crf',
    '12',
    at('clip.mp4'),
  ]);
  writeFileSync(at('boxes.mot'), boxes());
  const model = {
    v_template: [smpl.ruleTemplate(), [V, 3]],
    shapedirs: [smpl.ruleShapedirs(), [V, 3, 10]],
    posedirs: [smpl.rulePosedirs(), [V, 3, 207]],
    J_regressor: [smpl.ruleJointRegressor().dense, [24, V]],
    weights: [smpl.ruleWeights(), [V, 24]],
    f: [smpl.ruleFaces(), [13776, 3]],
    kintree_table: [smpl.ruleKintree(), [2, 24]],
  } as const;
  writeFileSync(at('SMPL_NEUTRAL.npz'), npzBytes(model));
  writeFileSync(at('J_regressor_extra.npy'), npyBytes(smpl.ruleExtraRegressor().dense, [9, V]));
  const { vibe, spin } = fullSizePair();
  const files = [vibe, spin, at('SMPL_NEUTRAL.npz'), at('J_regressor_extra.npy')];
  expect(await terminal.run(['models', 'import', ...files])).toMatchObject({ code: 0 });

  const run = ['run', at('clip.mp4'), '--out', at('out'), '--boxes', at('boxes.mot'), '--export', 'vibe-pkl'];
  const end = await terminal.run([...run, '--estimator', 'vibe', '--match-vibe']);
  expect(end).toMatchObject({ code: 0 });

  const oracle = [join(import.meta.dirname, 'wholeRoad.py'), at('clip.mp4'), at('boxes.mot'), ...files];
  const text = execFileSync(python ?? '', [...oracle, at('out/clip_vibe_output.pkl'), String(PERSON)], {
    encoding: 'utf8',
  });
  const found: unknown = JSON.parse(text.trim().split('\n').at(-1) ?? '');
  console.log(found);
  // A tenth of what is promised: 1e-4 for cameras and betas, 1e-3 rad, 1e-4 m.
  const below = (most: number) => expect.closeTo(0, -Math.log10(2 * most));
  expect(found).toMatchObject({
    frames: true,
    boxes: 0,
    camera: below(1e-5),
    wholeCamera: below(1e-5),
    betas: below(1e-5),
    pose: below(1e-4),
    vertices: below(1e-5),
    joints: below(1e-5),
    pictureJoints: below(1e-3),
    types: { orig_cam: 'float64', bboxes: 'float64', frame_ids: 'int64', pose: 'float32', verts: 'float32' },
  });
});
