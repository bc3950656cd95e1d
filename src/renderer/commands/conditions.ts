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

/** Why {@link canEditPerson} says no; undefined where there is nobody to edit. */
export function whyNotEdit(): string | undefined {
  const { project } = projectStore.getState();
  if (!project || project.document.people.length === 0) return undefined;
  if (project.readOnly) return project.readOnly.message;
  const person = personById(selectedPersonId() ?? '');
  if (!person) return 'Nobody is selected: click a box, or press ]';
  return person.locked ? `${person.name} is locked` : undefined;
}

/** A region of the page (`timeline`, `stage`, `viewport` …, see `data-region`) has the keyboard focus. */
export function isRegionFocused(region: string): boolean {
  return document.activeElement?.closest('[data-region]')?.getAttribute('data-region') === region;
}
