import type { Span } from '#core/frames/span';
import { AppError, isCancelled } from '#core/errors';
import { type ArrayBundle, encodeBundle } from '#core/protocol/arrayBundle';
import type { BodyModel } from '#core/body/bodyModel';
import { BODY_STEPS } from '#core/body/bodySteps';
import {
  type BodyEditsMessage,
  bodyEditsMessage,
  type BodyMeta,
  NEWEST_RUN,
  type MeshesMeta,
  type MotionMeta,
  type TracksMeta,
} from '#core/protocol/bulkRoutes';
import { JOINT_COUNT, JOINT_NAMES } from '#core/body/skeleton';
import type { BulkReply } from '#core/protocol/engineMessages';
import { coarseFaces } from './bodymodel/coarseFaces';
import { betasOfRows } from './estimation/rowShape';
import { SkeletonPoser } from './pipeline/posedJoints';
import type { ProjectSession } from './project/projectSession';
import type { Workspace } from './workspace';

const MOST_MESH_FRAMES = 64;
const MOST_MOTION_FRAMES = 20_000;
const IMMUTABLE = { 'Cache-Control': 'private, max-age=31536000, immutable' };

type Handler = (
  workspace: Workspace,
  match: string[],
  query: URLSearchParams,
  signal: AbortSignal,
) => Promise<BulkReply>;

/** The routes of the bulk plane: see core/protocol/bulkRoutes. */
const ROUTES: readonly [RegExp, Handler][] = [
  [/^\/bulk\/projects\/([^/]+)\/frames\/(\d+)\.jpg$/, frame],
  [/^\/bulk\/projects\/([^/]+)\/tracks$/, tracks],
  [/^\/bulk\/projects\/([^/]+)\/motion$/, motion],
  [/^\/bulk\/projects\/([^/]+)\/meshes$/, meshes],
  [/^\/bulk\/bodies\/([^/]+)$/, body],
  [/^\/bulk\/exports\/([^/]+)\/(.+)$/, exported],
];

/** Answers one request of the bulk plane; what goes wrong becomes a status and a sentence as JSON. */
export async function answerBulk(workspace: Workspace, path: string, signal: AbortSignal): Promise<BulkReply> {
  try {
    const url = new URL(path, 'http://bulk');
    for (const [pattern, handler] of ROUTES) {
      const match = pattern.exec(url.pathname);
      if (match) return await handler(workspace, match.slice(1).map(decoded), url.searchParams, signal);
    }
    return problem(404, 'NOT_FOUND', 'There is nothing at this address.');
  } catch (error) {
    if (isCancelled(error) || signal.aborted) return problem(499, 'CANCELLED', 'Cancelled');
    if (error instanceof AppError) {
      return problem(error.code === 'NOT_FOUND' ? 404 : 400, error.code, error.message, error.hint);
    }
    console.error(error);
    return problem(500, 'INTERNAL', error instanceof Error ? error.message : String(error));
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new AppError('INVALID_ARGUMENT', 'The address is not written as an address should be.');
  }
}

function problem(status: number, code: string, message: string, hint?: string): BulkReply {
  const body = new TextEncoder().encode(JSON.stringify({ code, message, hint }));
  return { status, headers: { 'Content-Type': 'application/json' }, body };
}

function bundle(content: ArrayBundle, headers: Record<string, string> = IMMUTABLE): BulkReply {
  return {
    status: 200,
    headers: { ...headers, 'Content-Type': 'application/octet-stream' },
    body: encodeBundle(content),
  };
}

function numberOf(query: URLSearchParams, name: string): number {
  const text = query.get(name) ?? '';
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) {
    throw new AppError('INVALID_ARGUMENT', `The address needs a whole number for ${name}.`);
  }
  return value;
}

/** The asked-for span, within the clip and at most `most` frames. */
function spanOf(session: ProjectSession, query: URLSearchParams, most: number): { from: number; to: number } {
  const from = Math.min(numberOf(query, 'from'), session.parts.media.frameCount);
  const to = Math.min(numberOf(query, 'to'), session.parts.media.frameCount, from + most);
  if (to <= from) throw new AppError('INVALID_ARGUMENT', 'The address names an empty span of frames.');
  return { from, to };
}

