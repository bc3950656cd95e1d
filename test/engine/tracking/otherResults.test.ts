import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { trackerBoxAt } from '#core/tracks/track';
import { findTrackFormat } from '#engine/tracking/formats/registry';
import type { ExchangeClip } from '#engine/tracking/formats/trackFormat';
import { encodeVibeOutput } from '#engine/weights/joblib/encodeVibeOutput';

const clip: ExchangeClip = {
  ...{ name: 'clip.mp4', frameCount: 40, width: 640, height: 360, rate: 30 },
  seconds: Float64Array.from({ length: 40 }, (_, frame) => frame / 30),
};

function read(format: string, bytes: Uint8Array) {
  return findTrackFormat(format)
    .read?.(bytes, clip)
    .map(({ name, track }) => ({
      name,
      boxes: Array.from({ length: track.length }, (_, row) => trackerBoxAt(track, track.start + row)),
      start: track.start,
    }));
}

async function vibeFile(bboxes: number[], frameIds: number[]): Promise<Uint8Array> {
  const n = frameIds.length;
  const person = {
    predCam: new Float32Array(n * 3),
    origCam: new Float64Array(n * 4),
    verts: { vertexCount: 1, chunks: () => [new Float32Array(n * 3)] },
    pose: new Float32Array(n * 72),
    betas: new Float32Array(n * 10),
    joints3d: new Float32Array(n * 147),
    joints2d: null,
    joints2dImgCoord: new Float32Array(n * 98),
    bboxes: Float64Array.from(bboxes),
    frameIds,
  };
  const pieces: Uint8Array[] = [];
  for await (const piece of encodeVibeOutput(new Map([[7, person]]))) pieces.push(piece);
  return Buffer.concat(pieces);
}

describe('boxes of other systems', () => {
  it('come from a VIBE result as corners, with its gaps', async () => {
    const bytes = await vibeFile([100, 80, 50, 50, 104, 81, 52, 52], [3, 5]);
    expect(read('vibe-output', bytes)).toEqual([
      {
        name: 'Person 7',
        start: 3,
        boxes: [{ x: 75, y: 55, width: 50, height: 50 }, undefined, { x: 78, y: 55, width: 52, height: 52 }],
      },
    ]);
  });

  it('come from a PHALP result, without those it only guessed', () => {
    const bytes = new Uint8Array(
      readFileSync(join(import.meta.dirname, '..', '..', 'fixtures', 'phalp', 'result.pkl')),
    );
    expect(read('phalp', bytes)).toEqual([
      {
        name: 'Person 3',
        start: 0,
        boxes: [0, 1, 2, 3].map((time) => ({ x: 10 + time, y: 20, width: 30, height: 60 })),
      },
      {
        name: 'Person 5',
        start: 1,
        boxes: [1, 2, 3].map((time) => (time === 2 ? undefined : { x: 100.5 - time, y: 40.25, width: 50, height: 90 })),
      },
    ]);
  });

  it('are refused in a sentence when the file is something else, or of another video', async () => {
    const text = new TextEncoder().encode('no pickle at all');
    for (const format of ['vibe-output', 'phalp']) expect(() => read(format, text)).toThrow(/result/);
    const far = await vibeFile([100, 80, 50, 50], [40]);
    expect(() => read('vibe-output', far)).toThrow(/the frame is 40, but the video has 40 frames/);
    const vibe = await vibeFile([100, 80, 50, 50], [3]);
    expect(() => read('phalp', vibe)).toThrow(/PHALP result is wrong/);
  });
});
