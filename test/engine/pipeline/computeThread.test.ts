import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { ComputeThread } from '#engine/compute/computeThread';
import type { ComputeTasks } from '#engine/compute/task';
import { scratchFolder } from '../project/projects';

const configuration = { modelsFolder: '', userModelsFolder: '', defaultBodyFile: '', networkThreads: 1 };
const detect = (frameIndex: number): ComputeTasks['detect']['input'] => ({
  detector: 'd',
  effort: 'quick',
  frame: { frameIndex, width: 1, height: 1, data: new Uint8Array(3), scale: 1 },
});

/** A thread that answers by frame index: 0 at once, 1 with an error, 2 never, 3 by dying, 4 after 300 ms, 5 blocks for 300 ms. */
const ANSWERS = `
  import { writeFileSync } from 'node:fs';
  import { parentPort } from 'node:worker_threads';
  parentPort.on('message', ({ type, id, input }) => {
    if (type === 'stop') return parentPort.close();
    if (type === 'cancel') return parentPort.postMessage({ type: 'done', id, output: 'too late' });
    const done = () => parentPort.postMessage({ type: 'done', id, output: [] });
    const { frameIndex } = input.frame;
    if (frameIndex === 0) { parentPort.postMessage({ type: 'progress', id, share: 0.5 }); done(); }
    if (frameIndex === 1) parentPort.postMessage({ type: 'failed', id, error: { code: 'MODEL_MISSING', message: 'm', hint: 'h' } });
    if (frameIndex === 3) process.exit(1);
    if (frameIndex === 4) setTimeout(done, 300);
    if (frameIndex === 5) {
      for (const end = Date.now() + 300; Date.now() < end; );
      writeFileSync(new URL('returned', import.meta.url), '');
    }
  });`;

function answering(folder = scratchFolder()): ComputeThread {
  const entry = join(folder, 'thread.mjs');
  writeFileSync(entry, ANSWERS);
  const thread = new ComputeThread(entry, configuration);
  onTestFinished(() => thread.stop());
  return thread;
}

it('passes answers, progress and errors on', async () => {
  const thread = answering();
  const shares: number[] = [];
  expect(await thread.run('detect', detect(0), undefined, (share) => shares.push(share))).toEqual([]);
  expect(shares).toEqual([0.5]);
  await expect(thread.run('detect', detect(1))).rejects.toMatchObject({ code: 'MODEL_MISSING', hint: 'h' });
  expect(thread.load).toBe(0);
});

it('rejects at once when it is cancelled, and takes no late answer for another', async () => {
  const thread = answering();
  const controller = new AbortController();
  const waiting = thread.run('detect', detect(2), controller.signal);
  controller.abort();
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  expect(await thread.run('detect', detect(0))).toEqual([]);
  await expect(thread.run('detect', detect(0), controller.signal)).rejects.toMatchObject({ name: 'AbortError' });
});

it('fails what waits when the thread dies, and starts another', async () => {
  const thread = answering();
  const failing = [2, 3].map((frameIndex) =>
    expect(thread.run('detect', detect(frameIndex))).rejects.toMatchObject({ code: 'ENGINE_STOPPED' }),
  );
  await Promise.all(failing);
  expect(await thread.run('detect', detect(0))).toEqual([]);
});

it('counts what waits as cancelled when it is stopped, and begins nothing after that', async () => {
  const thread = answering();
  const waiting = expect(thread.run('detect', detect(2))).rejects.toMatchObject({ code: 'CANCELLED' });
  await thread.stop();
  await waiting;
  await expect(thread.run('detect', detect(0))).rejects.toMatchObject({ code: 'CANCELLED' });
});

it('lets the call under way return when it is stopped', async () => {
  const folder = scratchFolder();
  const thread = answering(folder);
  expect(await thread.run('detect', detect(0))).toEqual([]);
  const waiting = expect(thread.run('detect', detect(5))).rejects.toMatchObject({ code: 'CANCELLED' });
  await thread.stop();
  await waiting;
  expect(existsSync(join(folder, 'returned'))).toBe(true);
});

it('cannot be asked what cannot be sent', async () => {
  const thread = answering();
  const bad = { ...detect(0), detector: (() => 'x') as unknown as string };
  await expect(thread.run('detect', bad)).rejects.toThrow(/could not be cloned/);
  expect(thread.load).toBe(0);
});

it('keeps a process alive while an answer is awaited, and lets it end after that', () => {
  const folder = scratchFolder();
  const entry = join(folder, 'thread.mjs');
  writeFileSync(entry, ANSWERS);
  const source = new URL('../../../src/engine/compute/computeThread.ts', import.meta.url).href;
  const program = `
    const { ComputeThread } = await import(${JSON.stringify(source)});
    const thread = new ComputeThread(${JSON.stringify(entry)}, ${JSON.stringify(configuration)});
    await thread.run('detect', { frame: { frameIndex: 0 } });
    await new Promise((resolve) => setTimeout(resolve, 100));
    thread.run('detect', { frame: { frameIndex: 4 } }).then(() => console.log('answered'));`;
  const main = join(folder, 'main.mjs');
  writeFileSync(main, program);
  const ended = spawnSync(process.execPath, ['--import', 'tsx', main], { encoding: 'utf8', timeout: 20_000 });
  expect([ended.stderr, ended.status, ended.stdout.trim()]).toEqual(['', 0, 'answered']);
});
