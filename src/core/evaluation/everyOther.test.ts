import { describe, expect, it } from 'vitest';
import { everyOther } from './everyOther';

describe('everyOther', () => {
  it('keeps frames 0, 2, 4 of everything, at half the rate', () => {
    const frames = 5;
    const numbers = (length: number) => Float64Array.from({ length: frames * length }, (_, at) => at);
    const present = Uint8Array.of(1, 0, 0, 1, 1);
    const box = (x: number) => ({ x, y: 0, width: 1, height: 1 });
    const person = {
      id: '1',
      joints: { frames, joints: 2, positions: numbers(6), present },
      picture: { frames, joints: 2, positions: numbers(4), present },
      boxes: [box(0), box(1), undefined, box(3), box(4)],
    };
    const half = everyOther({ fps: 60, frameCount: frames, people: [person] });
    expect([half.fps, half.frameCount]).toEqual([30, 3]);
    const [kept] = half.people;
    expect([...kept!.joints.present]).toEqual([1, 0, 1]);
    expect([...Array.from(kept!.joints.positions)].filter((_, at) => at % 6 === 0)).toEqual([0, 12, 24]);
    expect([...Array.from(kept!.picture.positions)].slice(4, 8)).toEqual([8, 9, 10, 11]);
    expect(kept!.boxes.map((entry) => entry?.x)).toEqual([0, undefined, 4]);
  });
});
