import { existsSync, lstatSync, type Stats } from 'node:fs';
import { dirname, join, parse, resolve } from 'node:path';
import { AppError } from '#core/errors';
import { exportTracks } from '#engine/pipeline/exchangeTracks';
import { importPeople } from '#engine/pipeline/importVibeOutput';
import { resolveBaseName } from '#engine/export/exportTarget';
import type { IfExists } from '#engine/export/placing';
import { factsAt } from '#engine/project/factsAt';
import type { ProjectSession } from '#engine/project/projectSession';
import { findTrackFormat, trackFormats } from '#engine/tracking/formats/registry';
import type { Workspace } from '#engine/workspace';
import { type Command, type CommandCall, textOption } from '../command';
import { openWorkspace } from '../openWorkspace';
import { formatBytes } from '../reporter';
import { ifExistsOf } from './runOptions';

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
  const isProject = factsAt(path)?.isDirectory() && existsSync(join(path, 'project.json'));
  return isProject ? workspace.openProjectFolder(path, signal) : workspace.openVideo(path, {}, signal);
}

/** What a name stands for, a link for itself. @throws AppError INVALID_ARGUMENT for a name that no file can have */
function standsAt(file: string): Stats | undefined {
  try {
    return lstatSync(file, { throwIfNoEntry: false });
  } catch (error) {
    throw new AppError('INVALID_ARGUMENT', `A file cannot be made at ${file}.`, {
      hint: 'Choose another name.',
      cause: error,
    });
  }
}

/** Where to write: `file` itself, or a name beside it that is free. @throws AppError NOT_FOUND, INVALID_ARGUMENT, FILE_EXISTS */
async function placeOf(file: string, ifExists: IfExists): Promise<string> {
  const folder = dirname(file);
  if (!factsAt(folder)?.isDirectory()) {
    throw new AppError('NOT_FOUND', `There is no folder ${folder}.`, { hint: 'Make it first.' });
  }
  const there = standsAt(file);
  if (there && !there.isFile()) {
    throw new AppError('INVALID_ARGUMENT', `${file} is there already and is no file.`, {
      hint: 'Choose another name.',
    });
  }
  const { name, ext } = parse(file);
  return join(folder, `${await resolveBaseName(folder, name, ifExists, (base) => [base + ext])}${ext}`);
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
    'if-exists': {
      type: 'string',
      placeholder: 'fail|rename|overwrite',
      help: 'What to do with a file that is there already (export)',
    },
  },
  async run(call) {
    const { verb, path, format, file: named } = readCall(call);
    const file = verb === 'export' ? await placeOf(named, ifExistsOf(call.values)) : named;
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
