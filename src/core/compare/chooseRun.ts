import type { ProjectDocument } from '../document/schema';
import type { Span } from '../frames/span';
import { framesText } from '../tracks/boxEdit';
import { setList } from '../tracks/personChange';

/** A choice of a run, to be applied as one undoable edit. */
export interface ChoiceEdit {
  label: string;
  frame: number;
  person: string;
  recipe: (document: ProjectDocument) => void;
}

/** A kept run as a choice names it. */
export interface ChosenRun {
  id: string;
  name: string;
}

/**
 * Plans that a person's bodies on the frames of `span` come from a kept run, or from the newest one (`undefined`). Choices
 * remember whose rows they take, so that a swap of identities leaves the bodies where they are. Undefined when the person is
 * unknown or nothing would change.
 */
export function planChoice(
  document: ProjectDocument,
  id: string,
  span: Span,
  run: ChosenRun | undefined,
): ChoiceEdit | undefined {
  const person = document.people.find((entry) => entry.id === id);
  if (!person || span.to <= span.from) return undefined;
  const own = person.choices ?? [];
  const kept = own.flatMap((choice) =>
    [
      { ...choice, to: Math.min(choice.to, span.from) },
      { ...choice, from: Math.max(choice.from, span.to) },
    ].filter(({ from, to }) => to > from),
  );
  const chosen = run ? [{ from: span.from, to: span.to, run: run.id, person: id }] : [];
  const next = joined([...kept, ...chosen].sort((a, b) => a.from - b.from));
  if (JSON.stringify(next) === JSON.stringify(own)) return undefined;
  return {
    label: `Use ${run?.name ?? 'newest run'}, ${framesText(span)}`,
    frame: span.from,
    person: id,
    recipe: (draft) => {
      const found = draft.people.find((entry) => entry.id === id);
      if (found) setList(found, 'choices', next);
    },
  };
}

/** Choices that touch and are of the same rows made one; ordered, not overlapping. */
function joined<T extends { from: number; to: number; run: string; person?: string | undefined }>(
  ordered: readonly T[],
): T[] {
  const list: T[] = [];
  for (const choice of ordered) {
    const last = list[list.length - 1];
    if (last && last.to === choice.from && last.run === choice.run && last.person === choice.person) {
      list[list.length - 1] = { ...last, to: choice.to };
    } else list.push(choice);
  }
  return list;
}
