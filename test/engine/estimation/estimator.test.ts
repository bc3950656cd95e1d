import { describe, expect, it } from 'vitest';
import { blazePoseEstimator } from '#engine/estimation/estimators/blazepose/index';
import { OBSERVATION, packObservation, readObservation } from '#engine/estimation/estimators/blazepose/observation';
import { estimators, findEstimator } from '#engine/estimation/registry';
import { DEFAULT_RUN_SETTINGS } from '#core/document/schema';

const noSessions = { open: () => Promise.reject(new Error('not here')), dispose: () => Promise.resolve() };

describe('the estimator registry', () => {
  it('has what a new project asks for', () => {
    const { estimator, quality } = DEFAULT_RUN_SETTINGS;
    expect(findEstimator(estimator)).toBe(blazePoseEstimator);
    expect(estimators[0].qualities.map(({ id }) => id)).toContain(quality);
  });

  it('says what there is when asked for what there is not', () => {
    expect(() => findEstimator('magic')).toThrow(/no body estimator "magic"; known are: blazepose/);
  });

  it('has no third quality', async () => {
    await expect(blazePoseEstimator.createObserver('toString', noSessions)).rejects.toThrow(/no quality "toString"/);
  });
});

const weights = { fingerprint: '', bidirectional: false };

describe('what an edit affects', () => {
  it('is a margin on both sides within the track', () => {
    const track = { start: 100, length: 200, pieces: [{ from: 100, to: 300 }], rate: 30, weights };
    expect(blazePoseEstimator.affected({ from: 150, to: 160, presence: false }, track, {})).toEqual({
      from: 138,
      to: 172,
    });
    expect(blazePoseEstimator.affected({ from: 100, to: 300, presence: true }, track, {})).toEqual({
      from: 100,
      to: 300,
    });
  });

  it('is the same time at every frame rate', () => {
    const track = (rate: number) => ({ start: 0, length: 1000, pieces: [{ from: 0, to: 1000 }], rate, weights });
    const reach = (rate: number) =>
      blazePoseEstimator.affected({ from: 500, to: 501, presence: false }, track(rate), {});
    expect(reach(60)).toEqual({ from: 476, to: 525 });
    expect(reach(25)).toEqual({ from: 490, to: 511 });
    expect(reach(5)).toEqual({ from: 496, to: 505 });
    expect(blazePoseEstimator.needed({ from: 500, to: 501 }, track(60), {})).toEqual({ from: 380, to: 621 });
  });
});

describe('an observation', () => {
  it('comes back from its row', () => {
    const image = Float32Array.from({ length: 132 }, (_, k) => k);
    const world = Float32Array.from({ length: 99 }, (_, k) => -k);
    const roi = { centreX: 10, centreY: 20, side: 300, rotation: 0.5 };
    const row = packObservation({ image, world, score: 0.75, roi, flags: 3 });
    expect(row).toHaveLength(OBSERVATION.length);
    const two = new Float32Array(2 * OBSERVATION.length);
    two.set(row, OBSERVATION.length);
    const read = readObservation(two, 1);
    expect([...Float32Array.from(read.image)]).toEqual([...image]);
    expect([...Float32Array.from(read.world)]).toEqual([...world]);
    expect(read).toMatchObject({ score: 0.75, roi, flags: 3 });
  });

  it('refuses the wrong number of landmarks and rows that are not there', () => {
    const roi = { centreX: 0, centreY: 0, side: 1, rotation: 0 };
    expect(() => packObservation({ image: [1], world: [], score: 1, roi, flags: 0 })).toThrow(/132 and 99/);
    expect(() => readObservation(new Float32Array(10), 0)).toThrow(/no observation 0/);
  });
});
