import { createHash } from 'node:crypto';
import { writeSync } from 'node:fs';
import { documentSchema, type ProjectDocument } from '#core/document/schema';
import { DocumentStore } from '#engine/project/documentStore';
import { MotionStore } from '#engine/project/motionStore';
import { projectFolder } from '#engine/project/projectFolder';
import { takeLock } from '#engine/project/projectLock';
import { diceFrom, randomEdit, rolled } from '../project/randomEdits';

/** What is compared instead of whole documents: their content, in whatever order properties were set. */
export function digestOf(document: ProjectDocument): string {
  return createHash('sha256')
    .update(JSON.stringify(documentSchema.parse(document)))
    .digest('hex')
    .slice(0, 16);
}

/** Frames of the clip whose motion the editor writes now and then. */
export const MOTION_FRAMES = 1500;

function writeMotion(store: MotionStore, seed: number): void {
  const length = MOTION_FRAMES;
  const motion = {
    start: 0,
    length,
    present: new Uint8Array(length).fill(1),
    poses: new Float32Array(length * 72).fill(seed),
    translations: new Float32Array(length * 3),
    betas: new Float32Array(10).fill(seed),
    confidences: new Float32Array(length),
  };
  store.write('p1', motion, new Float64Array(length).fill(seed), true);
  store.flush();
}

/**
 * Edits a project without end, at random, and says each edit on stdout once it is durable: `seq digest`. Made to be
 * killed. Arguments: the project folder, a seed.
 */
function edit(root: string, seed: number): void {
  const folder = projectFolder(root);
  const lock = takeLock(folder.lock);
  if (!('release' in lock)) throw new Error(`the lock of a killed process is still held: ${JSON.stringify(lock)}`);
  const store = new DocumentStore(folder, false);
  const motion = new MotionStore(folder.results, MOTION_FRAMES);
  const next = diceFrom(seed);
  for (let count = 1; ; count++) {
    const act = next();
    const before = store.seq;
    if (act < 0.7) {
      const change = randomEdit(store.document, rolled(next));
      if (change) store.apply(store.seq, change);
    } else if (act < 0.82) store.undo();
    else if (act < 0.92) store.redo();
    else if (act < 0.97) store.save();
    else writeMotion(motion, count);
    if (store.seq !== before) writeSync(1, `${store.seq} ${digestOf(store.document)}\n`);
  }
}

const [root, seed] = process.argv.slice(2);
if (process.argv[1]?.endsWith('editor.js') && root !== undefined) edit(root, Number(seed));
