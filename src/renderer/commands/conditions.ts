import { personById, projectStore } from '../session/projectStore';
import { selectedPersonId } from '../session/viewStore';

/** A project is open. */
export function isProjectOpen(): boolean {
  return projectStore.getState().project !== undefined;
}

/** Exactly what edits need: a project that may be changed and a selected person who is not locked. */
export function canEditPerson(): boolean {
  const { project } = projectStore.getState();
  const id = selectedPersonId();
  const person = id === undefined ? undefined : personById(id);
  return project !== undefined && project.readOnly === undefined && person !== undefined && !person.locked;
}

/** A region of the page (`timeline`, `stage`, `viewport` …, see `data-region`) has the keyboard focus. */
export function isRegionFocused(region: string): boolean {
  return document.activeElement?.closest('[data-region]')?.getAttribute('data-region') === region;
}
