import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSession } from '#engine/inference/sessions';
import { USER_NETWORKS } from '#engine/weights/userModels/partKinds';
import type { Workspace } from '#engine/workspace';
import { fullSizePair } from '../fixtures/vibe/fullSize';
import { type Measurement, secondsOf } from './measure';

/** Importing a full-size pair of checkpoints beside reading, hashing and writing the same bytes; and loading what came of it. */
export async function benchImport(workspace: Workspace): Promise<Measurement[]> {
  const { vibe, spin } = fullSizePair();
  const folder = mkdtempSync(join(tmpdir(), 'retake-bench-import-'));
  const copy = () => {
    for (const path of [vibe, spin]) {
      const bytes = readFileSync(path);
      createHash('sha256').update(bytes).digest('hex');
      writeFileSync(join(folder, 'copy'), bytes, { flush: true });
    }
    return Promise.resolve();
  };
  await copy();
  const copying = await secondsOf(copy);
  rmSync(folder, { recursive: true });
  const before = process.memoryUsage().rss;
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 50);
  const importing = await secondsOf(async () => void (await workspace.models.launchImport([vibe, spin]).ended));
  clearInterval(watch);
  const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;
  let loading = 0;
  for (const id of Object.keys(USER_NETWORKS)) {
    const { path } = workspace.models.store.resolve(id);
    loading += await secondsOf(async () => (await openSession(path, { threads: 1 })).dispose());
  }
  return [
    {
      title: 'Import of a full-size VIBE and SPIN checkpoint, 240 MB',
      ratio: importing / copying,
      meaning: 'times as long as reading, hashing and writing the same bytes; lower is better',
      detail: `import ${importing.toFixed(1)} s, copy ${copying.toFixed(1)} s, memory ${megabytes(before)} before, ${megabytes(peak)} at most`,
    },
    {
      title: 'Load of the four networks that came of it',
      ratio: loading / importing,
      meaning: 'of the time of the import; lower is better',
      detail: `${loading.toFixed(2)} s`,
    },
  ];
}
