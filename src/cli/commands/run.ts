import { basename, extname, resolve } from 'node:path';
import { AppError } from '#core/errors';
import type { RunSettings } from '#core/document/schema';
import type { Span } from '#core/frames/span';
import { findEstimator } from '#engine/estimation/registry';
import { launchExport } from '#engine/pipeline/exportProject';
import { importPeople } from '#engine/pipeline/importVibeOutput';
import { launchRun } from '#engine/pipeline/startRun';
import { removeEmptyProject } from '#engine/project/emptyProject';
import type { ProjectSession } from '#engine/project/projectSession';
import type { WrittenFile } from '#engine/export/exportTarget';
import type { Workspace } from '#engine/workspace';
import { checkVideoPath } from '#engine/video/probe';
import { type Command, type CommandCall, textOption } from '../command';
import { openWorkspace } from '../openWorkspace';
import { formatBytes, type Reporter } from '../reporter';
import {
  boxesText,
  checkFrames,
  formatsOf,
  framesOf,
  ifExistsOf,
  makeOutFolder,
  removeEmptyFolders,
  RUN_OPTIONS,
  tracksFor,
} from './runOptions';
import { type ChosenOptions, chosenOptions } from './runSettings';

/** More files than this of one export are told as a sum. */
const MOST_LISTED = 8;

/** A call of `retake run` with everything checked that can be checked before the video is opened. */
interface RunCall {
  path: string;
  out: string;
  formats: string[];
  chosen: ChosenOptions;
  ifExists: ReturnType<typeof ifExistsOf>;
  frames: Span | undefined;
  boxes: string | undefined;
  /** The original sees given boxes and no others: gaps are not bridged. */
  matchesVibe: boolean;
  /** A VIBE result whose bodies are taken instead of computing any. */
  result: string | undefined;
}

function readCall({ positionals, values }: CommandCall): RunCall {
  const [path] = positionals;
  const out = textOption(values, 'out');
  if (path === undefined || path === '' || out === undefined || out === '') {
    throw new AppError('INVALID_ARGUMENT', 'A video and a folder are needed: retake run VIDEO --out FOLDER.');
  }
  checkVideoPath(path);
  const formats = formatsOf(values);
  return {
    path,
    out: resolve(out),
    formats,
    chosen: chosenOptions(values, formats),
    ifExists: ifExistsOf(values),
    frames: framesOf(values),
    boxes: boxesText(values),
    matchesVibe: values['match-vibe'] === true,
    result: textOption(values, 'result'),
  };
}

async function openProject(
  workspace: Workspace,
  run: RunCall,
  signal: AbortSignal,
  onMade: (root: string) => void,
): Promise<ProjectSession> {
  const { boxes, chosen } = run;
  const session = await workspace.openVideo(
    resolve(run.path),
    {
      projectsFolder: run.out,
      onMade,
      ...(boxes === undefined ? {} : { givenTracks: (media) => tracksFor(boxes, media, !run.matchesVibe) }),
    },
    signal,
  );
  signal.throwIfAborted();
  const { readOnly } = session.parts;
  if (readOnly) throw new AppError('PROJECT_LOCKED', readOnly.message, { hint: readOnly.hint ?? 'Close it there.' });
  const settings = { ...session.document.settings, ...chosen.settings };
  // Before they are kept: a call that cannot run leaves the settings of the project as they were.
  if (run.result === undefined) {
    workspace.requireModels(settings);
    await checkBody(workspace, settings, chosen.settings.bodyModel);
  }
  session.setRunSettings(settings);
  if (run.result === undefined) await session.loadBody();
  return session;
}

/** @throws AppError INVALID_ARGUMENT for a body where the estimator takes none, and as choosing it */
async function checkBody(workspace: Workspace, settings: RunSettings, asked: string | undefined): Promise<void> {
  if (asked === undefined) return;
  const { title, bodyFamily } = findEstimator(settings.estimator);
  if (bodyFamily !== 'smpl') {
    throw new AppError('INVALID_ARGUMENT', `--body is nothing that ${title} takes: it moves the default body.`, {
      hint: 'Add --estimator vibe, or leave it out.',
    });
  }
  await workspace.bodies.choose(bodyFamily, asked);
}