/** Motion of the asked-for person as it is shown, with the number of that state. */
function shownRows(session: ProjectSession, query: URLSearchParams, from: number, to: number) {
  const kept = session.requirePerson(query.get('person') ?? '');
  const person = { ...kept, ...editsInHand(query) };
  const rows = session.shown.slice(person, from, to);
  if (!rows) throw new AppError('NOT_FOUND', 'This person has no body yet.');
  return { person, rows, version: session.shown.addressVersion(person) };
}

/** Body edits that a page has in hand and shows before they are kept. */
function editsInHand(query: URLSearchParams): BodyEditsMessage {
  const text = query.get('edits');
  if (text === null) return {};
  try {
    const { poseEdits, shapeEdit } = bodyEditsMessage.parse(JSON.parse(text));
    return { poseEdits, shapeEdit };
  } catch (error) {
    throw new AppError(
      'INVALID_ARGUMENT',
      'The address holds edits that are not written as edits of a body should be.',
      {
        cause: error,
      },
    );
  }
}

/** Kept for good under the version that it is; a state that came after the address was written must not be. */
function cachingOf(query: URLSearchParams, version: number): Record<string, string> {
  return query.get('version') === `${version}` ? IMMUTABLE : { 'Cache-Control': 'no-store' };
}

async function frame(
  workspace: Workspace,
  [projectId = '', index = '']: string[],
  query: URLSearchParams,
  signal: AbortSignal,
): Promise<BulkReply> {
  const session = workspace.session(projectId);
  const jpeg = await session.frames.jpeg(Number(index), numberOf(query, 'longSide'), signal);
  return { status: 200, headers: { ...IMMUTABLE, 'Content-Type': 'image/jpeg' }, body: new Uint8Array(jpeg) };
}

async function tracks(workspace: Workspace, [projectId = '']: string[]): Promise<BulkReply> {
  const session = workspace.session(projectId);
  const all = [...session.tracks.values()];
  const meta: TracksMeta = {
    version: session.currentTracksVersion,
    tracks: all.map(({ id, start, length, foldedBecause }) => ({
      id,
      start,
      length,
      ...(foldedBecause ? { foldedBecause } : {}),
    })),
  };
  const arrays: ArrayBundle['arrays'] = {};
  all.forEach((track, index) => {
    arrays[`boxes${index}`] = track.boxes;
    arrays[`scores${index}`] = track.scores;
    arrays[`origins${index}`] = track.origins;
  });
  return bundle({ meta, arrays }, { 'Cache-Control': 'no-store' });
}

/** Motion that an address names: what is shown, or with `run` in it that of a kept run, or of the newest. */
async function namedRows(workspace: Workspace, session: ProjectSession, query: URLSearchParams, span: Span) {
  const { from, to } = span;
  const id = query.get('run');
  if (id === null) {
    const { person, rows, version } = shownRows(session, query, from, to);
    const judge = session.motion.get(person.id)?.judge;
    // Only who edits wants to know what stands below.
    const below = person.poseEdits || person.shapeEdit ? session.shown.estimate(person.id, from, to) : undefined;
    return { rows, version, judge, below, body: session.requireBody(), settings: session.document.settings };
  }
  const kept = id === NEWEST_RUN ? undefined : session.kept.run(id);
  const person = query.get('person') ?? '';
  const body = kept ? await workspace.bodies.load(kept.bodyModel) : session.requireBody();
  const run = kept ? session.compared.of(kept.id, body) : session.compared.newest();
  const rows = run.slice(person, from, to);
  if (!rows) throw new AppError('NOT_FOUND', 'This person has no body in this run.');
  const settings = kept?.settings ?? session.document.settings;
  const { judge } = (kept ? session.kept.motion(kept.id) : session.motion).get(person) ?? {};
  return { rows, version: run.version(person), judge, below: undefined, body, settings };
}

