import { randomUUID } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, resolve } from 'node:path';
import type { BodyModel } from '#core/body/bodyModel';
import { AppError } from '#core/errors';
import { type PoseFile, parsePoseFile } from '#engine/bodymodel/poseFile';
import { posedMembers } from '#engine/bodymodel/posedArchive';
import { smplMembers } from '#engine/bodymodel/smpl/writeSmpl';
import { FolderTarget, resolveBaseName, type WrittenFile } from '#engine/export/exportTarget';
import type { IfExists } from '#engine/export/placing';
import { createMatrixProduct } from '#engine/inference/matrixProduct';
import { JobTracker } from '#engine/pipeline/jobTracker';
import { type NpzMember, writeNpz } from '#engine/weights/numpy/writeNpz';
import { type Command, type CommandCall, textOption } from '../command';
import { openWorkspace } from '../openWorkspace';
import { formatBytes } from '../reporter';
import { ifExistsOf } from './runOptions';

/** Zip archives without extensions end here; numpy reads no other way of writing piece by piece. */
const MOST_BYTES = 2 ** 32 - 2 ** 20;

const USAGE = 'Two calls are known: retake body export FILE.npz, retake body pose FILE.npz --out OUT.npz.';

function npzPath(path: string): string {
  if (extname(path).toLowerCase() === '.npz') return resolve(path);
  throw new AppError('INVALID_ARGUMENT', `${path} does not end in .npz, and an .npz file is what is written.`, {
    hint: 'Name the file with .npz at its end.',
  });
}

/** Writes an archive so that it appears as a whole or not at all. */
async function writeArchive(path: string, members: NpzMember[], ifExists: IfExists): Promise<WrittenFile> {
  const folder = dirname(path);
  const name = basename(path, extname(path));
  const baseName = await resolveBaseName(folder, name, ifExists, (base) => [`${base}.npz`]);
  const target = await FolderTarget.open({ folder, baseName, ifExists });
  try {
    const file = await target.create(`${baseName}.npz`);
    await writeNpz(members, (bytes) => file.write(bytes));
    const [written] = await target.commit();
    return written!;
  } catch (error) {
    await target.discard();
    throw error;
  }
}

async function withBody<Result>(call: CommandCall, use: (body: BodyModel) => Promise<Result>): Promise<Result> {
  const { workspace, dispose } = openWorkspace();
  try {
    const id = textOption(call.values, 'body');
    return await use(await (id === undefined ? workspace.bodies.default() : workspace.bodies.load(id)));
  } finally {
    await dispose();
  }
}

async function exportBody(call: CommandCall, path: string): Promise<void> {
  const out = npzPath(path);
  await withBody(call, async (body) => {
    const file = await writeArchive(out, smplMembers(body), ifExistsOf(call.values));
    call.reporter.result(
      `  ${file.path} (${formatBytes(file.bytes)}): ${body.title}, ${body.vertexCount} vertices, betas of ${body.id}`,
      { file: file.path, bytes: file.bytes, body: body.id, vertexCount: body.vertexCount },
    );
  });
}

async function readPoses(path: string): Promise<PoseFile> {
  let bytes: Uint8Array;
  try {
    // A device or a pipe may never end.
    if (!(await stat(path)).isFile()) throw new Error('not a file');
    bytes = await readFile(path);
  } catch (error) {
    throw new AppError('NOT_FOUND', `The file ${path} cannot be read.`, { hint: 'Check the path.', cause: error });
  }
  return parsePoseFile(bytes, basename(path));
}

function checkSize(file: PoseFile, body: BodyModel): void {
  const most = Math.floor(MOST_BYTES / (body.vertexCount * 12));
  if (file.frames <= most) return;
  throw new AppError(
    'INVALID_ARGUMENT',
    `${file.frames} poses of this body do not fit an .npz file, which holds at most ${most} of them.`,
    { hint: 'Split the poses into several files.' },
  );
}

async function poseBody(call: CommandCall, path: string): Promise<void> {
  const wanted = textOption(call.values, 'out');
  if (wanted === undefined) throw new AppError('INVALID_ARGUMENT', 'There is no --out OUT.npz to write the bodies to.');
  const out = npzPath(wanted);
  const poses = await readPoses(path);
  await withBody(call, async (body) => {
    checkSize(poses, body);
    const stages = [{ id: 'pose', title: 'Poses', unit: 'frames', total: poses.frames }];
    const job = new JobTracker(randomUUID(), 'export', 'Pose the body', stages, (snapshot) =>
      call.reporter.progress(snapshot),
    );
    const members = posedMembers(body, poses, {
      createProduct: createMatrixProduct,
      signal: call.signal,
      onProgress: (done) => job.advance('pose', done),
    });
    const file = await writeArchive(out, members, ifExistsOf(call.values)).catch((error: unknown) => {
      job.finish(error);
      throw error;
    });
    job.finish();
    const count = poses.frames === 1 ? '1 pose' : `${poses.frames} poses`;
    call.reporter.result(`  ${file.path} (${formatBytes(file.bytes)}): ${count} of ${body.title}, m`, {
      ...{ file: file.path, bytes: file.bytes, body: body.id, frames: poses.frames, vertexCount: body.vertexCount },
    });
  });
}

/** `retake body`: the body for other tools, as a SMPL file or posed. */
export const bodyCommand: Command = {
  name: 'body',
  usage: 'body export FILE.npz | body pose FILE.npz --out OUT.npz',
  summary: 'Write the body as a SMPL-format file, or evaluate poses of an .npz to vertices and joints',
  mostPositionals: 2,
  options: {
    out: { type: 'string', placeholder: 'OUT.npz', help: 'pose: where vertices and joints go; needed' },
    body: { type: 'string', placeholder: 'ID', help: 'Id of an imported body; the default body unless given' },
    'if-exists': {
      type: 'string',
      placeholder: 'fail|rename|overwrite',
      help: 'What to do with a file that is there already',
    },
  },
  async run(call) {
    const [action, path] = call.positionals;
    if (path === undefined) throw new AppError('INVALID_ARGUMENT', USAGE);
    if (action === 'export') return exportBody(call, path);
    if (action === 'pose') return poseBody(call, path);
    throw new AppError('INVALID_ARGUMENT', `There is no "retake body ${action}".`, { hint: USAGE });
  },
};
