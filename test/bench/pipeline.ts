import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { meanFrameRate } from '#core/frames/frameTimes';
import { launchRun } from '#engine/pipeline/startRun';
import type { ProjectSession } from '#engine/project/projectSession';
import { decodeFrames } from '#engine/video/decodeStream';
import type { RgbFrame } from '#engine/video/rgbFrame';
import type { Workspace } from '#engine/workspace';
import { type Measurement, secondsOf } from './measure';
import type { NetworkCall, NetworkTimes } from './networkLane';

/** Frames in memory at a time while the calls of a run are made again. */
const HELD_FRAMES = 60;

/** Has `calls` filled with what a run asks of the networks, without pixels; returns how to stop that. */
function listenTo(workspace: Workspace, calls: NetworkCall[]): () => void {
  const { lanes } = workspace;
  const run = lanes.run.bind(lanes);
  lanes.run = (task, input, ...rest) => {
    if (task === 'detect' || task === 'observe') {
      const call = { task, input } as NetworkCall;
      const frame = { ...call.input.frame, data: new Uint8Array() };
      calls.push({ task, input: { ...call.input, frame } } as NetworkCall);
    }
    return run(task, input, ...rest);
  };
  return () => {
    lanes.run = run;
  };
}

/** The calls with their pixels again, some frames at a time. */
async function* withPixels(session: ProjectSession, calls: readonly NetworkCall[]): AsyncGenerator<NetworkCall[]> {
  const { media, ffmpeg } = session.parts;
  for (const size of new Set(calls.map(({ input }) => input.frame.width))) {
    const ofSize = calls.filter(({ input }) => input.frame.width === size);
    const { width, height } = ofSize[0]!.input.frame;
    const frames = ofSize.map(({ input }) => input.frame.frameIndex);
    const span = { from: Math.min(...frames), to: Math.max(...frames) + 1 };
    let held: RgbFrame[] = [];
    const chunk = (): NetworkCall[] =>
      held.flatMap((frame) =>
        ofSize
          .filter(({ input }) => input.frame.frameIndex === frame.frameIndex)
          .map((call) => ({ ...call, input: { ...call.input, frame } }) as NetworkCall),
      );
    for await (const { frameIndex, data } of decodeFrames({
      media,
      ffmpeg,
      span,
      maxLongSide: Math.max(width, height),
    })) {
      if (!frames.includes(frameIndex)) continue;
      const shared = new Uint8Array(new SharedArrayBuffer(data.length));
      shared.set(data);
      held.push({ frameIndex, width, height, data: shared, scale: width / media.width });
      if (held.length < HELD_FRAMES) continue;
      yield chunk();
      held = [];
    }
    if (held.length > 0) yield chunk();
  }
}

/** Makes calls on all lanes at once, as a run does, and adds up what they took in all lanes. */
async function makeCalls(lanes: readonly Worker[], calls: readonly NetworkCall[]): Promise<NetworkTimes> {
  const sum: NetworkTimes = { networks: 0, whole: 0 };
  let next = 0;
  const work = async (lane: Worker) => {
    for (let call = calls[next++]; call; call = calls[next++]) {
      lane.postMessage(call);
      const [times] = (await once(lane, 'message')) as [NetworkTimes];
      sum.networks += times.networks;
      sum.whole += times.whole;
    }
  };
  await Promise.all(lanes.map(work));
  return sum;
}

/** One of each kind of call for every lane, so that networks are loaded and their memory is there. */
function warmingUp(calls: readonly NetworkCall[], lanes: number): NetworkCall[] {
  const kinds = new Map(calls.map((call) => [call.task, call]));
  return [...kinds.values()].flatMap((call) => Array.from({ length: 2 * lanes }, () => call));
}

/** What the calls of a run take again, made in one way. */
interface BareTimes {
  /** Inside of networks, s by the clock. */
  networks: number;
  /** The same with what is made for and of them, s. */
  whole: number;
  /** Processor time of `whole`, s. */
  work: number;
}

/** Lanes of one kind: `count` at once, each with sessions of so many threads. */
class BareLanes {
  readonly times: BareTimes = { networks: 0, whole: 0, work: 0 };
  private readonly lanes: Worker[];
  private readonly warm = new Set<string>();

  constructor(modelsFolder: string, count: number, threads: number) {
    // A thread does not inherit what runs TypeScript here.
    const entry = JSON.stringify(new URL('./networkLane.ts', import.meta.url).href);
    const code = `import('tsx/esm/api').then(({ register }) => { register(); return import(${entry}); })`;
    const lane = () => new Worker(code, { eval: true, workerData: { modelsFolder, threads } });
    this.lanes = Array.from({ length: count }, lane);
  }

