import { existsSync } from 'node:fs';
import { AppError } from '#core/errors';
import { factsAt } from '#engine/project/factsAt';
import { makeDataFolder } from '#engine/project/makeFolders';
import { findInstallation, findRoot } from '#host/installation';
import { type Command, textOption } from '../command';
import { portOf, runServe, type ServeCall } from '../../serve/runServe';

function requireFolder(path: string, option: string): void {
  if (factsAt(path)?.isDirectory()) return;
  throw new AppError('NOT_FOUND', `${option} needs a folder, and ${path} is none.`, { hint: 'Check the path.' });
}

/** `retake serve`: the app in a browser against this computer. */
export const serveCommand: Command = {
  name: 'serve',
  usage: 'serve',
  summary: 'Serve the app to a browser on this computer',
  options: {
    root: {
      type: 'string',
      multiple: true,
      placeholder: 'FOLDER',
      help: 'Folder whose videos may be opened (repeatable)',
    },
    listen: { type: 'string', placeholder: 'ADDRESS', help: 'Address to bind, 127.0.0.1 by default' },
    port: { type: 'string', placeholder: 'PORT', help: 'Port, a free one by default' },
    data: { type: 'string', placeholder: 'FOLDER', help: 'Folder for projects and uploads' },
  },
  async run({ values, reporter }) {
    const port = portOf(textOption(values, 'port') ?? '0');
    const roots = Array.isArray(values['root']) ? values['root'].map(String) : [];
    for (const root of roots) requireFolder(root, '--root');
    const data = textOption(values, 'data');
    if (data !== undefined && existsSync(data)) requireFolder(data, '--data');
    // An engine that cannot start is started again and again: it is said before.
    makeDataFolder(findInstallation(findRoot(import.meta.dirname), data).configuration.dataFolder);
    const listen = textOption(values, 'listen') ?? '127.0.0.1';
    const announce: ServeCall['announce'] = (text, addresses) => reporter.result(text, addresses);
    await runServe({ roots, listen, port, ...(data ? { data } : {}), announce });
    await new Promise(() => undefined);
  },
};
