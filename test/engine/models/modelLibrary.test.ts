import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ModelsEvent } from '#core/protocol/modelMessages';
import type { ComputeLanes } from '#engine/compute/lanes';
import { ModelLibrary } from '#engine/models/modelLibrary';
import { type ImportRequest, importModels } from '#engine/weights/importing/importModels';
import { ImportBench } from './importing';

let bench: ImportBench;
let library: ModelLibrary;
let events: ModelsEvent[];
let renewed: number;
/** Called in the import's thread before it begins. */
let before: (request: ImportRequest, signal: AbortSignal) => Promise<void>;

/** Lanes whose extra thread imports in this one. */
function lanes(): ComputeLanes {
  const thread = {
    async run(_task: string, request: ImportRequest, signal: AbortSignal, onProgress: (share: number) => void) {
      await before(request, signal);
      return importModels(request, signal, onProgress);
    },
    stop: () => Promise.resolve(),
  };
  return { extraThread: () => thread, renewNetworks: () => renewed++ } as unknown as ComputeLanes;
}

beforeEach(() => {
  bench = new ImportBench();
  renewed = 0;
  events = [];
  before = () => Promise.resolve();
  const { folder } = bench;
  library = new ModelLibrary(
    {
      modelsFolder: folder,
      userModelsFolder: bench.store.folder,
      uploadsFolder: join(folder, 'uploads'),
      defaultBodyFile: join(folder, 'body.bin'),
    },
    lanes(),
  );
  library.events.subscribe((event) => events.push(event));
});

const jobStates = () => events.flatMap((event) => (event.type === 'import' ? [event.job.state] : []));

describe('an import as a job', () => {
  it('tells its progress, its report and the new models, and has the networks loaded anew', async () => {
    const { ended } = library.launchImport([bench.fixture('smpl_mean_params.npz')]);
    const { lines } = await ended;
    expect(lines.map(({ state }) => state)).toEqual(['installed']);
    expect(jobStates().at(0)).toBe('running');
    expect(jobStates().at(-1)).toBe('done');
    const last = events.findLast((event) => event.type === 'import');
    expect(last?.report).toEqual(lines);
    const slots = (await library.list()).sets.flatMap((set) => set.slots);
    expect(slots.find(({ kind }) => kind === 'mean-parameters')?.parts[0]).toMatchObject({ inUse: true });
    expect(renewed).toBe(1);
    expect((await library.state()).map(({ type }) => type)).toEqual(['models', 'import']);
  });

  it('fails with the sentence of the file when nothing was of use, and with its lines all the same', async () => {
    const { ended } = library.launchImport([bench.file('SMPL_NEUTRAL.pkl', '<!doctype html>')]);
    const { lines } = await ended;
    expect(lines).toHaveLength(1);
    const last = events.findLast((event) => event.type === 'import');
    expect(last?.job.state).toBe('failed');
    expect(last?.job.problem?.message).toContain('web page');
  });

  it('is one at a time, and can be cancelled: nothing is left, also of the upload', async () => {
    const upload = join(bench.folder, 'uploads', 'a1', 'SMPL_NEUTRAL.pkl');
    mkdirSync(join(upload, '..'), { recursive: true });
    writeFileSync(upload, 'x');
    before = (_request, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
    const { jobId, ended } = library.launchImport([upload]);
    expect(() => library.startImport([upload])).toThrow(/going on/);
    library.findJob(jobId)?.controller.abort();
    await expect(ended).rejects.toMatchObject({ name: 'AbortError' });
    expect(jobStates().at(-1)).toBe('cancelled');
    expect(existsSync(join(upload, '..'))).toBe(false);
    expect(bench.contents()).toEqual([]);
    expect(library.findJob(jobId)).toBeUndefined();
  });

  it('deletes uploads once they are imported, and nothing else', async () => {
    const own = bench.fixture('smpl_mean_params.npz');
    const upload = join(bench.folder, 'uploads', 'a1', 'notes.txt');
    mkdirSync(join(upload, '..'), { recursive: true });
    writeFileSync(upload, 'notes');
    await library.launchImport([own, upload]).ended;
    expect([existsSync(own), existsSync(join(upload, '..')), existsSync(join(bench.folder, 'uploads'))]).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('fails with a sentence when it cannot write, and leaves earlier models as they were', async () => {
    await library.launchImport([bench.fixture('smpl_mean_params.npz')]).ended;
    const earlier = bench.contents();
    // The work folder cannot take what is written into it.
    before = (request) => {
      writeFileSync(request.workFolder, 'in the way');
      return Promise.resolve();
    };
    const failing = library.launchImport([bench.fixture('smpl_tiny_py2_proto2.pkl', 'SMPL_NEUTRAL.pkl')]);
    await expect(failing.ended).rejects.toMatchObject({ message: expect.stringMatching(/^Writing the import failed/) });
    expect(jobStates().at(-1)).toBe('failed');
    expect(bench.contents()).toEqual(earlier);
  });
});

it('removing and bringing back is told to every page', async () => {
  const { lines } = await library.launchImport([bench.fixture('smpl_mean_params.npz')]).ended;
  const id = lines[0]?.parts[0] ?? '';
  const shown = () => {
    const last = events.findLast((event) => event.type === 'models');
    return last?.models.sets.flatMap((set) => set.slots.flatMap((slot) => slot.parts.map((part) => part.id)));
  };
  await library.remove(id);
  expect(shown()).toEqual([]);
  await library.restore(id);
  expect(shown()).toEqual([id]);
});
