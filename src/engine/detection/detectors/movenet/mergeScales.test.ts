import { describe, expect, it } from 'vitest';
import type { Box } from '#core/tracks/box';
import type { Detection } from '#core/tracks/track';
import { mergeScales } from './mergeScales';
import { withWholeBody } from './wholeBody';

/** A person whose keypoints stand in two columns, `shift` px to the right. */
function person(box: Box, score: number, keypointBox: Box = box, shift = 0): Detection {
  const keypoints = new Float32Array(51);
  for (let keypoint = 0; keypoint < 17; keypoint++) {
    const x = keypointBox.x + keypointBox.width * (keypoint % 2 === 0 ? 0.3 : 0.7) + shift;
    keypoints.set([x, keypointBox.y + (keypointBox.height * (keypoint + 1)) / 18, 0.6], keypoint * 3);
  }
  return { box, score, keypoints };
}

const whole: Box = { x: 100, y: 100, width: 120, height: 400 };
const merged = (...people: Detection[]) => mergeScales([{ people, cell: 10 }]).map(({ score }) => score);

describe('mergeScales', () => {
  it('keeps the best of two scales that found the same person', () => {
    const coarse = { people: [person({ ...whole, x: 108, height: 380 }, 0.6)], cell: 30 };
    const fine = { people: [person(whole, 0.9)], cell: 10 };
    expect(mergeScales([coarse, fine])).toEqual([fine.people[0]]);
    expect(mergeScales([fine, coarse])).toEqual([fine.people[0]]);
  });

  it('takes two readings of blurred limbs at two scales for one person', () => {
    const fine = { people: [person(whole, 0.9)], cell: 10 };
    const coarse = { people: [person({ ...whole, width: 150 }, 0.6, whole, 90)], cell: 30 };
    expect(mergeScales([coarse, fine])).toEqual(fine.people);
    expect(mergeScales([{ people: [...fine.people, ...coarse.people], cell: 10 }])).toHaveLength(2);
  });

  it('drops a fragment of a person and keeps somebody else before them', () => {
    const upper = { ...whole, height: 190 };
    expect(merged(person(whole, 0.9), person(upper, 0.4, whole))).toEqual([0.9]);
    const child = { x: 120, y: 320, width: 70, height: 170 };
    expect(merged(person(whole, 0.9), person(child, 0.5))).toEqual([0.9, 0.5]);
  });

  it('keeps two people who overlap by half with poses of their own', () => {
    const other = { ...whole, x: 145 };
    expect(merged(person(whole, 0.9), person(other, 0.8, other, 40))).toEqual([0.9, 0.8]);
  });

  it('goes by the boxes when there are no keypoints', () => {
    const { box } = person(whole, 1);
    expect(
      merged({ box, score: 0.9 }, { box: { ...box, x: 130 }, score: 0.7 }, { box: { ...box, x: 200 }, score: 0.5 }),
    ).toEqual([0.9, 0.5]);
  });
});

describe('withWholeBody', () => {
  it('widens the box to a raised hand, not to a doubtful or far-off keypoint', () => {
    const raised = person(whole, 0.9);
    raised.keypoints?.set([130, 80, 0.5], 9 * 3);
    raised.keypoints?.set([0, 300, 0.1], 10 * 3);
    expect(withWholeBody(raised).box).toEqual({ x: 100, y: 68, width: 120, height: 432 });
    raised.keypoints?.set([130, -900, 0.5], 9 * 3);
    expect(withWholeBody(raised).box).toEqual({ x: 100, y: 0, width: 120, height: 500 });
  });
});
