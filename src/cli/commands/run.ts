import { readFileSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { AppError } from '#core/errors';
import type { ExportRequest } from '#core/protocol/messages';
import { launchExport } from '#engine/pipeline/exportProject';
import { launchRun } from '#engine/pipeline/startRun';
import type { ProjectSession } from '#engine/project/projectSession';
import { findExporter } from '#engine/export/registry';
import { readMotFile } from '#engine/tracking/motFile';
import type { Workspace } from '#engine/workspace';
import { type Command, type CommandCall, type OptionValues, textOption } from '../command';
import { openWorkspace } from '../openWorkspace';

/** `--set fbx.target=unreal` into options by exporter. */
function exporterOptions(values: OptionValues): Map<string, Record<string, unknown>> {
  const options = new Map<string, Record<string, unknown>>();
  for (const setting of Array.isArray(values['set']) ? values['set'].map(String) : []) {
    const match = /^([\w-]+)\.([\w-]+)=(.*)$/.exec(setting);
    if (!match) {
      throw new AppError('INVALID_ARGUMENT', `The setting "${setting}" is not of the form FORMAT.OPTION=VALUE.`);
    }
    const [, exporter = '', name = '', text = ''] = match;
    const value =
      text === 'true'
        ? true
        : text === 'false'
          ? false
          : text !== '' && !Number.isNaN(Number(text))
            ? Number(text)
            : text;
    options.set(exporter, { ...options.get(exporter), [name]: value });
  }
  return options;
}

function formatsOf(values: OptionValues): string[] {
  const text = textOption(values, 'export') ?? '';
  const ids = text
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
  for (const id of ids) findExporter(id);
  return ids;
}

function ifExistsOf(values: OptionValues): ExportRequest['ifExists'] {
  const text = textOption(values, 'if-exists') ?? 'fail';
  if (text === 'fail' || text === 'rename' || text === 'overwrite') return text;
  throw new AppError('INVALID_ARGUMENT', `--if-exists takes fail, rename or overwrite, not "${text}".`);
}

async function openProject(
  workspace: Workspace,
  path: string,
  out: string,
  call: CommandCall,
): Promise<ProjectSession> {
  const boxes = textOption(call.values, 'boxes');
  const givenTracks = boxes === undefined ? undefined : readMotFile(readFileSync(boxes, 'utf8'));
  const session = await workspace.openVideo(
    resolve(path),
    { projectsFolder: out, ...(givenTracks ? { givenTracks } : {}) },
    call.signal,
  );
  if (session.parts.readOnly) throw new AppError('PROJECT_LOCKED', session.parts.readOnly.message);
  const quality = textOption(call.values, 'quality');
  if (quality !== undefined) session.setRunSettings({ ...session.document.settings, quality });
  return session;
}

function peopleFound(session: ProjectSession): number {
  return session.document.people.filter((person) => !person.foldedBecause && session.motion.get(person.id)).length;
}

/** `retake run VIDEO`: the whole loop without a window. */
export const runCommand: Command = {
  name: 'run',
  usage: 'run VIDEO --out FOLDER [--export fbx,obj,glb,joints]',
  summary: 'Find people, fit bodies and export',
  options: {
    out: { type: 'string', placeholder: 'FOLDER', help: 'Where the project and the exports go; needed' },
    export: { type: 'string', placeholder: 'LIST', help: 'Formats to write, for example fbx,obj,glb,joints' },
    set: {
      type: 'string',
      multiple: true,
      placeholder: 'FORMAT.OPTION=VALUE',
      help: 'Option of a format (repeatable)',
    },
    boxes: { type: 'string', placeholder: 'FILE.mot', help: 'Boxes to use instead of detection (MOTChallenge csv)' },
    quality: { type: 'string', placeholder: 'best|fast', help: 'Quality of the pose network' },
    'if-exists': {
      type: 'string',
      placeholder: 'fail|rename|overwrite',
      help: 'What to do with an export that is there already',
    },
  },
  async run(call) {
    const [path] = call.positionals;
    const outOption = textOption(call.values, 'out');
    if (path === undefined || outOption === undefined) {
      throw new AppError('INVALID_ARGUMENT', 'A video and a folder are needed: retake run VIDEO --out FOLDER.');
    }
    const formats = formatsOf(call.values);
    const options = exporterOptions(call.values);
    const ifExists = ifExistsOf(call.values);
    const out = resolve(outOption);
    const { workspace, dispose } = openWorkspace();
    try {
      const session = await openProject(workspace, path, out, call);
      session.events.subscribe((event) => {
        if (event.type === 'job') call.reporter.progress(event.job);
      });
      const cancel = () => session.jobList().forEach((job) => workspace.findJob(job.id)?.controller.abort());
      call.signal.addEventListener('abort', cancel, { once: true });
      await launchRun(session, { scope: 'missing' }).ended;
      call.signal.throwIfAborted();
      const people = peopleFound(session);
      if (people === 0) {
        throw new AppError('NO_PEOPLE', 'Nobody was found in this video.', {
          hint: 'Give boxes with --boxes, or draw them in the app.',
        });
      }
      const { frameCount } = session.parts.media;
      call.reporter.result(`${people === 1 ? '1 person' : `${people} people`} in ${frameCount} frames`, {
        people,
        frameCount,
      });
      const baseName = basename(path, extname(path)) || 'video';
      for (const exporter of formats) {
        const request = { projectId: session.id, exporter, options: options.get(exporter) ?? {}, people: [], ifExists };
        const { ended } = await launchExport(workspace, session, request, { folder: out, baseName });
        for (const file of (await ended).slice(0, 20)) {
          call.reporter.result(`  ${file.path} (${file.bytes} bytes)`, { file: file.path, bytes: file.bytes });
        }
        call.signal.throwIfAborted();
      }
    } finally {
      await dispose();
    }
  },
};
