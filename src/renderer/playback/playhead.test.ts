import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPlayhead, type PlayheadClock } from './playhead';

class FakeClock implements PlayheadClock {
  time = 0;
  private pending: (() => void) | undefined;
  now = () => this.time;
  request = (callback: () => void) => {
    this.pending = callback;
    return 1;
  };
  cancel = () => {
    this.pending = undefined;
  };
  /** Lets `ms` pass and refreshes the screen once. */
  refresh(ms: number): void {
    this.time += ms;
    const callback = this.pending;
    this.pending = undefined;
    callback?.();
  }
}

const even = (count: number, rate = 30) => ({
  timeBase: { numerator: 1, denominator: rate * 512 },
  pts: Array.from({ length: count }, (_, index) => index * 512),
});

function start(times = even(100)) {
  const clock = new FakeClock();
  const head = createPlayhead(clock);
  head.setMedia(times);
  return { clock, head };
}

describe('playhead', () => {
  it('clamps and rounds what it is asked to show', () => {
    const { head } = start();
    head.seek(1e9);
    expect(head.frame()).toBe(99);
    head.seek(-4);
    expect(head.frame()).toBe(0);
    head.seek(4.6);
    expect(head.frame()).toBe(5);
    head.step(-10);
    expect(head.frame()).toBe(0);
  });

  it('shows the frame that wall time asks for, dropping frames rather than slowing', () => {
    const { clock, head } = start();
    head.play();
    clock.refresh(20);
    expect(head.frame()).toBe(0);
    clock.refresh(980);
    expect(head.frame()).toBe(30);
  });

  it('follows the pts table of a variable-rate clip', () => {
    const { clock, head } = start({ timeBase: { numerator: 1, denominator: 1000 }, pts: [500, 600, 1500, 1510, 2500] });
    head.play();
    clock.refresh(99);
    expect(head.frame()).toBe(0);
    clock.refresh(2);
    expect(head.frame()).toBe(1);
    clock.refresh(800);
    expect(head.frame()).toBe(1);
    clock.refresh(100);
    expect(head.frame()).toBe(2);
    clock.refresh(12);
    expect(head.frame()).toBe(3);
  });

  it('stops on the last frame after showing it for its time, and starts over from there', () => {
    const { clock, head } = start(even(3));
    head.play();
    clock.refresh(80);
    expect([head.frame(), head.isPlaying()]).toEqual([2, true]);
    clock.refresh(30);
    expect([head.frame(), head.isPlaying()]).toEqual([2, false]);
    head.play();
    expect([head.frame(), head.isPlaying()]).toEqual([0, true]);
  });

  it('loops over a range and stays in it', () => {
    const { clock, head } = start();
    head.setLoop({ from: 10, to: 20 });
    head.play();
    expect(head.frame()).toBe(10);
    for (let k = 0; k < 300; k++) {
      clock.refresh(16.7);
      expect(head.frame()).toBeGreaterThanOrEqual(10);
      expect(head.frame()).toBeLessThan(20);
    }
    expect(head.isPlaying()).toBe(true);
  });

  it('plays backwards and at other rates', () => {
    const { clock, head } = start();
    head.seek(90);
    head.setRate(-2);
    head.play();
    clock.refresh(1000);
    expect([head.frame(), head.direction()]).toEqual([30, -1]);
    clock.refresh(5000);
    expect([head.frame(), head.isPlaying()]).toEqual([0, false]);
  });

  it('goes on from where it was sought while playing', () => {
    const { clock, head } = start();
    head.play();
    clock.refresh(500);
    head.seek(60);
    clock.refresh(100);
    expect([head.frame(), head.isPlaying()]).toEqual([63, true]);
  });

  it('tells listeners only of changes', () => {
    const { clock, head } = start();
    let calls = 0;
    const end = head.subscribe(() => calls++);
    head.seek(0);
    expect(calls).toBe(0);
    head.play();
    clock.refresh(1);
    expect(calls).toBe(1);
    clock.refresh(40);
    expect(calls).toBe(2);
    end();
    head.pause();
    expect(calls).toBe(2);
  });

  it('never leaves the video, whatever the pts and the refreshes', () => {
    const steps = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 30 });
    const waits = fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(steps, waits, fc.constantFrom(1, 2, -1, 0.5), (gaps, refreshes, rate) => {
        const pts = gaps.reduce<number[]>((list, gap) => [...list, (list.at(-1) ?? 0) + gap], [0]);
        const { clock, head } = start({ timeBase: { numerator: 1, denominator: 1000 }, pts });
        head.setRate(rate);
        head.play();
        let last = head.frame();
        for (const wait of refreshes) {
          clock.refresh(wait);
          expect(head.frame()).toBeGreaterThanOrEqual(0);
          expect(head.frame()).toBeLessThan(pts.length);
          expect((head.frame() - last) * Math.sign(rate)).toBeGreaterThanOrEqual(0);
          last = head.frame();
        }
      }),
    );
  });
});
