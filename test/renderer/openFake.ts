import { vi } from 'vitest';
import type { Person } from '#core/document/schema';
import { startEditing, stopEditing } from '../../src/renderer/session/editing';
import { projectStore } from '../../src/renderer/session/projectStore';
import { titlesStore } from '../../src/renderer/session/titles';
import { FakeEngine } from './fakeEngine';
import { fakeDocument, fakeProject } from './fakeProject';

/** Opens a fake project with these people in the page's stores, and two bodies that have names. */
export function openFake(people: Person[]): FakeEngine {
  const engine = new FakeEngine(fakeProject(fakeDocument(people)));
  vi.stubGlobal('fetch', engine.fetch);
  const { project } = engine;
  projectStore.setState({ client: engine.client, project: { ...project, readOnly: undefined, tracks: new Map() } });
  startEditing(project.projectId, project.document, project.seq);
  const bodies = [
    { id: 'default-body', title: 'Retake default body' },
    { id: 'smpl-neutral-1', title: 'SMPL neutral (imported)' },
  ];
  titlesStore.setState({ bodies, estimators: [] });
  return engine;
}

/** Closes what {@link openFake} opened. */
export function closeFake(): void {
  stopEditing();
  projectStore.setState({ client: undefined, project: undefined });
  vi.unstubAllGlobals();
}
