import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { AppError } from '#core/errors';
import { exportTracks } from '#engine/pipeline/exchangeTracks';
import { importPeople } from '#engine/pipeline/importVibeOutput';
import type { ProjectSession } from '#engine/project/projectSession';
import { findTrackFormat, trackFormats } from '#engine/tracking/formats/registry';
import type { Workspace } from '#engine/workspace';
import { type Command, type CommandCall, textOption } from '../command';
import { openWorkspace } from '../openWorkspace';
import { formatBytes } from '../reporter';

const USAGE = 'tracks export|import VIDEO|PROJECT --format NAME --out FILE | --from FILE';

interface TracksCall {
  verb: 'export' | 'import';
  path: string;
  format: string;
  file: string;
}

function readCall({ positionals, values }: CommandCall): TracksCall {
  const [verb, path] = positionals;
  if ((verb !== 'export' && verb !== 'import') || path === undefined || path === '') {
    throw new AppError('INVALID_ARGUMENT', `What to do and a video or project are needed: retake ${USAGE}.`);
  }
  const format = findTrackFormat(textOption(values, 'format') ?? '').id;
  const name = verb === 'export' ? 'out' : 'from';
  const file = textOption(values, name);
  if (file === undefined || file === '') {
    throw new AppError(
      'INVALID_ARGUMENT',
      `A file is needed: retake tracks ${verb} ${path} --format ${format} --${name} FILE.`,
    );
  }
  return { verb, path: resolve(path), format, file: resolve(file) };
}

/** A project's folder, or a video: then the project beside it that `retake run` made, else that of the app. */
function openProject(workspace: Workspace, path: string, signal: AbortSignal): Promise<ProjectSession> {
  const isProject = statSync(path, { throwIfNoEntry: false })?.isDirectory() && existsSync(join(path, 'project.json'));
  return isProject ? workspace.openProjectFolder(path, signal) : workspace.openVideo(path, {}, signal);
}

function checkFolder(file: string): void {
  if (existsSync(dirname(file))) return;
  throw new AppError('NOT_FOUND', `There is no folder ${dirname(file)}.`, { hint: 'Make it first.' });
}

/** `retake tracks export|import`: boxes in the formats of other programs. */
export const tracksCommand: Command = {
  name: 'tracks',
  usage: USAGE,
  summary: 'Hand boxes over to other programs, or take theirs',
  mostPositionals: 2,
  options: {
    format: { type: 'string', placeholder: 'NAME', help: `One of ${trackFormats.map(({ id }) => id).join(', ')}` },
    out: { type: 'string', placeholder: 'FILE', help: 'Where to write (export)' },
    from: { type: 'string', placeholder: 'FILE', help: 'What to read (import)' },
  },
  async run(call) {
    const { verb, path, format, file } = readCall(call);
    if (verb === 'export') checkFolder(file);
    const { workspace, dispose } = openWorkspace();
    try {
      const session = await openProject(workspace, path, call.signal);
      if (verb === 'import') {
        const people = await importPeople(session, format, file);
        const text = people === 1 ? '1 person imported' : `${people} people imported`;
        call.reporter.result(text, { people, project: session.parts.folder.root });
        return;
      }
      const { bytes, losses } = exportTracks(session, format, file);
      for (const loss of losses) call.reporter.note(loss);
      call.reporter.result(`${file} (${formatBytes(bytes)})`, { file, bytes, losses });
    } finally {
      await dispose();
    }
  },
};
