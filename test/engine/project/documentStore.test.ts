import { appendFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Edit } from '#core/document/patch';
import type { ProjectDocument } from '#core/document/schema';
import { planMoveBox, planNewPerson } from '#core/tracks/boxEdits';
import { brokenInvariants } from '#core/tracks/invariants';
import { planDeletePeople } from '#core/tracks/personEdits';
import { DocumentStore } from '#engine/project/documentStore';
import { readSnapshot } from '#engine/project/snapshot';
import { documentOf, somebody } from './documents';
import { newProject } from './projects';
import { type Dice, editOf, randomEdit } from './randomEdits';

const BOX = { x: 250, y: 150, width: 60, height: 90 };
const people = [somebody(1), somebody(2), somebody(3)];

function rename(document: ProjectDocument, name: string): Edit {
  const inverse = [{ op: 'replace' as const, path: ['name'], value: document.name }];
  return { label: `Name it ${name}`, patches: [{ op: 'replace', path: ['name'], value: name }], inverse };
}

function found(document: ProjectDocument, more: readonly ReturnType<typeof somebody>[]): Edit {
  const nextNumber = Math.max(document.nextNumber, ...more.map(({ number }) => number + 1));
  const change = (list: ProjectDocument['people'], number: number) => [
    { op: 'replace' as const, path: ['people'], value: list },
    { op: 'replace' as const, path: ['nextNumber'], value: number },
  ];
  return {
    label: 'Found people',
    patches: change([...document.people, ...more], nextNumber),
    inverse: change(document.people, document.nextNumber),
  };
}

const share = fc.double({ min: 0, max: 0.999999, noNaN: true });
const acts = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.tuple(share, share, share, share).map((dice) => ({ act: 'edit' as const, dice })) },
    { weight: 2, arbitrary: fc.constant({ act: 'undo' as const }) },
    { weight: 2, arbitrary: fc.constant({ act: 'redo' as const }) },
    { weight: 1, arbitrary: fc.constant({ act: 'reopen' as const }) },
    { weight: 1, arbitrary: fc.constant({ act: 'crash' as const }) },
    { weight: 1, arbitrary: fc.constant({ act: 'save' as const }) },
  ),
  { minLength: 1, maxLength: 40 },
);

