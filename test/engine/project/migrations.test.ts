import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { migratePatch, migrations, restoreDocument } from '#core/document/migrations';
import { DOCUMENT_VERSION, documentSchema } from '#core/document/schema';
import { DocumentStore } from '#engine/project/documentStore';
import { projectFolder } from '#engine/project/projectFolder';
import { readSnapshot } from '#engine/project/snapshot';
import { documentOf, somebody } from './documents';
import { newProject, scratchFolder } from './projects';

/** Projects as earlier versions of Retake wrote them; frozen, never made again. */
const frozen = join(import.meta.dirname, '../../fixtures/projects');

function copyOf(version: number) {
  const root = join(scratchFolder(), 'clip.retake');
  mkdirSync(root);
  cpSync(join(frozen, `version${version}`), root, { recursive: true });
  return projectFolder(root);
}

describe('documents of earlier versions', () => {
  it('have a step each, and a frozen project each', () => {
    expect(migrations.map(({ from }) => from)).toEqual(Array.from({ length: DOCUMENT_VERSION - 1 }, (_, at) => at + 1));
    for (const { from } of migrations) {
      expect(readFileSync(join(frozen, `version${from}`, 'project.json'), 'utf8')).toContain(
        `"schemaVersion": ${from}`,
      );
    }
  });

  it('of version 1 are brought up to this one with their edits, which can still be undone', () => {
    const folder = copyOf(1);
    const store = new DocumentStore(folder, false);
    expect([store.seq, store.warnings]).toEqual([14, []]);
    const people = store.document.people.map(({ name, number, keyframes }) => [number, name, keyframes.length]);
    expect(people).toEqual([
      [1, 'Ämily 820 🤸', 3],
      [2, 'Ämily 530 🤸', 0],
      [3, 'Person 3', 0],
      [4, 'Person 4', 1],
      [5, 'Person 5', 0],
      [7, 'Person 7', 1],
      [8, 'Person 8', 1],
      [9, 'Person 9', 1],
    ]);
    expect(store.document.settings).toMatchObject({ focalFactor: 1.2, estimatorOptions: {} });
    expect(store.history().undo).toHaveLength(12);
    store.undo(1);
    expect(store.document.people.map(({ id }) => id)).toEqual(['p1', 'p2', 'p3']);
    // The settings came back by a patch of version 1.
    expect(documentSchema.parse(store.document)).toEqual(store.document);
    expect(store.document.settings.focalFactor).toBe(0.85);
    store.redo(1_000_000);
    expect(store.document.settings).toMatchObject({ focalFactor: 1.2, estimatorOptions: {} });
    store.close();
  });

  it('are written in this version at once, so that an earlier Retake does not edit them', () => {
    const folder = copyOf(1);
    const first = new DocumentStore(folder, false);
    // Killed here: nothing was closed or saved.
    expect(readSnapshot(folder)).toMatchObject({ seq: 14, writtenVersion: DOCUMENT_VERSION });
    const second = new DocumentStore(folder, false);
    expect(second.document).toEqual(first.document);
    expect(second.history()).toEqual(first.history());
    second.close();
  });

  it('are not touched by a reader', () => {
    const folder = copyOf(1);
    const store = new DocumentStore(folder, true);
    expect(store.document.schemaVersion).toBe(DOCUMENT_VERSION);
    store.close();
    expect(readSnapshot(folder).writtenVersion).toBe(1);
  });

  it('leave patches of other places alone', () => {
    const patch = { op: 'replace' as const, path: ['people', 0, 'name'], value: 'x' };
    expect(migratePatch(patch, 1)).toBe(patch);
    const gone = { op: 'remove' as const, path: ['settings'] };
    expect(migratePatch(gone, 1)).toBe(gone);
  });
});

describe('documents of a newer version', () => {
  function newer(changes: Record<string, unknown>) {
    const folder = newProject(documentOf([somebody(1)]));
    const document = { ...documentOf([somebody(1)]), schemaVersion: DOCUMENT_VERSION + 1, ...changes };
    writeFileSync(folder.document, JSON.stringify({ seq: 0, document }));
    return folder;
  }

  it('can be looked at, where this build understands them, and stay as they are', () => {
    const folder = newer({ feeling: 'new' });
    const bytes = readFileSync(folder.document);
    expect(() => new DocumentStore(folder, false)).toThrow(expect.objectContaining({ code: 'PROJECT_NEWER' }));
    const store = new DocumentStore(folder, true);
    expect(store.document.people).toHaveLength(1);
    expect(() => store.undo()).not.toThrow();
    store.close();
    expect(readFileSync(folder.document)).toEqual(bytes);
  });

  it('say that they are newer where it does not', () => {
    const folder = newer({ people: { by: 'id' } });
    expect(() => new DocumentStore(folder, true)).toThrow(expect.objectContaining({ code: 'PROJECT_NEWER' }));
  });

  it('are told from what is no document', () => {
    expect(() => restoreDocument({ schemaVersion: 'two' })).toThrow();
    expect(() => restoreDocument([])).toThrow();
  });
});
