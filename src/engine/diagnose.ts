import { existsSync } from 'node:fs';
import { toPlainError } from '#core/errors';
import type { Diagnostic } from '#core/protocol/messages';
import { models } from './weights/models';
import { ModelStore } from './weights/modelStore';
import type { Workspace } from './workspace';

/** What this installation can do and what it lacks: for `retake doctor`, the start page and the diagnostics page. */
export async function diagnose(workspace: Workspace): Promise<Diagnostic[]> {
  const { configuration } = workspace;
  return [
    await ready('ffmpeg', 'Video decoder', async () => {
      const { version, path } = await workspace.ffmpeg();
      return `ffmpeg ${version}, ${path}`;
    }),
    ...(await Promise.all(
      models.map(({ id, title, licence }) =>
        ready(id, title, async () => {
          await new ModelStore(configuration.modelsFolder).resolve(id);
          return licence;
        }),
      ),
    )),
    await ready('body', 'Default body', async () => {
      await workspace.bodies.default();
      return 'CC0 1.0';
    }),
    sampleLine(configuration.sampleFile),
  ];
}

function sampleLine(sampleFile: string | undefined): Diagnostic {
  const isThere = sampleFile !== undefined && existsSync(sampleFile);
  return {
    id: 'sample',
    title: 'Sample clip',
    state: isThere ? 'ready' : 'note',
    detail: isThere ? 'CC0 1.0' : 'Not installed',
  };
}

async function ready(id: string, title: string, look: () => Promise<string>): Promise<Diagnostic> {
  try {
    return { id, title, state: 'ready', detail: await look() };
  } catch (error) {
    const { message, hint } = toPlainError(error);
    return { id, title, state: 'missing', detail: message, ...(hint === undefined ? {} : { hint }) };
  }
}
