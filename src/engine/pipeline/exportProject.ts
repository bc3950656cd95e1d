import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import { sparseRowsFromDense } from '#core/body/bodyModel';
import { JOINT_NAMES } from '#core/body/skeleton';
import type { Person } from '#core/document/schema';
import { AppError, isCancelled } from '#core/errors';
import { countFrames, intersectSpans, type Span } from '#core/frames/span';
import type { ExporterFacts, ExportRequest, PersonResults, Preflight } from '#core/protocol/messages';
import { effectiveBoxAt } from '#core/tracks/effectiveBoxes';
import { optionsJsonSchema } from '../checkedOptions';
import { exactMeshes } from '../compute/exactMeshes';
import { estimatorOptions, findEstimator } from '../estimation/registry';
import type { ChosenSpan, ExportClip, Provenance } from '../export/exportClip';
import type { WrittenFile } from '../export/exportTarget';
import { createMotionClip, type MeshKernel } from '../export/motionClip';
import { exporters, findExporter } from '../export/registry';
import { preflightExport as planExport, runExport } from '../export/runExport';
import { matrixToAxisAngle } from '#core/body/rotations';
import type { ProjectSession } from '../project/projectSession';
import { readJointRegressor } from '../weights/userModels/partArrays';
import type { Workspace } from '../workspace';
import { JobTracker } from './jobTracker';

/** Exporters as the dialog and the terminal need them. */
export function exporterFacts(): ExporterFacts[] {
  return exporters.map((exporter) => ({
    id: exporter.id,
    title: exporter.title,
    extensions: [...exporter.extensions],
    optionsSchema: optionsJsonSchema(exporter.optionsSchema),
  }));
}

/** People an export is asked for: the chosen ones, else all that are visible and not folded away. @throws AppError NOT_FOUND */
function wantedPeople(session: ProjectSession, chosen: readonly string[]): Person[] {
  for (const id of chosen) session.requirePerson(id);
  return session.document.people.filter((person) =>
    chosen.length > 0 ? chosen.includes(person.id) : person.visible && !person.foldedBecause,
  );
}

/** Those of them with motion: the others stay out. */
function exportedPeople(session: ProjectSession, chosen: readonly string[]): Person[] {
  const { shown } = session;
  return wantedPeople(session, chosen).filter(({ id }) => shown.has(id));
}

/** The frames an export is asked for. @throws AppError INVALID_ARGUMENT for a range that is empty or not of this clip */
function exportedSpan(session: ProjectSession, span: Span | undefined): Span {
  const { frameCount } = session.parts.media;
  if (!span) return { from: 0, to: frameCount };
  if (span.from >= 0 && span.from < span.to && span.to <= frameCount) return span;
  const what =
    span.from < span.to ? `Frames ${span.from} to ${span.to - 1} are not all in the clip` : 'The range is empty';
  throw new AppError('INVALID_ARGUMENT', `${what}: its frames are 0 to ${frameCount - 1}.`, {
    hint: 'Choose another range, or export the whole clip.',
  });
}

/** Local rotation matrices back to axis-angle: the compute thread takes poses as they are stored. */
function axisAnglesOf(rotations: Float64Array): Float32Array {
  const poses = new Float32Array(rotations.length / 3);
  for (let joint = 0; joint < rotations.length / 9; joint++) matrixToAxisAngle(rotations, poses, joint * 9, joint * 3);
  return poses;
}

function meshKernelOf(workspace: Workspace): MeshKernel {
  return async (body, betas, rotations, translations, signal) => {
    const request = {
      bodyModel: body.id,
      betas,
      poses: axisAnglesOf(rotations),
      translations: Float32Array.from(translations),
      frames: translations.length / 3,
    };
    return exactMeshes(workspace.lanes, request, signal);
  };
}

/** Which spans of whom are shown from kept runs, and how those were made. */
function chosenSpans(session: ProjectSession): ChosenSpan[] {
  return session.document.people.flatMap((person) =>
    session.choicesOf(person).map(({ from, to, run: id }) => {
      const { name, settings } = session.kept.run(id);
      const { estimator, quality } = settings;
      const estimation = { estimator, quality, options: estimatorOptions(settings) };
      return { person: person.number, first: from, last: to - 1, run: name, estimation };
    }),
  );
}

