import { describe, expect, it } from 'vitest';
import { rotationsFromAxisAngles } from '#core/body/kinematics';
import { evaluateReference } from '#core/body/reference';
import { AppError } from '#core/errors';
import { posedMembers } from '#engine/bodymodel/posedArchive';
import { parsePoseFile } from '#engine/bodymodel/poseFile';
import { readSmpl } from '#engine/bodymodel/smpl/readSmpl';
import { smplMembers } from '#engine/bodymodel/smpl/writeSmpl';
import { readNpz } from '#engine/weights/numpy/npz';
import { archiveOf, defaultBody as body, numbers, poseArchive } from './archives';

function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length);
  let largest = 0;
  for (let k = 0; k < expected.length; k++) largest = Math.max(largest, Math.abs(actual[k]! - expected[k]!));
  return largest;
}

describe('the body as a SMPL file', () => {
  it('is the same body for whoever reads it', async () => {
    const read = readSmpl(await archiveOf(smplMembers(body)), 'neutral', 'body.npz');
    const pose = { betas: [1, -1, 2], rotations: rotationsFromAxisAngles(numbers([72], 0.6)) };
    const [expected, actual] = [evaluateReference(body, pose), evaluateReference(read, pose)];
    expect(largestDifference(actual.vertices, expected.vertices)).toBeLessThan(1e-6);
    expect(largestDifference(actual.joints, expected.joints)).toBeLessThan(1e-6);
    expect(read.faces).toEqual(body.faces);
  }, 60_000);

  it('has the same bytes each time', async () => {
    expect(Buffer.compare(await archiveOf(smplMembers(body)), await archiveOf(smplMembers(body)))).toBe(0);
  }, 60_000);
});

describe('poses of an npz', () => {
  it('become vertices and joints, frame by frame', async () => {
    const file = parsePoseFile(await poseArchive({ poses: [70, 24, 3], betas: [70, 10], trans: [70, 3] }), 'poses.npz');
    const arrays = readNpz(await archiveOf(posedMembers(body, file)));
    expect(arrays.get('vertices')!.shape).toEqual([70, body.vertexCount, 3]);
    expect(arrays.get('joints')!.shape).toEqual([70, 24, 3]);
    const [vertices, joints] = [arrays.get('vertices')!.data, arrays.get('joints')!.data];
    for (const frame of [0, 63, 64, 69]) {
      const expected = evaluateReference(body, {
        betas: file.betas.subarray(frame * 10, frame * 10 + 10),
        rotations: rotationsFromAxisAngles(file.poses.subarray(frame * 72, frame * 72 + 72)),
        translation: file.translations.subarray(frame * 3, frame * 3 + 3),
      });
      const size = body.vertexCount * 3;
      expect(largestDifference(vertices.slice(frame * size, (frame + 1) * size), expected.vertices)).toBeLessThan(1e-5);
      expect(largestDifference(joints.slice(frame * 72, (frame + 1) * 72), expected.joints)).toBeLessThan(1e-5);
    }
  }, 60_000);

  it('may leave shape and place out', async () => {
    const file = parsePoseFile(await poseArchive({ poses: [2, 72] }), 'poses.npz');
    expect([file.frames, file.betas.length, file.translations.length]).toEqual([2, 10, 6]);
  });

  it.each([
    ['no poses', { betas: [10] }, 'it has no array named poses'],
    ['none at all', { poses: [0, 72] }, 'it has no poses'],
    ['hands', { poses: [3, 156] }, 'poses is 3 x 156 (SMPL-H) where n x 72 or n x 24 x 3 is expected'],
    ['no global orientation', { poses: [3, 69] }, 'poses is 3 x 69 (SMPL without the global orientation)'],
    ['one pose without n', { poses: [72] }, 'poses is 72 where n x 72'],
    ['matrices', { poses: [3, 24, 3, 3] }, 'poses is 3 x 24 x 3 x 3 where'],
    ['300 betas', { poses: [3, 72], betas: [300] }, 'betas is 300 where 10 or 3 x 10 is expected'],
    ['betas of other frames', { poses: [3, 72], betas: [4, 10] }, 'betas is 4 x 10 where 10 or 3 x 10 is expected'],
    ['places of other frames', { poses: [3, 72], trans: [4, 3] }, 'trans is 4 x 3 where 3 x 3 is expected'],
  ])('say what is wrong: %s', async (_name, shapes, sentence) => {
    const bytes = await poseArchive(shapes as Record<string, number[]>);
    expect(() => parsePoseFile(bytes, 'poses.npz')).toThrow(sentence);
    expect(() => parsePoseFile(bytes, 'poses.npz')).toThrow(AppError);
  });

  it('refuse numbers that are not finite', async () => {
    const poses = numbers([1, 72], 1);
    poses[5] = Number.NaN;
    const bytes = await archiveOf([{ name: 'poses', type: '<f4', shape: [1, 72], pieces: [poses] }]);
    expect(() => parsePoseFile(bytes, 'poses.npz')).toThrow('poses holds a number that is not finite');
  });
});
