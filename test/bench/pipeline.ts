import type { RgbFrame } from '#engine/video/rgbFrame';
import { findDetector } from '#engine/detection/registry';
import { launchRun } from '#engine/pipeline/startRun';
import type { ProjectSession } from '#engine/project/projectSession';
import { decodeFrames } from '#engine/video/decodeStream';
import type { Workspace } from '#engine/workspace';
import { effectiveBoxAt } from '#core/tracks/effectiveBoxes';
import { meanFrameRate } from '#core/frames/frameTimes';
import { type Measurement, secondsOf } from './measure';

/** Every n-th frame is looked at for the bare network time; the whole follows by count. */
const SAMPLE_EVERY = 5;

interface NetworkCall {
  run(): Promise<unknown>;
}

/** The calls to the networks that a run of this project makes on every n-th frame, without anything around them. */
async function networkCalls(workspace: Workspace, session: ProjectSession): Promise<NetworkCall[]> {
  const { media, ffmpeg } = session.parts;
  const { settings } = session.document;
  const detector = findDetector(settings.detector);
  const calls: NetworkCall[] = [];
  const span = { from: 0, to: media.frameCount };
  for await (const decoded of decodeFrames({ media, ffmpeg, span })) {
    const { frameIndex, width, height } = decoded;
    const effort = detector.effortAt(frameIndex, meanFrameRate(media.frameTimes));
    const isSampled = Math.floor(frameIndex / SAMPLE_EVERY) % SAMPLE_EVERY === 0;
    if (!isSampled) continue;
    const shared = new Uint8Array(new SharedArrayBuffer(decoded.data.length));
    shared.set(decoded.data);
    const frame: RgbFrame = { frameIndex, width, height, data: shared, scale: width / media.width };
    if (effort) calls.push({ run: () => workspace.lanes.run('detect', { detector: detector.id, effort, frame }) });
    for (const person of session.document.people) {
      const effective = person.foldedBecause ? undefined : effectiveBoxAt(person, session.tracks, frameIndex);
      if (!effective) continue;
      const { box, keypoints } = effective;
      const requests = [{ box, ...(keypoints ? { keypoints } : {}) }];
      const input = { estimator: settings.estimator, quality: settings.quality, frame, requests };
      calls.push({ run: () => workspace.lanes.run('observe', input) });
    }
  }
  return calls;
}

/** Runs calls on all network lanes at once, as a run does. */
async function runAll(workspace: Workspace, calls: readonly NetworkCall[]): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let call = calls[next++]; call; call = calls[next++]) await call.run();
  };
  await Promise.all(Array.from({ length: workspace.lanes.networkLanes }, worker));
}

/** Processor time that this process, all its threads included, spends on a task, s; children (ffmpeg) are not in it. */
async function processorSecondsOf(task: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await task();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/**
 * A whole run (decode, find, look, fit) against the bare time of its networks, and its frames a second. On a machine that
 * others use the ratio of processor times says more than that of times on the clock.
 */
export async function benchPipeline(workspace: Workspace, session: ProjectSession): Promise<Measurement[]> {
  let whole = 0;
  let bare = 0;
  const wholeWork = await processorSecondsOf(async () => {
    whole = await secondsOf(() => launchRun(session, { scope: 'missing' }).ended);
  });
  const calls = await networkCalls(workspace, session);
  const bareWork = await processorSecondsOf(async () => {
    bare = (await secondsOf(() => runAll(workspace, calls))) * SAMPLE_EVERY;
  });
  const { frameCount, frameTimes } = session.parts.media;
  const people = session.document.people.filter((person) => !person.foldedBecause).length;
  const clipSeconds = frameCount / meanFrameRate(frameTimes);
  return [
    {
      title: 'Whole run against the bare time of its networks',
      ratio: whole / bare,
      meaning: 'times the networks alone; 1.25 is the limit we aim for',
      detail: `run ${whole.toFixed(1)} s, networks about ${bare.toFixed(1)} s (every ${SAMPLE_EVERY}th stretch measured)`,
    },
    {
      title: 'The same in processor time',
      ratio: wholeWork / (bareWork * SAMPLE_EVERY),
      meaning: 'times the networks alone; not disturbed by what else the machine does',
      detail: `run ${wholeWork.toFixed(1)} s, networks about ${(bareWork * SAMPLE_EVERY).toFixed(1)} s`,
    },
    {
      title: 'Whole run against the length of the clip',
      ratio: whole / clipSeconds,
      meaning: 'times real time; 3 is the limit for one person at 30 fps',
      detail: `${frameCount} frames, ${people} people, ${(frameCount / whole).toFixed(1)} frames/s`,
    },
  ];
}
