import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { restoreDocument } from '#core/document/migrations';
import { applyPatches, type Edit } from '#core/document/patch';
import { editFromPlan } from '#core/document/planToEdit';
import type { ProjectDocument } from '#core/document/schema';
import { planOutside } from '#core/tracks/boxEdits';
import { boxRows } from '#core/tracks/boxRows';
import { planSplit, planSwap } from '#core/tracks/identityEdits';
import { brokenInvariants } from '#core/tracks/invariants';
import { hasFrame } from '#core/frames/span';
import { mergeHands, planMerge, previewMerge, resolveOverlaps } from '#core/tracks/mergeEdits';
import { BOX_ORIGIN } from '#core/tracks/track';
import { documentOf, somebody } from './documents';
import { type Dice, editOf, RANDOM_TRACKS, randomEdit } from './randomEdits';

const share = fc.double({ min: 0, max: 0.999999, noNaN: true });
const dice: fc.Arbitrary<Dice> = fc.tuple(share, share, share, share);
const rolls = fc.array(dice, { minLength: 1, maxLength: 25 });
const isLong = process.env['RETAKE_SLOW'] === '1';

/** A person whose box runs through keyframes from frame 10 to 80. */
function curved(number: number, mode: 'linear' | 'smooth') {
  const keyframes = [10, 22, 35, 36, 60, 80].map((frame, index) => ({
    frame,
    box: {
      x: 100 + 60 * (index % 3) + frame,
      y: 40 - 7 * index,
      width: 50 + 20 * (index % 2),
      height: 120 + 9 * index,
    },
  }));
  const interpolated = keyframes.slice(1).flatMap(({ frame }, index) => {
    const from = (keyframes[index]?.frame ?? 0) + 1;
    return frame > from ? [{ from, to: frame }] : [];
  });
  return somebody(number, { keyframes, interpolated, ...(mode === 'smooth' ? { smooth: interpolated } : {}) });
}

const start = documentOf([curved(1, 'smooth'), curved(2, 'linear'), somebody(3)]);

/** As it comes back from the journal. */
function written(edit: Edit): Edit {
  return JSON.parse(JSON.stringify(edit)) as Edit;
}

function after(document: ProjectDocument, edit: Edit | undefined): ProjectDocument {
  return edit ? applyPatches(document, edit.patches) : document;
}

function edited(list: readonly Dice[]): ProjectDocument {
  return list.reduce((document, dice) => after(document, randomEdit(document, dice)), start);
}

/** Boxes of all people on each frame, whoever they are of. */
function allBoxes(document: ProjectDocument): string[] {
  const rows = document.people.map((person) => boxRows(person, RANDOM_TRACKS, document.media.frameCount));
  return Array.from({ length: document.media.frameCount }, (_, frame) =>
    rows
      .filter(({ origins }) => origins[frame] !== BOX_ORIGIN.absent)
      .map(({ boxes }) => [...boxes.subarray(frame * 4, frame * 4 + 4)].map((value) => value.toFixed(3)).join(' '))
      .sort()
      .join(' | '),
  );
}

