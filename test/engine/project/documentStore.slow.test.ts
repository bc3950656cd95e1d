import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Edit } from '#core/document/patch';
import type { ProjectDocument } from '#core/document/schema';
import { DocumentStore } from '#engine/project/documentStore';
import { documentOf, somebody } from './documents';
import { newProject } from './projects';

const people = [somebody(1), somebody(2), somebody(3)];

function rename(document: ProjectDocument, name: string): Edit {
  const inverse = [{ op: 'replace' as const, path: ['name'], value: document.name }];
  return { label: `Name it ${name}`, patches: [{ op: 'replace', path: ['name'], value: name }], inverse };
}

describe('the document of a project', () => {
  it('cuts a long journal, loses nothing by it, and can still undo what it kept', () => {
    const folder = newProject(documentOf(people));
    const store = new DocumentStore(folder, false);
    for (let k = 0; k < 2005; k++) store.apply(store.seq, rename(store.document, `n${k}`));
    store.undo();
    store.close();
    expect(readFileSync(folder.journal, 'utf8').trimEnd().split('\n')).toHaveLength(500);
    const again = new DocumentStore(folder, false);
    expect([again.seq, again.document.name]).toEqual([2006, 'n2003']);
    again.redo();
    expect(again.document.name).toBe('n2004');
    again.undo(1);
    expect(again.document.name).toBe('n1505');
    again.close();
  }, 60_000);
});