  /** Makes calls and adds up what they take; networks are loaded and their memory is there before. */
  async make(calls: readonly NetworkCall[]): Promise<void> {
    const { lanes, times } = this;
    if (calls.some(({ task }) => !this.warm.has(task))) await makeCalls(lanes, warmingUp(calls, lanes.length));
    for (const { task } of calls) this.warm.add(task);
    times.work += await processorSecondsOf(async () => {
      const { networks, whole } = await makeCalls(lanes, calls);
      times.networks += networks / 1000 / lanes.length;
      times.whole += whole / 1000 / lanes.length;
    });
  }

  async stop(): Promise<void> {
    await Promise.all(this.lanes.map((lane) => lane.terminate()));
  }
}

/** The calls of a run made again on a lane a core side by side, as a run does, and in turns with that one by one on all cores. */
async function bareTimes(workspace: Workspace, session: ProjectSession, calls: readonly NetworkCall[]) {
  const { networkLanes } = workspace.lanes;
  const { modelsFolder } = workspace.configuration;
  const sideBySide = new BareLanes(modelsFolder, networkLanes, 1);
  const oneByOne = new BareLanes(modelsFolder, 1, networkLanes);
  try {
    for await (const chunk of withPixels(session, calls)) {
      await sideBySide.make(chunk);
      await oneByOne.make(chunk);
    }
  } finally {
    await Promise.all([sideBySide.stop(), oneByOne.stop()]);
  }
  return { sideBySide: sideBySide.times, oneByOne: oneByOne.times };
}

/** Processor time that this process, all its threads included, spends on a task, s; children (ffmpeg) are not in it. */
async function processorSecondsOf(task: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await task();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/**
 * A whole run (decode, find, look, fit) against the bare time of its networks, and its frames a second. Bare is what the
 * very calls of that run take inside of `Session.run` when nothing else is done, networks loaded: one lane a core side by
 * side, which is the most that this computer can do, and the sum of the calls one by one, each on all cores, which is what
 * a plain program would wait for. What the networks run on is found out before: that is done once on a computer. On a machine
 * that others use the ratio of processor times says more than that of times on the clock.
 */
export async function benchPipeline(workspace: Workspace, session: ProjectSession): Promise<Measurement[]> {
  await workspace.device.choose();
  const calls: NetworkCall[] = [];
  const stop = listenTo(workspace, calls);
  let whole = 0;
  const wholeWork = await processorSecondsOf(async () => {
    whole = await secondsOf(() => launchRun(session, { scope: 'missing' }).ended);
  });
  stop();
  const { sideBySide: bare, oneByOne } = await bareTimes(workspace, session, calls);
  const bareWork = (bare.work * bare.networks) / bare.whole;
  const { frameCount, frameTimes } = session.parts.media;
  const people = session.document.people.filter((person) => !person.foldedBecause).length;
  const clipSeconds = frameCount / meanFrameRate(frameTimes);
  return [
    {
      title: 'Whole run against the bare time of its networks',
      ratio: whole / bare.networks,
      meaning: 'times the networks alone; 1.25 is the limit we aim for',
      detail: `run ${whole.toFixed(1)} s, networks ${bare.networks.toFixed(1)} s, with what is made for and of them ${bare.whole.toFixed(1)} s (${(whole / bare.whole).toFixed(2)})`,
    },
    {
      title: 'The same against the sum of its calls of networks, one by one on all cores',
      ratio: whole / oneByOne.networks,
      meaning: 'times that sum',
      detail: `run ${whole.toFixed(1)} s, networks ${oneByOne.networks.toFixed(1)} s, with what is made for and of them ${oneByOne.whole.toFixed(1)} s`,
    },
    {
      title: 'The first in processor time',
      ratio: wholeWork / bareWork,
      meaning: 'times the networks alone; not disturbed by what else the machine does',
      detail: `run ${wholeWork.toFixed(1)} s, networks about ${bareWork.toFixed(1)} s, with what is made for and of them ${bare.work.toFixed(1)} s (${(wholeWork / bare.work).toFixed(2)})`,
    },
    {
      title: 'Whole run against the length of the clip',
      ratio: whole / clipSeconds,
      meaning: 'times real time; 3 is the limit for one person at 30 fps',
      detail: `${frameCount} frames, ${people} people, ${(frameCount / whole).toFixed(1)} frames/s`,
    },
  ];
}
