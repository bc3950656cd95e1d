import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { COCO_KEYPOINT_COUNT, type Detection } from '#core/tracks/track';
import { readStoredBundle, writeStoredBundle } from './storedBundle';

const KEYPOINTS = COCO_KEYPOINT_COUNT * 3;
const BOX = 6;

const chunkSchema = z.object({
  from: z.int().min(0),
  to: z.int().min(1),
  /** Frames of the chunk that the detector was asked about. */
  asked: z.array(z.int().min(0)),
  hasKeypoints: z.boolean(),
  /** First frames of shots; clips searched before cuts were looked for have none. */
  cuts: z.array(z.int().min(1)).default([]),
});

type Chunk = z.infer<typeof chunkSchema>;

const CHUNK_NAME = /^(\d+)-(\d+)\.bundle$/;

/**
 * How far the chunk files of a detector's folder reach from frame 0, by their names alone: what is known to be there
 * before anything is read.
 */
export function detectedFramesByName(folder: string): number {
  const spans = (existsSync(folder) ? readdirSync(folder) : []).flatMap((name): [number, number][] => {
    const match = CHUNK_NAME.exec(name);
    return match ? [[Number(match[1]), Number(match[2])]] : [];
  });
  spans.sort(([a], [b]) => a - b);
  return spans.reduce((reached, [from, to]) => (from <= reached ? Math.max(reached, to) : reached), 0);
}

/** What was found on frames [from, to) and is not on disk yet. */
interface Found {
  from: number;
  to: number;
  found: ReadonlyMap<number, Detection[]>;
  cuts: number[];
}

/** Numbers as they will be read again: tracks must come out the same before and after a restart. */
function asStored({ box, score, keypoints }: Detection): Detection {
  const { x, y, width, height } = box;
  return {
    box: { x: Math.fround(x), y: Math.fround(y), width: Math.fround(width), height: Math.fround(height) },
    score: Math.fround(score),
    ...(keypoints ? { keypoints } : {}),
  };
}

/**
 * What the detector found, frame by frame from 0 on, in immutable chunk files. A chunk that is missing or unreadable
 * ends what is known: the detector goes on from there.
 */
export class DetectionStore {
  /** By frame index: undefined where the detector was not asked, empty where it found nobody. */
  readonly detections: (Detection[] | undefined)[];
  /** First frames of shots so far, in order; the first shot's is not among them. */
  readonly cuts: number[] = [];
  private frontier = 0;
  private readonly unsaved: Found[] = [];

  /** `folder` must be the detector's own (its id and version are part of the name). */
  constructor(
    private readonly folder: string,
    private readonly frameCount: number,
  ) {
    this.detections = new Array<Detection[] | undefined>(frameCount).fill(undefined);
    if (existsSync(folder)) this.load();
  }

  /** Frames that the detector has been through, from 0. */
  get detectedFrames(): number {
    return this.frontier;
  }

  /** Adds what was found on the next frames `[detectedFrames, to)`, cuts among them; it reaches the disk with {@link flush}. */
  add(to: number, found: ReadonlyMap<number, Detection[]>, cuts: readonly number[] = []): void {
    if (to <= this.frontier) return;
    const stored = new Map([...found].map(([frame, list]) => [frame, list.map(asStored)]));
    this.unsaved.push({ from: this.frontier, to, found: stored, cuts: [...cuts] });
    this.cuts.push(...cuts);
    for (const [frame, list] of stored) this.detections[frame] = list;
    this.frontier = to;
  }

  /** Makes everything added durable. @throws AppError DISK_FULL, READ_ONLY; it can be tried again. */
  flush(): void {
    for (;;) {
      const next = this.unsaved[0];
      if (!next) return;
      this.writeChunk(next);
      this.unsaved.shift();
    }
  }

  private writeChunk({ from, to, found, cuts }: Found): void {
    const asked = [...found.keys()].sort((a, b) => a - b);
    const rows = asked.flatMap((frame) => (found.get(frame) ?? []).map((detection) => ({ frame, detection })));
    const hasKeypoints = rows.some(({ detection }) => detection.keypoints !== undefined);
    const boxes = new Float32Array(rows.length * BOX);
    const keypoints = new Float32Array(hasKeypoints ? rows.length * KEYPOINTS : 0);
    rows.forEach(({ frame, detection: { box, score, keypoints: points } }, row) => {
      boxes.set([frame, box.x, box.y, box.width, box.height, score], row * BOX);
      if (points) keypoints.set(points, row * KEYPOINTS);
    });
    const meta: Chunk = { from, to, asked, hasKeypoints, cuts };
    const path = join(this.folder, `${String(from).padStart(8, '0')}-${to}.bundle`);
    writeStoredBundle(path, { meta, arrays: { boxes, keypoints } }, 'the people found');
  }

  private load(): void {
    for (const name of readdirSync(this.folder).sort()) {
      if (!CHUNK_NAME.test(name)) continue;
      try {
        const { meta, arrays } = readStoredBundle(join(this.folder, name));
        const chunk = chunkSchema.parse(meta);
        if (chunk.from > this.frontier) return;
        if (chunk.from < this.frontier || chunk.to > this.frameCount) continue;
        const { boxes, keypoints } = arrays;
        if (!(boxes instanceof Float32Array) || !(keypoints instanceof Float32Array)) continue;
        this.restore(chunk, boxes, keypoints);
        this.cuts.push(...chunk.cuts);
        this.frontier = chunk.to;
      } catch {
        // Unreadable: found again, and then replaced.
      }
    }
  }

  private restore(chunk: Chunk, boxes: Float32Array, keypoints: Float32Array): void {
    for (const frame of chunk.asked) this.detections[frame] = [];
    for (let row = 0; row < boxes.length / BOX; row++) {
      const [frame = 0, x = 0, y = 0, width = 0, height = 0, score = 0] = boxes.subarray(row * BOX, (row + 1) * BOX);
      this.detections[frame]?.push({
        box: { x, y, width, height },
        score,
        ...(chunk.hasKeypoints ? { keypoints: keypoints.slice(row * KEYPOINTS, (row + 1) * KEYPOINTS) } : {}),
      });
    }
  }
}
