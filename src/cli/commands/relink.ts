import { resolve } from 'node:path';
import { AppError } from '#core/errors';
import type { Command } from '../command';
import { openWorkspace } from '../openWorkspace';

/** `retake relink PROJECT VIDEO`: tells a project where its video is now. */
export const relinkCommand: Command = {
  name: 'relink',
  usage: 'relink PROJECT VIDEO',
  summary: 'Tell a project where its video is now; another video is refused',
  mostPositionals: 2,
  options: {},
  async run({ positionals, reporter, signal }) {
    const [project, video] = positionals;
    if (project === undefined || video === undefined) {
      throw new AppError('INVALID_ARGUMENT', 'A project and its video are needed: retake relink PROJECT VIDEO.');
    }
    const { workspace, dispose } = openWorkspace();
    try {
      const { parts } = await workspace.openProjectFolder(resolve(project), signal, resolve(video));
      if (parts.readOnly) throw new AppError('READ_ONLY', parts.readOnly.message, { hint: parts.readOnly.hint ?? '' });
      const { path } = parts.media;
      reporter.result(`The project now uses ${path}`, { project: parts.folder.root, video: path });
    } finally {
      await dispose();
    }
  },
};