/** The body that is in the files, by the file that it was read from. */
function bodyHashes({ body }: ProjectSession): Provenance['models'] {
  return body?.sha256 === undefined ? [] : [{ name: body.title, sha256: body.sha256 }];
}

async function provenanceOf(workspace: Workspace, session: ProjectSession): Promise<Provenance> {
  const { media } = session.parts;
  const { settings } = session.document;
  const chosen = chosenSpans(session);
  const earlier = session.document.people.flatMap(({ id, number }) => {
    const version = session.motion.get(id)?.earlierVersion;
    return version === undefined ? [] : [{ person: number, estimatorVersion: version }];
  });
  return {
    ...(chosen.length > 0 ? { chosen } : {}),
    ...(earlier.length > 0 ? { earlier } : {}),
    estimation: {
      estimator: settings.estimator,
      quality: settings.quality,
      options: estimatorOptions(settings),
    },
    appVersion: workspace.configuration.appVersion,
    models: [...(await workspace.modelHashes(settings, session.boxesGiven)), ...bodyHashes(session)],
    sourceName: basename(media.path),
    sourceSampledSha256: media.fingerprint.sampledHash,
    createdAt: new Date().toISOString(),
    notMetric: session.sceneFrame.assumptions,
  };
}

/** What formats of VIBE need; undefined where the bodies are not SMPL's. */
function vibeOf(workspace: Workspace, session: ProjectSession): ExportClip['vibe'] {
  const { settings } = session.document;
  const { store } = workspace.models;
  if (findEstimator(settings.estimator).bodyFamily !== 'smpl' || !store.find('joint-regressor-extra')) return undefined;
  const { values, rows } = readJointRegressor(store, 'joint-regressor-extra');
  const matchesOriginal = estimatorOptions(settings)['windows'] === 'match-vibe';
  return { extraRegressor: sparseRowsFromDense(values, rows), matchesOriginal };
}

/** The clip of a project as exporters take it. */
async function exportClip(
  workspace: Workspace,
  session: ProjectSession,
  people: readonly string[],
  span?: Span,
): Promise<ExportClip> {
  const { media } = session.parts;
  const body = session.requireBody();
  const vibe = vibeOf(workspace, session);
  return createMotionClip({
    ...(vibe ? { vibe } : {}),
    title: session.document.name,
    body,
    jointNames: JOINT_NAMES,
    camera: session.camera,
    times: media.frameTimes,
    span: exportedSpan(session, span),
    scene: session.sceneFrame.transform,
    people: exportedPeople(session, people).flatMap((person) => {
      const motion = session.shown.slice(person, 0, media.frameCount);
      if (!motion) return [];
      const boxAt = (frame: number) => effectiveBoxAt(person, session.tracks, frame)?.box;
      return [{ id: person.id, number: person.number, title: person.name, motion, boxAt }];
    }),
    provenance: await provenanceOf(workspace, session),
    meshKernel: meshKernelOf(workspace),
  });
}

/** What an export will write, how large, and what is worth knowing before. */
export async function preflightExport(
  workspace: Workspace,
  session: ProjectSession,
  request: ExportRequest,
): Promise<Preflight> {
  const clip = await exportClip(workspace, session, request.people, request.span);
  const plan = planExport(findExporter(request.exporter), clip, request.options, session.document.name);
  return {
    folder: session.parts.folder.exports,
    files: plan.files.map((file) => ({ name: file.name, bytes: file.estimatedBytes })),
    checks: [
      ...staleCheck(session, request),
      ...leftOutCheck(session, request),
      ...editChecks(session, request),
      ...plan.checks,
    ].map(({ level, text, detail }) => ({
      level,
      text,
      ...(detail === undefined ? {} : { detail }),
    })),
  };
}