async function motion(workspace: Workspace, [projectId = '']: string[], query: URLSearchParams): Promise<BulkReply> {
  const session = workspace.session(projectId);
  const { from, to } = spanOf(session, query, MOST_MOTION_FRAMES);
  const named = await namedRows(workspace, session, query, { from, to });
  const { rows, version, judge, below: estimate } = named;
  const { width, height } = session.camera;
  const focal = named.settings.focalFactor * Math.max(width, height);
  const length = to - from;
  const joints = new Float32Array(length * JOINT_COUNT * 3);
  const joints2d = new Float32Array(length * JOINT_COUNT * 2);
  const poser = new SkeletonPoser(named.body, rows);
  for (let row = 0; row < length; row++) {
    if (rows.present[row] !== 1) continue;
    poser.pose(row, joints, row * JOINT_COUNT * 3);
    for (let joint = row * JOINT_COUNT; joint < (row + 1) * JOINT_COUNT; joint++) {
      const depth = joints[joint * 3 + 2] ?? 1;
      joints2d[joint * 2] = (focal * (joints[joint * 3] ?? 0)) / depth + width / 2;
      joints2d[joint * 2 + 1] = (focal * (joints[joint * 3 + 1] ?? 0)) / depth + height / 2;
    }
  }
  const meta: MotionMeta = { from, to, version, ...(judge === undefined ? {} : { judge }) };
  const { present, poses, translations, betas, confidences, channels } = rows;
  const judged = channels?.plausibilities ? { plausibilities: channels.plausibilities } : {};
  const arrays = { present, poses, translations, betas, confidences, joints, joints2d, ...judged };
  const below = estimate ? { estimatedPoses: estimate.poses, estimatedBetas: estimate.betas } : {};
  return bundle({ meta, arrays: { ...arrays, ...below } }, cachingOf(query, version));
}

async function meshes(
  workspace: Workspace,
  [projectId = '']: string[],
  query: URLSearchParams,
  signal: AbortSignal,
): Promise<BulkReply> {
  const session = workspace.session(projectId);
  const { from, to } = spanOf(session, query, MOST_MESH_FRAMES);
  const { rows, version, body } = await namedRows(workspace, session, query, { from, to });
  const step = BODY_STEPS.find((known) => known === query.get('step'));
  const { poses, translations, present } = rows;
  const betas = betasOfRows(rows, to - from);
  const request = { bodyModel: body.id, betas, poses, translations, frames: to - from, ...(step ? { step } : {}) };
  const made = await workspace.lanes.run('meshes', request, signal);
  const meta: MeshesMeta = {
    from,
    to,
    vertexCount: body.vertexCount,
    version,
  };
  return bundle({ meta, arrays: { present, ...made } }, cachingOf(query, version));
}

async function body(workspace: Workspace, [id = '']: string[]): Promise<BulkReply> {
  const model = await workspace.bodies.load(id);
  const content = BODY_BUNDLES.get(model) ?? bodyBundle(model);
  BODY_BUNDLES.set(model, content);
  // Asked for once a page; a body that was made anew keeps its id, so nobody may keep it under that.
  return bundle(await content, { 'Cache-Control': 'no-store' });
}

/** Bundles of bodies that were asked for: making coarse faces takes a moment. */
const BODY_BUNDLES = new WeakMap<BodyModel, Promise<ArrayBundle>>();

async function bodyBundle(model: BodyModel): Promise<ArrayBundle> {
  const { skin, vertexCount } = model;
  const faces = Uint32Array.from(model.faces);
  const meta: BodyMeta = {
    id: model.id,
    title: model.title,
    vertexCount,
    influences: skin.influences,
    jointNames: [...JOINT_NAMES],
  };
  return {
    meta,
    arrays: {
      faces,
      coarseFaces: await coarseFaces(model.template, faces),
      skinJoints: Uint8Array.from(skin.joints),
      skinWeights: skin.weights,
      parents: Int32Array.from(model.parents),
      template: model.template,
    },
  };
}

async function exported(workspace: Workspace, [jobId = '', name = '']: string[]): Promise<BulkReply> {
  const path = workspace.exports.find(jobId, name);
  const encoded = encodeURIComponent(name.split('/').pop() ?? name);
  return {
    status: 200,
    headers: { 'Content-Disposition': `attachment; filename*=UTF-8''${encoded}`, 'Cache-Control': 'no-store' },
    file: path,
  };
}