describe('the document of a project', () => {
  it('goes through any sequence of edits, undo, redo, closing and crashes as a list of states would', () => {
    fc.assert(
      fc.property(acts, (list) => {
        const folder = newProject(documentOf(people));
        let store = new DocumentStore(folder, false);
        const states: ProjectDocument[] = [store.document];
        let at = 0;
        for (const step of list) {
          if (step.act === 'edit') {
            const edit = randomEdit(store.document, step.dice satisfies Dice);
            if (!edit) continue;
            store.apply(store.seq, edit);
            states.splice(at + 1, states.length, store.document);
            at += 1;
          } else if (step.act === 'undo') {
            store.undo();
            at = Math.max(0, at - 1);
          } else if (step.act === 'redo') {
            store.redo();
            at = Math.min(states.length - 1, at + 1);
          } else if (step.act === 'save') store.save();
          else {
            if (step.act === 'reopen') store.close();
            const { seq } = store;
            store = new DocumentStore(folder, false);
            expect(store.seq).toBe(seq);
          }
          expect(store.document).toEqual(states[at]);
          expect(brokenInvariants(store.document)).toEqual([]);
          const { undo, redo } = store.history();
          expect([undo.length, redo.length]).toEqual([at, states.length - 1 - at]);
        }
        expect(store.warnings).toEqual([]);
        store.close();
      }),
      // As many as a minute allows where the long tests run.
      { numRuns: process.env['RETAKE_SLOW'] === '1' ? 600 : 60 },
    );
  }, 60_000);

  it('undoes and redoes many steps at once by number', () => {
    const folder = newProject(documentOf(people));
    const store = new DocumentStore(folder, false);
    const seqs = ['a', 'b', 'c', 'd'].map((name) => store.apply(store.seq, rename(store.document, name)));
    store.undo(seqs[1]);
    expect(store.document.name).toBe('a');
    expect(store.history().redo.map(({ label }) => label)).toEqual(['Name it d', 'Name it c', 'Name it b']);
    store.redo(seqs[2]);
    expect(store.document.name).toBe('c');
    store.close();
    const again = new DocumentStore(folder, false);
    again.undo(seqs[0]);
    expect(again.document.name).toBe('Clip');
    again.redo(seqs[3]);
    expect(again.document.name).toBe('d');
    again.undo(1_000_000);
    expect(again.document.name).toBe('d');
    again.close();
  });

  it('refuses an edit made for an older document, and one that would break the schema', () => {
    const store = new DocumentStore(newProject(documentOf(people)), false);
    store.apply(0, rename(store.document, 'first'));
    expect(() => store.apply(0, rename(store.document, 'second'))).toThrow(
      expect.objectContaining({ code: 'EDIT_CONFLICT' }),
    );
    const bad = (path: (string | number)[], value: unknown): Edit => ({
      label: 'Bad',
      patches: [{ op: 'replace', path, value }],
      inverse: [],
    });
    const invalid = expect.objectContaining({ code: 'INVALID_ARGUMENT' });
    for (const [path, value] of [
      [['people', 0, 'number'], 0],
      [['people', 0, 'id'], '../../escape'],
      [['people', 0, 'id'], 'p2'],
      [['people', 0, 'keyframes'], [{ frame: 0.5, box: { x: 0, y: 0, width: 5, height: 5 } }]],
      [['people', 9, 'name'], 'nobody'],
      [['media', 'path'], '/etc/passwd'],
      [['id'], 'other'],
      [[], {}],
    ] satisfies [(string | number)[], unknown][]) {
      expect(() => store.apply(store.seq, bad(path, value))).toThrow(invalid);
    }
    expect(() => store.apply(store.seq, { ...rename(store.document, 'x'), frame: Infinity })).toThrow(invalid);
    expect(store.document.name).toBe('first');
    expect(store.seq).toBe(1);
    store.close();
  });

  it('takes an edit made before the engine found more people', () => {
    const store = new DocumentStore(newProject(documentOf(people)), false);
    const before = store.document;
    const move = editOf(before, planMoveBox(before, 'p1', 50, BOX));
    store.applySystem(found(before, [somebody(4)]));
    if (!move) throw new Error('a box moves');
    store.apply(0, move);
    expect(store.document.people.map(({ id }) => id)).toEqual(['p1', 'p2', 'p3', 'p4']);
    expect(store.document.people[0]?.keyframes).toHaveLength(1);
    store.close();
  });

  it('does not take one when people lost their places', () => {
    const store = new DocumentStore(newProject(documentOf(people)), false);
    const before = store.document;
    const patches = [{ op: 'replace' as const, path: ['people'], value: before.people.slice(1) }];
    const inverse = [{ op: 'replace' as const, path: ['people'], value: before.people }];
    store.applySystem({ label: 'Found', patches, inverse });
    expect(() => store.apply(0, rename(before, 'x'))).toThrow(expect.objectContaining({ code: 'EDIT_CONFLICT' }));
    store.close();
  });

  it('keeps people found since when an older edit is undone, redone, and after a restart', () => {
    const folder = newProject(documentOf(people));
    const store = new DocumentStore(folder, false);
    const remove = editOf(store.document, planDeletePeople(store.document, new Map(), ['p1']));
    const draw = editOf(store.document, planNewPerson(store.document, 50, BOX));
    if (!remove || !draw) throw new Error('both change something');
    store.apply(store.seq, draw);
    store.applySystem(found(store.document, [somebody(9)]));
    store.undo();
    const ids = () => store.document.people.map(({ id }) => id);
    expect(ids()).toEqual(['p1', 'p2', 'p3', 'p9']);
    expect(store.document.nextNumber).toBe(10);
    store.redo();
    expect(ids().sort()).toEqual(['p1', 'p2', 'p3', 'p9', 'person-4']);
    store.apply(store.seq, remove);
    store.applySystem(found(store.document, [somebody(11)]));
    store.undo();
    expect(ids()).toContain('p11');
    expect(ids()).toContain('p1');
    const reopened = new DocumentStore(folder, true);
    expect(reopened.document).toEqual(store.document);
    store.close();
  });

  it('writes a snapshot every 200 changes', () => {
    const folder = newProject(documentOf(people));
    const store = new DocumentStore(folder, false);
    for (let k = 0; k < 199; k++) store.apply(store.seq, rename(store.document, `n${k}`));
    expect(readSnapshot(folder).seq).toBe(0);
    store.apply(store.seq, rename(store.document, 'n199'));
    expect(readSnapshot(folder)).toMatchObject({ seq: 200, document: { name: 'n199' } });
    store.close();
  });

  it('leaves a torn end aside with a sentence, in front of the person, not silently', () => {
    const folder = newProject(documentOf(people));
    const store = new DocumentStore(folder, false);
    for (const name of ['a', 'b', 'c']) store.apply(store.seq, rename(store.document, name));
    truncateSync(folder.journal, readFileSync(folder.journal).length - 5);
    const again = new DocumentStore(folder, false);
    expect(again.document.name).toBe('b');
    expect(again.warnings[0]).toMatch(/left out/);
    expect(existsSync(folder.rejected)).toBe(true);
    again.apply(again.seq, rename(again.document, 'd'));
    again.close();
    const third = new DocumentStore(folder, false);
    expect([third.document.name, third.warnings]).toEqual(['d', []]);
    third.close();
  });

  it('opens as of the last whole line, whatever happened to a line, keeps the rest aside, and goes on', () => {
    const harm = fc.record({
      kind: fc.constantFrom('flip', 'cut', 'drop', 'repeat', 'repeatAll', 'garbage'),
      line: fc.nat(5),
      at: fc.nat(),
    });
    fc.assert(
      fc.property(harm, ({ kind, line, at }) => {
        const folder = newProject(documentOf(people));
        const store = new DocumentStore(folder, false);
        for (const name of 'abcdef') store.apply(store.seq, rename(store.document, name));
        const lines = readFileSync(folder.journal, 'latin1').match(/[^\n]*\n/g) ?? [];
        const own = lines[line] ?? '';
        const bytes = Buffer.from(own, 'latin1');
        if (kind === 'flip') bytes[at % (bytes.length - 1)]! ^= 1;
        const harmed = {
          flip: bytes.toString('latin1'),
          cut: own.slice(0, at % (own.length - 1)),
          drop: '',
          repeat: own + own,
          repeatAll: lines.slice(0, line + 1).join(''),
          garbage: `${own}not a line\n`,
        }[kind];
        const before = lines.slice(0, line).join('');
        const whole = kind === 'repeatAll' ? lines.slice(0, line + 1).join('') : before;
        writeFileSync(folder.journal, whole + harmed + lines.slice(line + 1).join(''), 'latin1');
        const isMended = kind === 'repeat' || kind === 'repeatAll' || (kind === 'drop' && line === 5);
        const expected = isMended
          ? kind === 'drop'
            ? 'e'
            : 'f'
          : ['Clip', ...'abcdef'][kind === 'garbage' ? line + 1 : line];
        const again = new DocumentStore(folder, false);
        expect(again.document.name).toBe(expected);
        expect(again.warnings.length).toBe(isMended ? 0 : 1);
        const kept = readFileSync(folder.journal, 'latin1') + (isMended ? '' : readFileSync(folder.rejected, 'latin1'));
        for (const other of lines.slice(line + 1)) expect(kept).toContain(other);
        again.apply(again.seq, rename(again.document, 'after'));
        const third = new DocumentStore(folder, true);
        expect([third.document.name, third.warnings]).toEqual(['after', []]);
        again.close();
      }),
      { numRuns: 60 },
    );
  });

  it('leaves edits aside that do not fit the document', () => {
    const folder = newProject(documentOf(people));
    const store = new DocumentStore(folder, false);
    const move = editOf(store.document, planMoveBox(store.document, 'p3', 50, BOX));
    if (!move) throw new Error('a box moves');
    store.apply(store.seq, move);
    store.apply(store.seq, rename(store.document, 'after'));
    writeFileSync(folder.document, JSON.stringify({ seq: 0, document: documentOf([]) }));
    const again = new DocumentStore(folder, false);
    expect([again.seq, again.document.people, again.warnings.length]).toEqual([0, [], 1]);
    again.close();
  });

  it('is not disturbed by a reader, and a reader changes nothing', () => {
    const folder = newProject(documentOf(people));
    const store = new DocumentStore(folder, false);
    store.apply(store.seq, rename(store.document, 'a'));
    appendFileSync(folder.journal, '12345678 {"half');
    const bytes = readFileSync(folder.journal);
    const reader = new DocumentStore(folder, true);
    expect([reader.document.name, reader.warnings]).toEqual(['a', []]);
    expect(() => reader.apply(reader.seq, rename(reader.document, 'b'))).toThrow(
      expect.objectContaining({ code: 'READ_ONLY' }),
    );
    expect(() => reader.undo()).toThrow(expect.objectContaining({ code: 'READ_ONLY' }));
    reader.close();
    expect(readFileSync(folder.journal)).toEqual(bytes);
    store.close();
  });

  it('starts a fresh project without the edits of one whose document is gone', () => {
    const folder = newProject(documentOf(people));
    const store = new DocumentStore(folder, false);
    store.apply(store.seq, rename(store.document, 'old'));
    writeFileSync(folder.document, '');
    expect(() => new DocumentStore(folder, false)).toThrow(expect.objectContaining({ code: 'PROJECT_DAMAGED' }));
    expect(readFileSync(folder.journal).length).toBeGreaterThan(0);
    expect(() => DocumentStore.create(folder, documentOf([]))).toThrow(
      expect.objectContaining({ code: 'FILE_EXISTS' }),
    );
  });

  it('tells listeners what changed and where to look', () => {
    const store = new DocumentStore(newProject(documentOf(people)), false);
    const heard: unknown[] = [];
    const stop = store.subscribe((change) => heard.push(change));
    store.apply(0, { ...rename(store.document, 'a'), frame: 7, person: 'p1' });
    store.undo();
    stop();
    store.redo();
    expect(heard).toEqual([
      { label: 'Name it a', isOlder: false },
      { label: 'Undid: Name it a', isOlder: false, reveal: { frame: 7, person: 'p1' } },
    ]);
    store.close();
  });
});
