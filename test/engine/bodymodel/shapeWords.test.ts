import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measureBody } from '#core/body/bodyMeasures';
import {
  betasOfPerson,
  bodyMassIndex,
  betasOfWords,
  BETA_LIMIT,
  shapeTraits,
  solveMeasures,
  withStature,
  wordsOfBetas,
} from '#core/body/shapeWords';
import { syntheticSmpl } from '../../fixtures/body/syntheticSmpl';
import { defaultBody as body } from './archives';

const deviation = fc.double({ min: -2.5, max: 2.5, noNaN: true });
const tenDeviations = fc.array(deviation, { minLength: 10, maxLength: 10 });

describe('a shape in words', () => {
  it('is the mean person for betas 0', () => {
    const { stature, mass, build } = wordsOfBetas(body, []);
    expect(stature).toBeCloseTo(1.687, 3);
    expect(Math.abs(mass - 64)).toBeLessThan(0.6);
    expect(build).toBe(0);
  });

  it('comes back from words to betas', () => {
    fc.assert(
      fc.property(tenDeviations, (betas) => {
        const found = betasOfWords(body, wordsOfBetas(body, betas), betas.with(0, 0).with(1, 0));
        expect(found.isClamped).toBe(false);
        found.betas.forEach((beta, k) => expect(Math.abs(beta - betas[k]!)).toBeLessThan(1e-3));
      }),
      { numRuns: 12 },
    );
  });

  it('takes centimetres and kilograms as they are typed', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1.5, max: 1.95, noNaN: true }),
        fc.double({ min: 18.5, max: 32, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (stature, bmi, gender) => {
          const mass = bmi * stature * stature;
          const { betas, measures, isClamped } = betasOfPerson(body, { stature, mass, gender });
          expect(isClamped).toBe(false);
          expect(Math.abs(measures.stature - stature)).toBeLessThan(1e-4);
          expect(Math.abs(measures.mass - mass)).toBeLessThan(1e-2);
          expect(measureBody(body, betas)).toEqual(measures);
        },
      ),
      { numRuns: 15 },
    );
  });

  it('gives the nearest body and says so where nobody is like that', () => {
    for (const wanted of [
      { stature: 2.6, mass: 80 },
      { stature: 1.7, mass: 400 },
      { stature: 0.5, mass: 5 },
    ]) {
      const { betas, measures, isClamped } = solveMeasures(body, [], wanted);
      expect(isClamped).toBe(true);
      for (const beta of betas) expect(Math.abs(beta)).toBeLessThanOrEqual(BETA_LIMIT);
      expect(Number.isFinite(measures.stature + measures.mass)).toBe(true);
    }
  });

  it('moves one word and leaves the others', () => {
    const words = { ...wordsOfBetas(body, [0.5, 1]), build: 1.5, age: -1 };
    const again = wordsOfBetas(body, betasOfWords(body, words, [0.5, 1]).betas);
    for (const key of ['stature', 'mass', 'build', 'age', 'proportions'] as const) {
      expect(Math.abs(again[key] - words[key])).toBeLessThan(1e-2);
    }
  });

  it('keeps the build at another stature, and a typed mass exactly', () => {
    const mean = wordsOfBetas(body, []);
    for (const stature of [1.5, 1.7, 1.9, 2.05]) {
      const tall = betasOfWords(body, withStature(mean, stature));
      expect(tall.isClamped).toBe(false);
      expect(tall.measures.stature).toBeCloseTo(stature, 4);
      expect(bodyMassIndex(tall.measures)).toBeCloseTo(bodyMassIndex(mean), 2);
      const typed = betasOfWords(body, { ...wordsOfBetas(body, tall.betas), mass: 75 });
      expect(typed.measures.mass).toBeCloseTo(75, 2);
    }
  });

  it('knows no traits of betas that nobody has named', () => {
    expect(shapeTraits(syntheticSmpl())).toEqual([]);
    expect(shapeTraits(body)).toHaveLength(3);
  });
});
