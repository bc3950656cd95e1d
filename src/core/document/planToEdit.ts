import type { Edit, Patch } from './patch';
import type { ProjectDocument } from './schema';

/** A planned change: what plans of boxes and people return. */
interface Plan {
  label: string;
  frame?: number;
  person?: string;
  recipe: (document: ProjectDocument) => void;
}

const PARTS = ['people', 'nextNumber', 'name', 'settings'] as const;

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function change(from: ProjectDocument, to: ProjectDocument): Patch[] {
  const ids = (document: ProjectDocument) => document.people.map(({ id }) => id);
  return PARTS.flatMap((part): Patch[] => {
    if (isSame(from[part], to[part])) return [];
    if (part !== 'people' || !isSame(ids(from), ids(to))) return [{ op: 'replace', path: [part], value: to[part] }];
    return to.people.flatMap((person, index) =>
      isSame(person, from.people[index]) ? [] : [{ op: 'replace' as const, path: ['people', index], value: person }],
    );
  });
}

/**
 * Makes a plan into the edit that is journaled, for callers without immer (the engine): whole people are replaced. Undefined
 * when the plan changes nothing.
 */
export function editFromPlan(document: ProjectDocument, plan: Plan): Edit | undefined {
  const after = JSON.parse(JSON.stringify(document)) as ProjectDocument;
  plan.recipe(after);
  const patches = change(document, after);
  if (patches.length === 0) return undefined;
  return {
    label: plan.label,
    ...(plan.frame === undefined ? {} : { frame: plan.frame }),
    ...(plan.person === undefined ? {} : { person: plan.person }),
    patches,
    inverse: change(after, document),
  };
}
