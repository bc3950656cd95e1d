import type { Detection } from '#core/tracks/track';
import type { JobTracker } from './jobTracker';
import type { RunContext } from './runContext';
import { TaskWindow } from './taskWindow';

/** Longer side of the pictures the detector is given; it works at 512 px and below, and at 768 for tiny people. */
const DETECTION_LONG_SIDE = 768;

/**
 * Takes the detector through the next frames `[detectedFrames, to)` and stores what it found. What was found before a
 * cancellation in an unfinished chunk is found again.
 */
export async function detectChunk(context: RunContext, to: number, job: JobTracker): Promise<void> {
  const { detections, detector, lanes } = context;
  if (!detections) return;
  const from = detections.detectedFrames;
  const found = new Map<number, Detection[]>();
  const tasks = new TaskWindow(lanes.networkLanes);
  try {
    for await (const borrowed of context.decode({ from, to }, DETECTION_LONG_SIDE, job.signal)) {
      const { frame } = borrowed;
      const effort = detector.effortAt(frame.frameIndex, context.rate);
      if (effort === undefined) {
        borrowed.release();
      } else {
        await tasks.add(async () => {
          try {
            const people = await lanes.run('detect', { detector: detector.id, effort, frame }, job.signal);
            found.set(frame.frameIndex, people);
          } finally {
            borrowed.release();
          }
        });
      }
      job.advance('detect', frame.frameIndex + 1);
    }
  } finally {
    await tasks.settled();
  }
  tasks.throwIfFailed();
  job.signal.throwIfAborted();
  detections.append(to, found);
}
