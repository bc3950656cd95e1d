import { mkdtempSync, openSync, closeSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { estimateTheta } from '#engine/estimation/estimators/vibe/temporal';
import { CROP_LENGTH, writeCrop } from '#engine/estimation/estimators/vibe/crop';
import { openSession } from '#engine/inference/sessions';
import { encodeSplitModel } from '#engine/weights/onnx/encodeModel';
import type { OnnxGraph } from '#engine/weights/onnx/graph';
import { compileBackbone } from '#engine/weights/vibe/backbone';
import { compileRegressor } from '#engine/weights/vibe/regressor';
import { compileTemporalEncoder } from '#engine/weights/vibe/temporalEncoder';
import { ruleWeights } from '../fixtures/vibe/expected';
import { ruleMeanParameters } from '../fixtures/vibe/inputs';
import { ruleTensor } from '../fixtures/vibe/rule';
import { type Measurement, median, secondsOf } from './measure';
import { type Peer, startPeer } from './vibePeer';

const ROUNDS = Number(process.env['RETAKE_BENCH_ROUNDS'] ?? 5);
/** Crops that every layout looks at in a round. */
const CROPS = 8;
/** Batches that the peer is given: its better one counts. */
const PEER_BATCHES = [1, 8];
const FRAMES = 450;
const THREADS = Math.max(1, Math.min(2, cpus().length));
/** From the reference's table (baseline-pytorch, another machine, 2 threads, tuned allocator): for want of a peer. */
const TABLE = { cropsPerSecond: 12.3, framesPerSecond: 232 };

interface Layout {
  lanes: number;
  threads: number;
  batch: number;
}

const LAYOUTS: readonly Layout[] = [
  ...[1, 4, 8].map((batch) => ({ lanes: THREADS, threads: 1, batch })),
  ...(THREADS > 1 ? [1, 4, 8, 16].map((batch) => ({ lanes: 1, threads: THREADS, batch })) : []),
];

/** Writes a network as the import does and returns its path. */
function writeNetwork(folder: string, name: string, graph: OnnxGraph): string {
  const { model, weights } = encodeSplitModel(graph, `${name}.weights`);
  const path = join(folder, `${name}.onnx`);
  writeFileSync(path, model);
  const file = openSync(join(folder, `${name}.weights`), 'w');
  for (const run of weights) writeSync(file, run);
  closeSync(file);
  return path;
}

/** What {@link CROPS} crops took. */
interface Cost {
  seconds: number;
  /** Processor seconds of all threads: on a busy computer the steadier measure. */
  processor: number;
}

/** Time for {@link CROPS} crops in a layout, all lanes at once, and the first numbers of a feature. */
async function runLayout(workers: readonly Worker[], batch: number): Promise<Cost & { first: number[] }> {
  const runs = CROPS / workers.length / batch;
  const ready = workers.map((worker) => once(worker, 'message'));
  // A batch larger than a lane's share: whole runs, and the seconds scaled to the share.
  workers.forEach((worker) => worker.postMessage({ batch, runs: Math.max(1, Math.round(runs)) }));
  await Promise.all(ready);
  let first: number[] = [];
  const before = process.cpuUsage();
  const seconds = await secondsOf(async () => {
    const answers = await Promise.all(workers.map((worker) => once(worker, 'message')));
    first = answers[0]?.[0] as number[];
  });
  const used = process.cpuUsage(before);
  const scale = runs / Math.max(1, Math.round(runs));
  return { seconds: seconds * scale, processor: ((used.user + used.system) / 1e6) * scale, first };
}

const write = (layout: Layout): string =>
  `${layout.lanes} session${layout.lanes > 1 ? 's' : ''} x ${layout.threads} thread${layout.threads > 1 ? 's' : ''}, batch ${layout.batch}`;

async function benchBackbone(folder: string, peer: Peer | undefined): Promise<Measurement[]> {
  const model = writeNetwork(folder, 'backbone', compileBackbone(ruleWeights('backbone', 'hmr.')));
  // A thread does not inherit what runs TypeScript here.
  const entry = JSON.stringify(new URL('./vibeLane.ts', import.meta.url).href);
  const code = `import('tsx/esm/api').then(({ register }) => { register(); return import(${entry}); })`;
  const lane = (threads: number) => new Worker(code, { eval: true, workerData: { model, threads } });
  const narrow = Array.from({ length: THREADS }, () => lane(1));
  const wide = THREADS > 1 ? [lane(THREADS)] : [];
  const ours = LAYOUTS.map((): Cost[] => []);
  const theirs = PEER_BATCHES.map((): Cost[] => []);
  let apart = 0;
  // The first round warms up.
  for (let round = -1; round < ROUNDS; round++) {
    for (const [k, layout] of LAYOUTS.entries()) {
      const { first, ...cost } = await runLayout(layout.threads === 1 ? narrow : wide, layout.batch);
      if (round >= 0) ours[k]!.push(cost);
      else if (layout.batch === 1) apart = Math.max(apart, await difference(peer, first));
    }
    for (const [k, batch] of PEER_BATCHES.entries()) {
      const cost = { seconds: 0, processor: 0 };
      for (let done = 0; peer && done < CROPS; done += batch) {
        const answer = await peer.ask({ task: 'backbone', batch });
        cost.seconds += answer.seconds;
        cost.processor += answer.processor;
      }
      if (round >= 0) theirs[k]!.push(cost);
    }
  }
  await Promise.all([...narrow, ...wide].map((worker) => worker.terminate()));
  const rate = (costs: readonly Cost[]): string => (CROPS / median(costs.map(({ seconds }) => seconds))).toFixed(1);
  /** The peer's better batch of a round over ours, median of the rounds. */
  const ratioOf = (costs: readonly Cost[], what: keyof Cost): number =>
    median(costs.map((cost, round) => Math.min(...theirs.map((rounds) => rounds[round]![what])) / cost[what]));
  return LAYOUTS.map((layout, k) => {
    const costs = ours[k]!;
    const title = `VIBE backbone, ${write(layout)}`;
    if (peer === undefined) {
      const ratio = Number(rate(costs)) / TABLE.cropsPerSecond;
      const meaning = "times the reference's table for PyTorch on another machine, since no Python with torch is here";
      return { title, ratio, meaning, detail: `ours ${rate(costs)} crops a second, table ${TABLE.cropsPerSecond}` };
    }
    const peers = PEER_BATCHES.map((batch, n) => `${rate(theirs[n]!)} at batch ${batch}`).join(', ');
    return {
      title,
      ratio: ratioOf(costs, 'seconds'),
      meaning: `times PyTorch's better batch on ${THREADS} threads; by processor time ${ratioOf(costs, 'processor').toFixed(2)}`,
      detail: `ours ${rate(costs)} crops a second, PyTorch ${peers}; features at most ${apart.toExponential(1)} apart`,
    };
  });
}

/** How far the first numbers of the peer's feature are from ours. */
async function difference(peer: Peer | undefined, first: readonly number[]): Promise<number> {
  const answer = await peer?.ask({ task: 'backbone', batch: 1 });
  return Math.max(0, ...(answer?.first ?? []).map((value, k) => Math.abs(value - first[k]!)));
}

async function benchTemporal(folder: string, peer: Peer | undefined): Promise<Measurement> {
  const { graph, configuration } = compileTemporalEncoder(ruleWeights('encoder_released'));
  const encoder = await openSession(writeNetwork(folder, 'encoder', graph), { threads: 1 });
  const regressor = await openSession(writeNetwork(folder, 'regressor', compileRegressor(ruleWeights('regressor'))), {
    threads: 1,
  });
  const { pose, shape, cam } = ruleMeanParameters();
  const mean = { pose6d: pose, betas: Float32Array.from(shape), camera: cam };
  const features = ruleTensor('bench.features', [FRAMES, 2048], 0.5, 0.5);
  const track = { features, present: new Uint8Array(FRAMES).fill(1) };
  const ours: Cost[] = [];
  const theirs: Cost[] = [];
  const table = { seconds: FRAMES / TABLE.framesPerSecond, processor: Number.NaN };
  for (let round = -1; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    const seconds = await secondsOf(async () => {
      await estimateTheta(track, { encoder, build: configuration, regressor, mean }, { mode: 'match-vibe' });
    });
    const used = process.cpuUsage(before);
    const peers = (await peer?.ask({ task: 'temporal', frames: FRAMES })) ?? table;
    if (round < 0) continue;
    ours.push({ seconds, processor: (used.user + used.system) / 1e6 });
    theirs.push(peers);
  }
  await Promise.all([encoder.dispose(), regressor.dispose()]);
  const ratioOf = (what: keyof Cost): number => median(ours.map((cost, round) => theirs[round]![what] / cost[what]));
  const rate = (costs: readonly Cost[]): string => (FRAMES / median(costs.map(({ seconds }) => seconds))).toFixed(0);
  return {
    title: `VIBE encoder and regressor, ${FRAMES} frames, 1 thread`,
    ratio: ratioOf('seconds'),
    meaning: peer
      ? `times PyTorch's same stages on ${THREADS} threads; by processor time ${ratioOf('processor').toFixed(2)}`
      : "times the reference's table for PyTorch on another machine, which has SMPL in it",
    detail: `ours ${rate(ours)} frames a second, peer ${rate(theirs)}`,
  };
}

async function benchCrop(): Promise<Measurement> {
  const [width, height] = [1920, 1080];
  const picture = { data: new Uint8Array(width * height * 3).fill(90), width, height, scale: 1 };
  const target = new Float32Array(CROP_LENGTH);
  const times: number[] = [];
  for (let round = 0; round < 9; round++) {
    const seconds = await secondsOf(() => {
      for (let n = 0; n < 50; n++) {
        writeCrop(picture, { centreX: 800 + n, centreY: 540, width: 900, height: 900 }, target);
      }
      return Promise.resolve();
    });
    times.push(seconds / 50);
  }
  return {
    title: 'VIBE crop from 1920 x 1080, normalised',
    meaning: 'no peer',
    detail: `${(1 / median(times)).toFixed(0)} crops a second on one thread`,
  };
}

/** VIBE's networks with synthetic weights of their real sizes against PyTorch in the same run, interleaved. */
export async function benchVibe(): Promise<Measurement[]> {
  const folder = mkdtempSync(join(tmpdir(), 'retake-bench-vibe-'));
  const peer = startPeer(THREADS);
  try {
    return [...(await benchBackbone(folder, peer)), await benchTemporal(folder, peer), await benchCrop()];
  } finally {
    peer?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
