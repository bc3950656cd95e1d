import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeBundle, encodeBundle } from '#core/protocol/arrayBundle';
import { COCO_KEYPOINT_COUNT, type Detection } from '#core/tracks/track';
import { writeFileAtomically } from './atomicFile';

const KEYPOINTS = COCO_KEYPOINT_COUNT * 3;

interface ChunkMeta {
  from: number;
  to: number;
  /** Frames of the chunk that the detector was asked about. */
  asked: number[];
  hasKeypoints: boolean;
}

/**
 * What the detector found, frame by frame from 0 on, in immutable chunk files. A chunk that is missing or unreadable
 * ends what is known: the detector goes on from there.
 */
export class DetectionStore {
  /** By frame index: undefined where the detector was not asked, empty where it found nobody. */
  readonly detections: (Detection[] | undefined)[];
  private frontier = 0;

  /** `folder` must be the detector's own (its id and version are part of the name). */
  constructor(
    private readonly folder: string,
    frameCount: number,
  ) {
    this.detections = new Array<Detection[] | undefined>(frameCount).fill(undefined);
    if (existsSync(folder)) this.load();
  }

  /** Frames that the detector has been through, from 0. */
  get detectedFrames(): number {
    return this.frontier;
  }

  /** Adds the next chunk `[detectedFrames, to)`; durable when it returns. */
  append(to: number, found: ReadonlyMap<number, Detection[]>): void {
    const from = this.frontier;
    const asked = [...found.keys()].sort((a, b) => a - b);
    const rows = asked.flatMap((frame) => (found.get(frame) ?? []).map((detection) => ({ frame, detection })));
    const hasKeypoints = rows.some(({ detection }) => detection.keypoints !== undefined);
    const boxes = new Float32Array(rows.length * 6);
    const keypoints = new Float32Array(hasKeypoints ? rows.length * KEYPOINTS : 0);
    rows.forEach(({ frame, detection: { box, score, keypoints: points } }, row) => {
      boxes.set([frame, box.x, box.y, box.width, box.height, score], row * 6);
      if (points) keypoints.set(points, row * KEYPOINTS);
    });
    const meta: ChunkMeta = { from, to, asked, hasKeypoints };
    const name = `${String(from).padStart(8, '0')}-${to}.bundle`;
    writeFileAtomically(join(this.folder, name), encodeBundle({ meta, arrays: { boxes, keypoints } }), 'detections');
    for (const [frame, list] of found) this.detections[frame] = list;
    this.frontier = to;
  }

  private load(): void {
    for (const name of readdirSync(this.folder).sort()) {
      if (!/^\d+-\d+\.bundle$/.test(name)) continue;
      try {
        const bytes = readFileSync(join(this.folder, name));
        const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
        const { meta, arrays } = decodeBundle<ChunkMeta>(buffer);
        if (meta.from !== this.frontier) return;
        this.restore(meta, arrays['boxes'] as Float32Array, arrays['keypoints'] as Float32Array);
        this.frontier = meta.to;
      } catch {
        return;
      }
    }
  }

  private restore(meta: ChunkMeta, boxes: Float32Array, keypoints: Float32Array): void {
    for (const frame of meta.asked) this.detections[frame] = [];
    for (let row = 0; row < boxes.length / 6; row++) {
      const [frame = 0, x = 0, y = 0, width = 0, height = 0, score = 0] = boxes.subarray(row * 6, row * 6 + 6);
      this.detections[frame]?.push({
        box: { x, y, width, height },
        score,
        ...(meta.hasKeypoints ? { keypoints: keypoints.slice(row * KEYPOINTS, (row + 1) * KEYPOINTS) } : {}),
      });
    }
  }
}
