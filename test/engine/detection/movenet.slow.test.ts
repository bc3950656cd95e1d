import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, it, type TestContext } from 'vitest';
import { type Box, intersectionOverUnion } from '#core/tracks/box';
import { movenetDetector } from '#engine/detection/detectors/movenet/movenetDetector';
import { createSessionPool } from '#engine/inference/sessions';
import { ModelStore } from '#engine/weights/modelStore';

const checkout = path.resolve(import.meta.dirname, '../../..');
const media =
  process.env['RETAKE_MEDIA'] ?? path.join(process.env['RETAKE_SHARED'] ?? `${checkout}/../shared`, 'media');
const opencvData = '/usr/share/doc/opencv-doc/examples/data';

function skip(context: TestContext, reason: string): never {
  console.log(`skipped: ${reason}`);
  context.skip(reason);
  throw new Error(reason);
}

/** People seen by eye, boxes in px read off the picture. */
const PICTURES: { file: string; width: number; height: number; frame: number; people: Box[] }[] = [
  {
    file: path.join(media, 'two-people-60fps.mp4'),
    width: 1088,
    height: 1920,
    frame: 0,
    people: [
      { x: 235, y: 310, width: 345, height: 860 },
      { x: 455, y: 770, width: 510, height: 1020 },
      { x: 0, y: 285, width: 135, height: 480 },
    ],
  },
  {
    file: path.join(media, 'jump-vp9.mp4'),
    width: 1768,
    height: 994,
    frame: 138,
    people: [
      { x: 508, y: 505, width: 265, height: 425 },
      { x: 725, y: 82, width: 147, height: 385 },
    ],
  },
  {
    file: path.join(opencvData, 'vtest.avi'),
    width: 768,
    height: 576,
    frame: 200,
    people: [
      { x: 616, y: 264, width: 36, height: 106 },
      { x: 703, y: 253, width: 42, height: 100 },
      { x: 218, y: 190, width: 32, height: 77 },
      { x: 82, y: 152, width: 30, height: 64 },
      { x: 487, y: 144, width: 31, height: 79 },
      { x: 675, y: 96, width: 24, height: 58 },
      { x: 700, y: 104, width: 21, height: 52 },
    ],
  },
];

it.for(PICTURES)(
  'finds everybody and nobody else in $file, frame $frame',
  { timeout: 60_000 },
  async (picture, context) => {
    const { file, width, height, frame, people } = picture;
    if (!existsSync(file)) skip(context, `${file} is not here`);
    const store = new ModelStore(path.join(checkout, 'models/converted'));
    const isConverted = await store.resolve('movenet-multipose').then(
      () => true,
      () => false,
    );
    if (!isConverted) skip(context, 'the networks are not converted, run "npm run setup"');
    const sessions = createSessionPool({ threads: 2, models: store });
    const select = `select=eq(n\\,${frame})`;
    const data = execFileSync(
      'ffmpeg',
      ['-v', 'error', '-i', file, '-vf', select, '-frames:v', '1', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'],
      { maxBuffer: 64 * 1024 * 1024 },
    );
    const detector = await movenetDetector.load(sessions);
    const found = await detector.detect({ frameIndex: frame, width, height, data, scale: 1 }, 'full');
    await sessions.dispose();
    const sure = found.filter(({ score }) => score >= 0.5);
    for (const person of people) {
      const overlap = Math.max(...sure.map(({ box }) => intersectionOverUnion(box, person)));
      expect(overlap, `${person.x}, ${person.y}`).toBeGreaterThan(0.6);
    }
    expect(sure).toHaveLength(people.length);
  },
);
