import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spansWhere } from '../frames/span';
import { chosenSpans } from './chosenSpans';

const FRAMES = 40;

describe('which run a person shows', () => {
  it('is what was chosen, and the newest run on every other frame with a body', () => {
    const cuts = fc.uniqueArray(fc.integer({ min: 0, max: FRAMES }), { minLength: 2, maxLength: 8 });
    const presence = fc.array(fc.boolean(), { minLength: FRAMES, maxLength: FRAMES });
    fc.assert(
      fc.property(cuts, presence, (unordered, has) => {
        const ordered = [...unordered].sort((a, b) => a - b);
        const choices = ordered.slice(1).flatMap((to, at) => {
          const from = ordered[at]!;
          return at % 3 === 0 ? [] : [{ from, to, run: `run ${at}` }];
        });
        const present = spansWhere(FRAMES, (frame) => has[frame] === true);
        const spans = chosenSpans({ choices }, present);
        for (let frame = 0; frame < FRAMES; frame++) {
          const found = spans.filter(({ from, to }) => frame >= from && frame < to);
          const chosen = choices.find(({ from, to }) => frame >= from && frame < to);
          expect(found.map(({ run }) => run)).toEqual(chosen ? [chosen.run] : has[frame] ? [undefined] : []);
        }
      }),
    );
  });
});
