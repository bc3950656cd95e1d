import { resolve } from 'node:path';
import { LIMB_JOINTS, LIMB_LANDMARKS } from '#core/evaluation/jointSeries';
import type { MotionFile, PersonSeries } from '#core/evaluation/motionFiles';
import { meanFrameRate } from '#core/frames/frameTimes';
import { AppError } from '#core/errors';
import type { Person } from '#core/document/schema';
import { OBSERVATION } from '#engine/estimation/estimators/blazepose/observation';
import { isMirroredFrame } from '#engine/estimation/estimators/blazepose/observe';
import type { RunContext } from '#engine/pipeline/runContext';
import { PROJECT_EXTENSION } from '#engine/project/projectFolder';
import { openWorkspace } from './openWorkspace';

const JOINTS = LIMB_JOINTS.length;

/** See {@link readRawLandmarks}. */
export interface RawLandmarks {
  motion: MotionFile;
  /** True when only frames 0, 2, 4 … are what the network saw of the picture as it is: the others were mirrored. */
  mirrorsOddFrames: boolean;
}

/**
 * What the pose network itself saw of everybody in a project, before any fit: the 12 limb landmarks, in metres about the
 * hips (they have no place in space, so standing feet cannot be judged) and in px. Ids are the numbers of people, as in
 * `--export joints`.
 * @param folder a project folder (`*.retake`) that was run
 * @throws AppError INVALID_ARGUMENT when it is no project or its estimator is another; NOT_FOUND when nothing was run or
 * the observations were cleared
 */
export async function readRawLandmarks(folder: string, signal: AbortSignal): Promise<RawLandmarks> {
  const path = resolve(folder);
  if (!path.endsWith(PROJECT_EXTENSION)) {
    throw new AppError('INVALID_ARGUMENT', `${path} is not a project: a folder that ends in .retake is needed.`, {
      hint: 'Give the folder that "retake run" made below its --out.',
    });
  }
  const { workspace, dispose } = openWorkspace();
  try {
    const session = await workspace.open({ source: 'file', token: workspace.files.grant(path) }, signal);
    const context = session.runContext();
    if (context.estimator.id !== 'blazepose') {
      throw new AppError(
        'INVALID_ARGUMENT',
        `The estimator of this project, ${context.estimator.id}, has no landmarks.`,
      );
    }
    const people = session.document.people
      .filter((person) => !person.foldedBecause)
      .flatMap((person) => seriesOf(context, person) ?? []);
    if (people.length === 0) {
      throw new AppError('NOT_FOUND', `Nobody in ${path} has landmarks.`, { hint: 'Run its video again.' });
    }
    const fps = meanFrameRate(session.parts.media.frameTimes);
    return { motion: { fps, frameCount: context.frameCount, people }, mirrorsOddFrames: isMirroredFrame(1, fps) };
  } finally {
    await dispose();
  }
}

function seriesOf(context: RunContext, person: Person): PersonSeries | undefined {
  const { frameCount, observations } = context;
  const keys = context.keys().ofObservations(person);
  const present = new Uint8Array(frameCount);
  const space = new Float64Array(frameCount * JOINTS * 3);
  const picture = new Float64Array(frameCount * JOINTS * 2);
  const boxes: PersonSeries['boxes'] = new Array(frameCount).fill(undefined);
  for (let frame = 0; frame < frameCount; frame++) {
    const row = observations.get(keys[frame] ?? 0);
    if (!row) continue;
    present[frame] = 1;
    boxes[frame] = context.keys().boxAt(person, frame)?.box;
    LIMB_LANDMARKS.forEach((landmark, joint) => {
      const world = OBSERVATION.world + landmark * 3;
      const image = OBSERVATION.image + landmark * 4;
      space.set(row.subarray(world, world + 3), (frame * JOINTS + joint) * 3);
      picture.set(row.subarray(image, image + 2), (frame * JOINTS + joint) * 2);
    });
  }
  if (!present.includes(1)) return undefined;
  const frames = { frames: frameCount, joints: JOINTS, present };
  return {
    id: String(person.number),
    joints: { ...frames, positions: space },
    picture: { ...frames, positions: picture },
    boxes,
  };
}
