import { describe, expect, it } from 'vitest';
import { fakeDocument, fakePerson } from '../../../test/renderer/fakeProject';
import { isChangedOn } from './changedOn';

const NONE = new Map();
const box = { x: 10, y: 10, width: 50, height: 100 };
const before = fakeDocument([fakePerson(1, 0, 100, { keyframes: [{ frame: 20, box }] })]);
const withPerson = (more: Parameters<typeof fakePerson>[3]) => fakeDocument([{ ...before.people[0]!, ...more }]);

describe('what is changed on a frame', () => {
  it('is a box, also one between keyframes, on its frames only', () => {
    const keyframes = [
      { frame: 20, box },
      { frame: 30, box: { ...box, x: 40 } },
    ];
    const after = withPerson({ keyframes, interpolated: [{ from: 21, to: 30 }] });
    const changed = [19, 20, 21, 29, 30, 31].map((frame) => isChangedOn(before, after, NONE, frame));
    expect(changed).toEqual([false, false, true, true, true, false]);
    expect(isChangedOn(after, before, NONE, 25)).toBe(true);
  });

  it('is a mark, a pose and a chosen run too', () => {
    const changes = [
      withPerson({ reviewed: [{ from: 5, to: 9 }] }),
      withPerson({ poseEdits: [{ frame: 6, joint: 3, kind: 'offset', rotation: [1, 0, 0] }] }),
      withPerson({ choices: [{ from: 6, to: 8, run: 'r' }] }),
    ];
    for (const after of changes) {
      expect(isChangedOn(before, after, NONE, 6)).toBe(true);
      expect(isChangedOn(before, after, NONE, 20)).toBe(false);
    }
  });

  it('is somebody who is new, where they have a box; a name is of no frame', () => {
    const more = fakeDocument([...before.people, fakePerson(2, 0, 1, { keyframes: [{ frame: 7, box }] })]);
    expect(isChangedOn(before, more, NONE, 7)).toBe(true);
    expect(isChangedOn(before, more, NONE, 8)).toBe(false);
    expect(isChangedOn(before, withPerson({ name: 'Jumper' }), NONE, 20)).toBe(false);
  });
});
