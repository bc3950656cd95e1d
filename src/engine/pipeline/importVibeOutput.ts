import { basename } from 'node:path';
import { editFromPlan } from '#core/document/planToEdit';
import type { ProjectDocument, RunSettings } from '#core/document/schema';
import type { ClipCamera, ObservationTrack, PersonMotion } from '../estimation/estimator';
import { motionOf } from '../estimation/estimators/vibe/motion';
import { MATCH_VIBE, vibeOptions } from '../estimation/estimators/vibe/options';
import type { ThetaTrack } from '../estimation/estimators/vibe/temporal';
import { vibeOutputEstimator } from '../estimation/estimators/vibe-output/index';
import type { ProjectSession } from '../project/projectSession';
import { readWholeFile } from '../project/wholeFile';
import { decodeVibeOutput } from '../weights/joblib/decodeVibeOutput';
import type { ReadVibePerson } from '../weights/joblib/vibePerson';
import { vibeOutput } from '../tracking/formats/vibeOutput';
import { importTracks, prepareImport } from './exchangeTracks';

/** Rows of one person of the file, as VIBE's own estimator would have given them. */
function motionOfPerson(person: ReadVibePerson, seconds: Float64Array, camera: ClipCamera): PersonMotion {
  const { frameIds } = person;
  const start = Math.min(...frameIds);
  const length = Math.max(...frameIds) + 1 - start;
  const theta: ThetaTrack = {
    present: new Uint8Array(length),
    cameras: new Float32Array(length * 3),
    rotations: new Float32Array(0),
    poses: new Float32Array(length * 72),
    betas: new Float32Array(length * 10),
    mode: 'match-vibe',
  };
  const boxes = new Float64Array(length * 4);
  frameIds.forEach((frame, at) => {
    const row = frame - start;
    const [cx = 0, cy = 0, width = 0, height = 0] = person.bboxes.slice(at * 4, at * 4 + 4);
    theta.present[row] = 1;
    theta.cameras.set(person.predCam.slice(at * 3, at * 3 + 3), row * 3);
    theta.poses.set(person.pose.slice(at * 72, at * 72 + 72), row * 72);
    theta.betas.set(person.betas.slice(at * 10, at * 10 + 10), row * 10);
    boxes.set([cx - width / 2, cy - height / 2, width, height], row * 4);
  });
  const observations = new Float32Array(0);
  const ownSeconds = seconds.subarray(start, start + length);
  const track: ObservationTrack = { start, length, observations, present: theta.present, boxes, seconds: ownSeconds };
  const options = vibeOptions(MATCH_VIBE.options);
  return motionOf({ track, theta, camera, options, betas: undefined }, { from: start, to: start + length });
}

/** Settings with which bodies that came from a file are shown. */
function showing(settings: RunSettings): RunSettings {
  return { ...settings, estimator: vibeOutputEstimator.id, quality: 'imported', estimatorOptions: {} };
}

/**
 * Takes the people of a `vibe_output.pkl` into a project, with their boxes and their bodies, as a result to look at, correct
 * and export. The vertices of the file are not kept: they follow from pose and shape with the imported SMPL model.
 * Returns how many people came. One undoable edit, of the people and of the run options that show them; boxes and bodies are
 * on the disk before it, so that it never shows people without them.
 * @throws AppError MODEL_MISSING without an SMPL model, before anything is changed; as `prepareImport`
 */
async function importVibeOutput(session: ProjectSession, path: string): Promise<number> {
  const bodies = [...decodeVibeOutput(readWholeFile(path), basename(path))].sort(([a], [b]) => a - b);
  await session.parts.bodies.load(showing(session.document.settings));
  const shown = showing(session.document.settings);
  const { people, recipe, ...plan } = prepareImport(session, vibeOutput.id, path);
  const { motion, camera, seconds, keys } = session.runContext(shown);
  people.forEach((person, index) => {
    const rows = bodies[index]?.[1];
    if (!rows) return;
    const made = motionOfPerson(rows, seconds, camera);
    const own = keys()
      .ofBodies(person)
      .slice(made.start, made.start + made.length);
    motion.write(
      person.id,
      made,
      own.map((key, row) => (made.present[row] === 1 ? key : 0)),
      true,
    );
  });
  motion.flush();
  const withSettings = (draft: ProjectDocument) => {
    recipe(draft);
    draft.settings = shown;
  };
  const edit = editFromPlan(session.document, { ...plan, recipe: withSettings });
  if (edit) session.store.apply(session.store.seq, edit);
  return people.length;
}

/**
 * Takes the people of a file into a project: with their bodies where the format holds them, else their boxes.
 * @throws AppError as {@link importVibeOutput} and `importTracks`
 */
export async function importPeople(session: ProjectSession, format: string, path: string): Promise<number> {
  return format === vibeOutput.id ? importVibeOutput(session, path) : importTracks(session, format, path);
}