/** What humans set over the estimate of the exported people: what is in the files, and what cannot be. */
function editChecks(session: ProjectSession, { people }: ExportRequest): Preflight['checks'] {
  const exported = exportedPeople(session, people);
  const isOfOther = ({ shapeEdit }: Person) => shapeEdit && shapeEdit.bodyModel !== session.body?.id;
  const edited = exported.filter((person) => person.poseEdits || (person.shapeEdit && !isOfOther(person)));
  const names = (those: readonly Person[]) => those.map(({ name }) => name).join(', ');
  const others = exported.filter(isOfOther);
  return [
    ...(edited.length > 0
      ? [{ level: 'note' as const, text: 'Edits of pose and shape are included', detail: names(edited) }]
      : []),
    ...(others.length > 0
      ? [
          {
            level: 'warning' as const,
            text: 'A shape set for another body is left out',
            detail: `${names(others)}: the estimated shape is exported. Reset the shape in the inspector to agree.`,
          },
        ]
      : []),
  ];
}

/** Who was asked for and has no body. */
function leftOutCheck(session: ProjectSession, { people }: ExportRequest): Preflight['checks'] {
  const without = wantedPeople(session, people).filter(({ id }) => !session.shown.has(id));
  if (without.length === 0) return [];
  const text = without.length === 1 ? '1 person has no body yet' : `${without.length} people have no body yet`;
  return [{ level: 'warning', text, detail: `${without.map(({ name }) => name).join(', ')}: left out` }];
}

/** Frames of the exported people and span whose body is not made from the boxes as they are. */
function staleCheck(session: ProjectSession, { people: chosen, span }: ExportRequest): Preflight['checks'] {
  const exported = new Set(exportedPeople(session, chosen).map(({ id }) => id));
  const limit = span ?? { from: 0, to: session.parts.media.frameCount };
  const people = session.results().people.filter(({ person }) => exported.has(person));
  const framesOf = (those: readonly PersonResults[]) =>
    those.reduce((sum, { outOfDate }) => sum + countFrames(intersectSpans(outOfDate, [limit])), 0);
  const frames = framesOf(people);
  if (frames === 0) return [];
  const earlier = framesOf(people.filter(({ fromEarlierVersion }) => fromEarlierVersion));
  const [version, boxes] = ['an earlier version of the estimator made them', 'their boxes changed since the last run'];
  const why = [...(earlier > 0 ? [version] : []), ...(earlier < frames ? [boxes] : [])].join(', or ');
  return [
    {
      level: 'warning',
      text: frames === 1 ? '1 frame is out of date' : `${frames} frames are out of date`,
      detail: `The export takes the bodies as they are: ${why}.`,
    },
  ];
}

/** Where an export of a job goes when a shell says so itself. */
export interface ExportPlace {
  folder: string;
  baseName: string;
}

/** Starts an export as a job of its project; files appear together when it is done. */
export async function startExport(
  workspace: Workspace,
  session: ProjectSession,
  request: ExportRequest,
): Promise<string> {
  return (await launchExport(workspace, session, request)).jobId;
}

/** The same with a promise of the files, for callers without a page. */
export async function launchExport(
  workspace: Workspace,
  session: ProjectSession,
  request: ExportRequest,
  place: ExportPlace = { folder: session.parts.folder.exports, baseName: session.document.name },
): Promise<{ jobId: string; ended: Promise<WrittenFile[]> }> {
  const exporter = findExporter(request.exporter);
  exporter.resolveOptions(request.options);
  const clip = await exportClip(workspace, session, request.people, request.span);
  if (clip.people.length === 0) {
    throw new AppError('NO_PEOPLE', 'There is nobody with a body to export.', { hint: 'Run the clip first.' });
  }
  const stages = [{ id: 'write', title: exporter.title, unit: 'frames', total: clip.span.to - clip.span.from }];
  const job = new JobTracker(randomUUID(), 'export', `Export ${exporter.title}`, stages, (snapshot) =>
    session.events.emit({ type: 'job', job: snapshot }),
  );
  session.addJob(job);
  const destination = { ...place, ifExists: request.ifExists };
  const ended = write();
  ended.catch(() => undefined);
  return { jobId: job.id, ended };

  async function write(): Promise<WrittenFile[]> {
    try {
      const running = runExport(exporter, clip, request.options, destination, job.signal);
      for (;;) {
        const step = await running.next();
        if (step.done) {
          workspace.exports.add(job.id, step.value);
          job.finish(undefined, workspace.exports.listed(job.id, step.value));
          return step.value;
        }
        job.advance('write', step.value.done, step.value.total);
      }
    } catch (error) {
      job.finish(error);
      if (isCancelled(error)) return [];
      throw error;
    }
  }
}
