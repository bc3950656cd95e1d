import { join } from 'node:path';
import { Workspace } from '#engine/workspace';
import { projectFolder } from '#engine/project/projectFolder';
import { KilledData } from './killedData';
import type { Counts } from './killing';
import { halfFiles, projectIn } from './killingEngines';
import { configurationOf } from './life';
import { brokenExports } from './placedExports';
import { startGroup } from './processGroup';
import type { Programs } from './programs';
import { roundOfKills } from './roundOfKills';
import { workInPage } from './pageWork';

/** Longest time that a page works, ms. */
const LATEST_MS = 3_000;
/** Kills after which the data folder is a new one, so that journals stay short enough never to be cut. */
const KILLS_OF_ONE = 6;

/**
 * Kills the real `retake serve` with its threads and children, `kills` times, while a page edits, runs, keeps, imports and
 * exports over its WebSocket. Everything that the page was told must be there when the project is opened again.
 */
export async function killServers(
  folder: string,
  programs: Programs,
  { kills, seed }: { kills: number; seed: number },
): Promise<Counts> {
  const { counts, next, born, wrong } = await roundOfKills('serve', folder, programs, seed);
  const data = new KilledData(counts, wrong);
  for (let round = 0; counts.kills < kills; round++) {
    const place = join(folder, `data-${Math.floor(round / KILLS_OF_ONE)}`);
    if (round % KILLS_OF_ONE === 0) data.forget();
    const configuration = configurationOf({ ...born, act: 'everything', seed, data: place });
    const args = [programs.cli, 'serve', '--root', folder, '--data', place];
    const server = startGroup(args, { RETAKE_MODELS: configuration.modelsFolder });
    const told = await workInPage(server, born, next, LATEST_MS * next());
    const { wasKilled, output } = await server.ended;
    if (!wasKilled) throw new Error(`the server ended by itself: ${output}`);
    counts.kills += 1;
    data.hear(told, false);
    data.root = projectIn(place);
    if (data.root === undefined) continue;
    data.compareEdits(told);
    const workspace = new Workspace(configuration);
    try {
      const session = await workspace.openProjectFolder(data.root);
      data.compareOpened(session, told);
      data.compareFiles(workspace, session);
      for (const name of halfFiles(place)) wrong(`${name} was left`);
      for (const what of brokenExports(projectFolder(data.root).exports)) wrong(what);
    } finally {
      await workspace.stop();
    }
  }
  return counts;
}
