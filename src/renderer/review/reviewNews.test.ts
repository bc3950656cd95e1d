import { describe, expect, it } from 'vitest';
import { produce } from 'immer';
import { planReviewed } from '#core/review/reviewEdits';
import { planMoveBox } from '#core/tracks/boxEdits';
import { planSplit } from '#core/tracks/identityEdits';
import type { PersonEdit } from '#core/tracks/boxEdit';
import { fakeDocument, fakePerson } from '../../../test/renderer/fakeProject';
import { lostReviews } from './reviewNews';

const document = fakeDocument([fakePerson(1, 0, 100, { reviewed: [{ from: 10, to: 40 }] })]);

function lostBy(edit: PersonEdit | undefined): number {
  if (!edit) throw new Error('nothing to do');
  return lostReviews(document, produce(document, edit.recipe));
}

describe('reviews that an edit takes', () => {
  const box = { x: 1, y: 2, width: 30, height: 40 };

  it('are those of the frames whose box changed', () => {
    expect(lostBy(planMoveBox(document, 'p1', 20, box))).toBe(1);
    expect(lostBy(planMoveBox(document, 'p1', 60, box))).toBe(0);
  });

  it('do not count when a human takes the mark back', () => {
    expect(lostBy(planReviewed(document, 'p1', { from: 0, to: 30 }, false))).toBe(0);
  });

  it('do not count when they only go to another person', () => {
    expect(lostBy(planSplit(document, 'p1', 25))).toBe(0);
  });
});
