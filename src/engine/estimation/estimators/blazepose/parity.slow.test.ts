import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openSession } from '../../../inference/sessions';
import { ModelStore } from '../../../weights/modelStore';
import { observePose, type PoseLandmarks } from './landmarks';

/** Parity with the official JavaScript solution on still images (reference sections 6 and 10). */
const checkout = path.resolve(import.meta.dirname, '../../../../..');
const rows = z.array(z.array(z.number()).length(4)).length(33);
const oracle = z.object({ poseLandmarks: rows, poseWorldLandmarks: rows });
const fixtureSchema = z.object({
  image: z.object({
    package: z.string(),
    path: z.string(),
    width: z.number(),
    height: z.number(),
    rgbSha256: z.string(),
  }),
  oracle: z.object({ byComplexity: z.object({ '1': oracle, '2': oracle }) }),
  reference: z.object({
    detections: z
      .array(z.object({ roi: z.object({ cx: z.number(), cy: z.number(), w: z.number(), rot: z.number() }) }))
      .min(1),
  }),
});
type Fixture = z.infer<typeof fixtureSchema>;

const NETWORKS = [
  { id: 'blazepose-full', complexity: '1' },
  { id: 'blazepose-heavy', complexity: '2' },
] as const;

describe.each(['astronaut', 'basketball1', 'messi5'])('parity with the official solution: %s', (name) => {
  const file = path.join(checkout, 'test/fixtures/blazepose', `${name}.json`);
  const fixture = fixtureSchema.parse(JSON.parse(readFileSync(file, 'utf8')));

  it.for(NETWORKS)('$id', async ({ id, complexity }, context) => {
    const pixels = findPixels(fixture);
    if (typeof pixels === 'string') return skip(context, `${name}: ${pixels}`);
    const model = await new ModelStore(path.join(checkout, 'models/converted')).resolve(id).catch(() => undefined);
    if (model === undefined) return skip(context, 'the networks are not converted, run "npm run setup"');
    const session = await openSession(model.path, { threads: 2 });
    const { cx, cy, w, rot } = fixture.reference.detections[0]?.roi ?? { cx: 0, cy: 0, w: 0, rot: 0 };
    const { width, height } = fixture.image;
    const picture = { data: pixels, width, height, scale: 1 };
    const region = { centreX: cx, centreY: cy, side: w, rotation: rot };
    const [pose] = await observePose(picture, [region], session, new AbortController().signal);
    await session.dispose();
    const expected = fixture.oracle.byComplexity[complexity];
    expect(pose).toBeDefined();
    if (pose !== undefined) compare(pose, expected, width, height);
  });
});

function compare(pose: PoseLandmarks, expected: z.infer<typeof oracle>, width: number, height: number): void {
  const distances = (differences: (row: number, axis: number) => number, axes: number) =>
    Array.from({ length: 33 }, (_, row) =>
      Math.hypot(...Array.from({ length: axes }, (_, axis) => differences(row, axis))),
    ).sort((a, b) => a - b);
  const at = (row: readonly number[] | undefined, axis: number) => row?.[axis] ?? NaN;
  const pixels = distances((row, axis) => {
    const size = axis === 0 ? width : height;
    return at(expected.poseLandmarks[row], axis) * size - (pose.image[row * 4 + axis] ?? NaN);
  }, 2);
  const metres = distances(
    (row, axis) => at(expected.poseWorldLandmarks[row], axis) - (pose.world[row * 3 + axis] ?? NaN),
    3,
  );
  const visibility = distances((row) => at(expected.poseLandmarks[row], 3) - (pose.image[row * 4 + 3] ?? NaN), 1);
  const figures = `median ${pixels[16]?.toFixed(4)} px, 31st ${pixels[30]?.toFixed(4)} px, world ${((metres[32] ?? NaN) * 1000).toFixed(3)} mm`;
  console.log(figures);
  // One landmark may refine on one side only, where its heat-map sits at the threshold: 31 of 33 must agree.
  expect(pixels[16]).toBeLessThanOrEqual(0.01);
  expect(pixels[30]).toBeLessThanOrEqual(0.05);
  expect(metres[32]).toBeLessThanOrEqual(0.0005);
  expect(visibility[32]).toBeLessThanOrEqual(0.005);
}

function skip(context: { skip: () => void }, reason: string): void {
  console.log(`skipped: ${reason}`);
  context.skip();
}

/** The image as RGB bytes, or why it cannot be had. */
function findPixels({ image }: Fixture): Uint8Array | string {
  const file = findImage(image.package.split(' ')[0] ?? '', image.path);
  if (file === undefined) return `${image.path} of Debian's ${image.package} is not installed and cannot be fetched`;
  try {
    const pixels = decode(file);
    const sum = createHash('sha256').update(pixels).digest('hex');
    return sum === image.rgbSha256 ? pixels : 'this decoder gives other px than the official run had';
  } catch {
    return path.extname(file) === '.jpg' ? 'djpeg is not installed (libjpeg-turbo-progs)' : 'ffmpeg is not installed';
  }
}

/** ffmpeg interpolates a JPEG's colour differently from libjpeg, which the oracle used. */
function decode(file: string): Uint8Array {
  const options = { maxBuffer: 1e9, stdio: ['ignore', 'pipe', 'ignore'] as ['ignore', 'pipe', 'ignore'] };
  if (path.extname(file) !== '.jpg') {
    return execFileSync('ffmpeg', ['-v', 'error', '-i', file, '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'], options);
  }
  const ppm = execFileSync('djpeg', ['-ppm', file], options);
  // P6, width and height, 255: three lines, then the px.
  let start = 0;
  for (let line = 0; line < 3; line++) start = ppm.indexOf(10, start) + 1;
  return ppm.subarray(start);
}

function findImage(debianPackage: string, inside: string): string | undefined {
  const unpacked = path.join(tmpdir(), 'retake-fixture-images');
  const places = [path.join('/', inside), path.join(unpacked, inside)];
  const found = places.find((place) => existsSync(place));
  if (found !== undefined) return found;
  try {
    const archives = path.join(unpacked, debianPackage);
    mkdirSync(archives, { recursive: true });
    execFileSync('apt-get', ['download', debianPackage], { cwd: archives, stdio: 'ignore' });
    for (const archive of readdirSync(archives)) {
      execFileSync('dpkg-deb', ['-x', path.join(archives, archive), unpacked], { stdio: 'ignore' });
    }
  } catch {
    return undefined;
  }
  return places.find((place) => existsSync(place));
}
