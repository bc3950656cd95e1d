import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PersonMotion } from '#engine/estimation/estimator';
import { importPeople } from '#engine/pipeline/importVibeOutput';
import type { ProjectSession } from '#engine/project/projectSession';
import type { Workspace } from '#engine/workspace';
import { effectiveBoxAt } from '#core/tracks/effectiveBoxes';
import { planMoveBox } from '#core/tracks/boxEdits';
import { editOf } from '../engine/project/randomEdits';

/** What a long session of correcting looks like: people and frames of the made project. */
export const CROWD = { people: 8, frames: 20_000, width: 640, height: 360, rate: 30 } as const;
/** Frames between two keyframes of a person. */
const KEYFRAME_EVERY = 400;
/** Of this many frames each person is not seen on the first few. */
const STRETCH = { length: 250, unseen: 6 } as const;
const ROOT_TURN = Math.PI;

/** The box of a person on a frame, px: everybody sways in a column of their own. */
function boxOf(person: number, frame: number): { x: number; y: number; width: number; height: number } {
  const column = CROWD.width / CROWD.people;
  return { x: person * column + 12 * Math.sin(frame / 40 + person), y: 90, width: column * 0.8, height: 180 };
}

function motText(): string {
  const lines: string[] = [];
  for (let frame = 0; frame < CROWD.frames; frame++) {
    for (let person = 0; person < CROWD.people; person++) {
      const at = (frame + person * 31) % STRETCH.length;
      if (at < STRETCH.unseen) continue;
      const { x, y, width, height } = boxOf(person, frame);
      const numbers = [x, y, width, height].map((value) => value.toFixed(2));
      lines.push([frame + 1, person + 1, ...numbers, 0.9, -1, -1, -1].join(','));
    }
  }
  return lines.join('\n');
}

/** A clip of {@link CROWD}'s size. @throws what ffmpeg says */
function makeClip(ffmpeg: string, file: string): void {
  const source = `testsrc=size=${CROWD.width}x${CROWD.height}:rate=${CROWD.rate}`;
  const coding = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '35', '-g', '30', '-pix_fmt', 'yuv420p'];
  const args = ['-loglevel', 'error', '-nostdin', '-y', '-f', 'lavfi', '-i', source, '-frames:v', `${CROWD.frames}`];
  const made = spawnSync(ffmpeg, [...args, ...coding, file], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`The clip could not be made: ${made.stderr || String(made.error)}`);
}

/** Somebody who stands upright before the camera where their boxes are, and breathes. */
function standing(person: number, focal: number): PersonMotion {
  const { frames } = CROWD;
  const motion: PersonMotion = {
    start: 0,
    length: frames,
    present: new Uint8Array(frames).fill(1),
    poses: new Float32Array(frames * 72),
    translations: new Float32Array(frames * 3),
    betas: new Float32Array(10),
    confidences: new Float32Array(frames).fill(0.8),
  };
  for (let frame = 0; frame < frames; frame++) {
    const { x, width, height } = boxOf(person, frame);
    const depth = (focal * 1.8) / height;
    motion.poses[frame * 72] = ROOT_TURN;
    motion.poses[frame * 72 + 50] = 0.6 + 0.2 * Math.sin(frame / 20);
    motion.poses[frame * 72 + 53] = -0.6;
    const aside = ((x + width / 2 - CROWD.width / 2) * depth) / focal;
    motion.translations.set([aside, 0.1, depth], frame * 3);
  }
  return motion;
}

/** Moves boxes by hand all along the clip. */
function correct(session: ProjectSession): void {
  for (const { id } of session.document.people) {
    for (let frame = 60; frame < CROWD.frames; frame += KEYFRAME_EVERY) {
      const person = session.document.people.find((entry) => entry.id === id);
      const box = person && effectiveBoxAt(person, session.tracks, frame)?.box;
      if (!box) continue;
      const edit = editOf(session.document, planMoveBox(session.document, id, frame, { ...box, y: box.y - 4 }));
      if (edit) session.applyEdit(session.store.seq, edit);
    }
  }
}

/**
 * A project with {@link CROWD}: boxes from a MOT file with holes, a body on every frame with a box, and keyframes by hand,
 * whose frames are out of date. Left in the workspace's data folder.
 */
export async function makeCrowdProject(workspace: Workspace, ffmpeg: string, folder: string): Promise<void> {
  const clip = join(folder, 'crowd.mp4');
  makeClip(ffmpeg, clip);
  const boxes = join(folder, 'crowd.txt');
  writeFileSync(boxes, motText());
  const session = await workspace.openVideo(clip, {});
  await importPeople(session, 'mot', boxes);
  const { motion, camera, keys, resultsChanged } = session.runContext();
  const known = keys();
  session.document.people.forEach((person, index) => {
    const own = known.ofBodies(person);
    const made = standing(index, camera.focal);
    made.present.forEach((_, row) => {
      if (own[row] === 0) made.present[row] = 0;
    });
    motion.write(person.id, made, own, true);
  });
  motion.flush();
  resultsChanged();
  correct(session);
}
