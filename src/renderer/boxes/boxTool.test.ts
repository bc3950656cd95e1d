import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HANDLES } from './boxGeometry';
import { type BoxToolEffect, type BoxToolEvent, IDLE_BOX_TOOL, stepBoxTool } from './boxTool';

const media = { width: 640, height: 360 };
const box = { x: 100, y: 100, width: 80, height: 120 };
const plain = { alt: false, shift: false };

function run(events: BoxToolEvent[]) {
  let state = IDLE_BOX_TOOL;
  const effects: BoxToolEffect[] = [];
  for (const event of events) {
    const step = stepBoxTool(state, event, media);
    state = step.state;
    effects.push(...step.effects);
  }
  return { state, effects };
}

const press = (handle?: 'se'): BoxToolEvent => ({
  type: 'pressBox',
  at: { x: 120, y: 120 },
  person: 'p1',
  box,
  handle,
  isLocked: false,
});
const move = (x: number, y: number, screenDistance = 50, modifiers = plain): BoxToolEvent => ({
  type: 'move',
  at: { x, y },
  screenDistance,
  modifiers,
});
const release: BoxToolEvent = { type: 'release', lastSize: { width: 50, height: 100 } };

describe('stepBoxTool', () => {
  it('makes a click of a press without travel', () => {
    expect(run([press(), move(121, 120, 1), release])).toEqual({ state: IDLE_BOX_TOOL, effects: [] });
  });

  it('makes one gesture of a drag', () => {
    const { effects, state } = run([press(), move(130, 125), move(140, 130), release]);
    expect(effects).toEqual([
      { type: 'begin', person: 'p1', verb: 'Move' },
      { type: 'update', person: 'p1', box: { ...box, x: 110, y: 105 } },
      { type: 'update', person: 'p1', box: { ...box, x: 120, y: 110 } },
      { type: 'commit' },
    ]);
    expect(state).toEqual(IDLE_BOX_TOOL);
  });

  it('resizes by a handle, from the centre with Alt', () => {
    const { effects } = run([press('se'), move(130, 125, 50, { alt: true, shift: false }), release]);
    expect(effects[0]).toMatchObject({ type: 'begin', verb: 'Resize' });
    expect(effects[1]).toMatchObject({ type: 'update', box: { x: 90, y: 95, width: 100, height: 130 } });
  });

  it('takes a drag back on cancel', () => {
    expect(run([press(), move(130, 125), { type: 'cancel' }]).effects.at(-1)).toEqual({ type: 'cancel' });
    expect(run([press(), { type: 'cancel' }]).effects).toEqual([]);
  });

  it('does not start on a locked box', () => {
    const locked: BoxToolEvent = {
      type: 'pressBox',
      at: { x: 1, y: 1 },
      person: 'p1',
      box,
      handle: undefined,
      isLocked: true,
    };
    expect(run([locked, move(90, 90), release]).effects).toEqual([]);
  });

  it('draws by dragging, and places the size of the last box by clicking', () => {
    const down: BoxToolEvent = { type: 'pressToDraw', at: { x: 300, y: 200 } };
    expect(run([down, move(350, 260), release]).effects).toEqual([
      { type: 'create', box: { x: 300, y: 200, width: 50, height: 60 } },
    ]);
    expect(run([down, release]).effects).toEqual([{ type: 'create', box: { x: 275, y: 150, width: 50, height: 100 } }]);
  });

  it('edits by keyboard as one gesture, walking the handles with Tab', () => {
    const start: BoxToolEvent = { type: 'editByKeyboard', person: 'p1', box };
    const right: BoxToolEvent = { type: 'nudge', dx: 1, dy: 0, modifiers: plain };
    const { effects } = run([start, right, { type: 'nextHandle', step: -1 }, right, { type: 'keep' }]);
    expect(effects.filter((effect) => effect.type !== 'announceBox')).toEqual([
      { type: 'begin', person: 'p1', verb: 'Move' },
      { type: 'update', person: 'p1', box: { ...box, x: 101 } },
      { type: 'update', person: 'p1', box: { x: 102, y: 100, width: 79, height: 120 } },
      { type: 'commit' },
    ]);
    expect(run([start, { type: 'keep' }]).effects.some((effect) => effect.type === 'commit')).toBe(false);
    expect(run([start, right, { type: 'cancel' }]).effects.at(-1)).toEqual({ type: 'cancel' });
  });

  it('pairs every begin with one commit or cancel, whatever comes in', () => {
    const at = fc.record({ x: fc.integer({ min: -50, max: 700 }), y: fc.integer({ min: -50, max: 400 }) });
    const modifiers = fc.record({ alt: fc.boolean(), shift: fc.boolean() });
    const handle = fc.option(fc.constantFrom(...HANDLES.map((entry) => entry.id)), { nil: undefined });
    const event: fc.Arbitrary<BoxToolEvent> = fc.oneof(
      fc.record({
        type: fc.constant('pressBox' as const),
        at,
        person: fc.constant('p1'),
        box: fc.constant(box),
        handle,
        isLocked: fc.boolean(),
      }),
      fc.record({ type: fc.constant('pressToDraw' as const), at }),
      fc.record({ type: fc.constant('move' as const), at, screenDistance: fc.integer({ min: 0, max: 20 }), modifiers }),
      fc.constant(release),
      fc.constant<BoxToolEvent>({ type: 'cancel' }),
      fc.constant<BoxToolEvent>({ type: 'keep' }),
      fc.constant<BoxToolEvent>({ type: 'editByKeyboard', person: 'p1', box }),
      fc.record({
        type: fc.constant('nudge' as const),
        dx: fc.integer({ min: -9, max: 9 }),
        dy: fc.constant(0),
        modifiers,
      }),
      fc.record({ type: fc.constant('nextHandle' as const), step: fc.constantFrom(1 as const, -1 as const) }),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        let isOpen = false;
        for (const effect of run([...events, { type: 'cancel' }]).effects) {
          if (effect.type === 'begin') {
            expect(isOpen).toBe(false);
            isOpen = true;
          } else if (effect.type !== 'create' && effect.type !== 'announceBox') {
            expect(isOpen).toBe(true);
            if (effect.type !== 'update') isOpen = false;
            else expect(Math.min(effect.box.width, effect.box.height)).toBeGreaterThan(3.9);
          }
        }
        expect(isOpen).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});
