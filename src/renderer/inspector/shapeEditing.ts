import { useEffect, useState } from 'react';
import { planShape } from '#core/document/bodyEdits';
import type { ShapeFacts } from '#core/protocol/shapeMessages';
import { cancelBodyEdit, commitBodyEdit, previewBodyEdit } from '../session/bodyGesture';
import { toAppError } from '../session/engineError';
import { notify } from '../session/notices';
import { projectStore } from '../session/projectStore';

/** A shape in words, or what is changed of one. */
export type Words = ShapeFacts['words'];

function plan(personId: string, betas: readonly number[], what: string) {
  const { project } = projectStore.getState();
  if (!project) return undefined;
  return planShape(project.document, personId, { bodyModel: project.results.bodyModel, betas: [...betas] }, what);
}

/** What the shown betas mean in words; undefined until the engine has said so. The one before stays while it asks. */
export function useShapeFacts(betas: readonly number[]): ShapeFacts | undefined {
  const [facts, setFacts] = useState<ShapeFacts>();
  const key = betas.join(' ');
  useEffect(() => {
    const { client, project } = projectStore.getState();
    let isCurrent = true;
    const asked = { bodyModel: project?.results.bodyModel ?? '', betas: key.split(' ').map(Number) };
    client?.shapes.words(asked).then(
      (answer) => isCurrent && setFacts(answer),
      () => undefined,
    );
    return () => {
      isCurrent = false;
    };
  }, [key]);
  return facts;
}

/** Changes of one person's shape while they are in hand, and when they are kept. */
export interface ShapeEditing {
  /** Betas that are shown in place of the document's while something is dragged. */
  betas: readonly number[] | undefined;
  /** True when the last words asked for more than bodies have. */
  isClamped: boolean;
  words(words: Words, isKept: boolean): void;
  beta(index: number, value: number, isKept: boolean): void;
  apply(betas: readonly number[], what: string): void;
  cancel(): void;
}

/** See {@link ShapeEditing}. The engine turns words into betas; the newest wish counts. */
export function useShapeEditing(personId: string, shown: readonly number[]): ShapeEditing {
  const [betas, setBetas] = useState<readonly number[]>();
  const [isClamped, setClamped] = useState(false);
  const [turn] = useState({ newest: 0, base: undefined as readonly number[] | undefined });
  const show = (next: readonly number[], isKept: boolean, what = 'Shape') => {
    if (isKept) {
      turn.base = undefined;
      setBetas(undefined);
      commitBodyEdit(plan(personId, next, what));
    } else {
      setBetas(next);
      previewBodyEdit(plan(personId, next, what));
    }
  };
  return {
    betas,
    isClamped,
    words(words, isKept) {
      const { client, project } = projectStore.getState();
      if (!client || !project) return;
      const own = ++turn.newest;
      turn.base ??= shown;
      client.shapes.betas({ bodyModel: project.results.bodyModel, betas: [...turn.base], words }).then(
        (answer) => {
          if (own !== turn.newest) return;
          setClamped(answer.isClamped);
          show(answer.betas, isKept);
        },
        (error: unknown) => notify({ level: 'error', text: toAppError(error).message }),
      );
    },
    beta(index, value, isKept) {
      turn.newest++;
      turn.base ??= shown;
      setClamped(false);
      show(turn.base.with(index, value), isKept, `Beta ${index}`);
    },
    apply(next, what) {
      turn.newest++;
      setClamped(false);
      show(next, true, what);
    },
    cancel() {
      turn.newest++;
      turn.base = undefined;
      setBetas(undefined);
      cancelBodyEdit();
    },
  };
}