describe('any sequence of edits', () => {
  it('keeps every rule of the document, and is undone and redone to the letter', () => {
    let edits = 0;
    fc.assert(
      fc.property(rolls, (list) => {
        const states = [start];
        const done: Edit[] = [];
        for (const roll of list) {
          const before = states.at(-1) ?? start;
          const edit = randomEdit(before, roll);
          if (!edit) continue;
          const next = after(before, written(edit));
          expect([edit.label, brokenInvariants(next)]).toEqual([edit.label, []]);
          states.push(next);
          done.push(written(edit));
          edits += 1;
        }
        const saved: unknown = JSON.parse(JSON.stringify(states.at(-1)));
        expect(restoreDocument(saved).document).toEqual(states.at(-1));
        let document = states.at(-1) ?? start;
        for (let at = done.length - 1; at >= 0; at--) {
          document = applyPatches(document, done[at]?.inverse ?? []);
          expect(document).toEqual(states[at]);
        }
        for (const [at, edit] of done.entries()) {
          document = applyPatches(document, edit.patches);
          expect(document).toEqual(states[at + 1]);
        }
      }),
      { numRuns: isLong ? 5000 : 400 },
    );
    expect(edits).toBeGreaterThan(1000);
  }, 120_000);

  it('lets identities change hands without moving a box, also of smooth curves', () => {
    fc.assert(
      fc.property(rolls, dice, (list, [kind, who, when, how]) => {
        const before = edited(list);
        const ids = before.people.filter(({ locked }) => !locked).map(({ id }) => id);
        const [id, other] = [who, how].map((roll) => ids[Math.floor(roll * ids.length)] ?? '');
        const frame = Math.floor(when * 100);
        const plan =
          kind > 0.5
            ? planSplit(before, id ?? '', frame)
            : planSwap(before, id ?? '', other ?? '', { from: frame, to: frame + 1 + Math.floor(how * 40) });
        expect(allBoxes(after(before, editOf(before, plan)))).toEqual(allBoxes(before));
      }),
      { numRuns: isLong ? 3000 : 200 },
    );
  }, 120_000);

  it('merges so that nobody loses a box but where both had one, and there as it was chosen', () => {
    fc.assert(
      fc.property(rolls, dice, (list, [, who, , how]) => {
        const before = edited(list);
        const ids = before.people.filter(({ locked }) => !locked).map(({ id }) => id);
        const [first = '', second = ''] = [who, how].map((roll) => ids[Math.floor(roll * ids.length)]);
        const preview = previewMerge(before, RANDOM_TRACKS, first, second);
        if (!preview) return;
        const choices = resolveOverlaps(preview.overlaps, how > 0.5 ? 'better' : preview.gone);
        const next = after(before, editOf(before, planMerge(before, RANDOM_TRACKS, first, second, choices)));
        const said = mergeHands(before, RANDOM_TRACKS, first, second, choices);
        const rowsOf = (document: ProjectDocument, id: string) => {
          const person = document.people.find((entry) => entry.id === id);
          return person && boxRows(person, RANDOM_TRACKS, 100);
        };
        const [kept, gone, merged] = [
          rowsOf(before, preview.kept),
          rowsOf(before, preview.gone),
          rowsOf(next, preview.kept),
        ];
        if (!kept || !gone || !merged) throw new Error('both were there and one is');
        for (let frame = 0; frame < 100; frame++) {
          const choice = choices.find(({ from, to }) => frame >= from && frame < to)?.keep;
          const isGones = kept.origins[frame] === 0 || (choice === preview.gone && gone.origins[frame] !== 0);
          const isFromGone = isGones && gone.origins[frame] !== 0;
          const hands = [said?.given, said?.dropped, said?.replaced].map((spans) => hasFrame(spans ?? [], frame));
          expect([frame, ...hands]).toEqual([
            ...[frame, isFromGone, !isFromGone && gone.origins[frame] !== 0],
            isFromGone && kept.origins[frame] !== 0,
          ]);
          const source = isGones ? gone : kept;
          const at = frame * 4;
          expect([frame, merged.origins[frame] !== 0]).toEqual([frame, source.origins[frame] !== 0]);
          merged.boxes.subarray(at, at + 4).forEach((value, side) => {
            expect(value).toBeCloseTo(source.boxes[at + side] ?? 0, 6);
          });
        }
      }),
      { numRuns: isLong ? 3000 : 200 },
    );
  }, 120_000);
});

it('the engine makes the same edits of plans as the page, without immer', () => {
  fc.assert(
    fc.property(rolls, dice, (list, [, who, when, how]) => {
      const before = edited(list);
      const id = before.people[Math.floor(who * before.people.length)]?.id ?? '';
      for (const plan of [
        planSplit(before, id, Math.floor(when * 100)),
        planOutside(before, id, { from: 3, to: 40 }, how > 0.5),
      ]) {
        const [page, engine] = [editOf(before, plan), plan && editFromPlan(before, plan)];
        expect(engine === undefined).toBe(page === undefined);
        const next = after(before, engine);
        expect(next).toEqual(after(before, page));
        expect(applyPatches(next, engine?.inverse ?? [])).toEqual(before);
      }
    }),
    { numRuns: 100 },
  );
}, 60_000);