function peopleFound(session: ProjectSession): number {
  return session.document.people.filter((person) => !person.foldedBecause && session.motion.get(person.id)).length;
}

/** True when an earlier call of this kind brought the bodies already. */
function holdsResult(session: ProjectSession): boolean {
  return session.document.settings.estimator === 'vibe-output' && peopleFound(session) > 0;
}

/** Waits for a job; an abort of `signal`, also one that came before, ends it. @throws what the job failed with */
async function followed<Result>(
  session: ProjectSession,
  { jobId, ended }: { jobId: string; ended: Promise<Result> },
  signal: AbortSignal,
): Promise<Result> {
  const cancel = () => session.findJob(jobId)?.controller.abort();
  if (signal.aborted) cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const result = await ended;
    signal.throwIfAborted();
    return result;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

function reportFiles(reporter: Reporter, exporter: string, files: readonly WrittenFile[], out: string): void {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  if (files.length > MOST_LISTED) {
    const text = `  ${files.length} files of ${exporter} in ${out} (${formatBytes(bytes)})`;
    reporter.result(text, { exporter, folder: out, files: files.map((file) => file.path), bytes });
    return;
  }
  for (const file of files) {
    const data = { exporter, file: file.path, bytes: file.bytes };
    reporter.result(`  ${file.path} (${formatBytes(file.bytes)})`, data);
  }
}

async function computeAndExport(workspace: Workspace, session: ProjectSession, run: RunCall, call: CommandCall) {
  const { reporter, signal } = call;
  const { frameCount } = session.parts.media;
  const span = checkFrames(run.frames, frameCount);
  for (const warning of session.parts.media.warnings) reporter.note(warning);
  session.events.subscribe((event) => {
    if (event.type === 'job') reporter.progress(event.job);
    if (event.type === 'notice') reporter.note(event.problem.message);
  });
  if (run.result === undefined) await followed(session, launchRun(session, { scope: 'missing' }), signal);
  else if (!holdsResult(session)) await importPeople(session, 'vibe-output', run.result);
  const people = peopleFound(session);
  if (people === 0) {
    throw new AppError('NO_PEOPLE', `Nobody was found in the ${frameCount} frames of this video.`, {
      hint: 'Give boxes with --boxes, or draw them in the app.',
    });
  }
  const frames = frameCount === 1 ? '1 frame' : `${frameCount} frames`;
  reporter.result(`${people === 1 ? '1 person' : `${people} people`} in ${frames}`, {
    people,
    frameCount,
    project: session.parts.folder.root,
  });
  const place = { folder: run.out, baseName: basename(run.path, extname(run.path)) || 'video' };
  for (const exporter of run.formats) {
    const request = {
      projectId: session.id,
      exporter,
      options: run.chosen.formats.get(exporter) ?? {},
      people: [],
      ifExists: run.ifExists,
      ...(span ? { span } : {}),
    };
    const job = await launchExport(workspace, session, request, place);
    reportFiles(reporter, exporter, await followed(session, job, signal), run.out);
  }
}

/** `retake run VIDEO`: the whole loop without a window. */
export const runCommand: Command = {
  name: 'run',
  usage: 'run VIDEO --out FOLDER [--export fbx,obj,glb,joints]',
  summary: 'Find people, fit bodies and export',
  mostPositionals: 1,
  options: RUN_OPTIONS,
  async run(call) {
    const run = readCall(call);
    const made = makeOutFolder(run.out);
    const { workspace, dispose } = openWorkspace();
    let project: string | undefined;
    try {
      const session = await openProject(workspace, run, call.signal, (root) => {
        project = root;
      });
      await computeAndExport(workspace, session, run, call);
      project = undefined;
    } catch (error) {
      // Where nobody was found, boxes may be drawn.
      if (error instanceof AppError && error.code === 'NO_PEOPLE') project = undefined;
      throw error;
    } finally {
      await dispose();
      // A call that came to nothing leaves nothing that was not asked for.
      if (project !== undefined) removeEmptyProject(project);
      removeEmptyFolders(made);
    }
  },
};
