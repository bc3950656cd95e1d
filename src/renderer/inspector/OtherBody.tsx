import { TriangleAlert } from 'lucide-react';
import { planResetShape, planShape } from '#core/document/bodyEdits';
import type { Person } from '#core/document/schema';
import { Button } from '../controls/Button';
import { Banner } from '../controls/Marks';
import { applyBodyEdit } from '../session/bodyGesture';
import { toAppError } from '../session/engineError';
import { notify } from '../session/notices';
import { projectStore } from '../session/projectStore';
import { bodyTitle, useTitles } from '../session/titles';
import styles from './inspector.module.css';
import { Section } from './Prop';

/** Drops the shape that a human set, on whichever body. */
export function resetShape(personId: string): void {
  const { project } = projectStore.getState();
  if (project) applyBodyEdit(planResetShape(project.document, personId));
}

/** Sets the shape of this body that has the stature and the mass of the one that was set; the rest as estimated. */
async function refit(person: Person, bodyModel: string, estimate: readonly number[]): Promise<void> {
  const { client } = projectStore.getState();
  const { shapeEdit } = person;
  if (!client || !shapeEdit) return;
  try {
    const [set, own] = await Promise.all([
      client.shapes.words(shapeEdit),
      client.shapes.words({ bodyModel, betas: [...estimate] }),
    ]);
    const { stature, mass } = set.words;
    const words = { ...own.words, stature, mass };
    const fitted = await client.shapes.betas({ bodyModel, betas: [...estimate], words });
    const { project } = projectStore.getState();
    if (!project) return;
    applyBodyEdit(planShape(project.document, person.id, { bodyModel, betas: fitted.betas }, 'Refit shape'));
    if (!fitted.isClamped) return;
    const text = 'No shape of this body is quite like that; the nearest one is set';
    notify({ level: 'info', text, detail: `${(stature * 100).toFixed(1)} cm and ${mass.toFixed(1)} kg were wanted.` });
  } catch (error) {
    const problem = toAppError(error);
    notify({ level: 'error', text: problem.message, detail: problem.hint });
  }
}

/** A shape that was set for another body: said, not shown; fitted anew or let go of in one step. */
export function OtherBody(props: {
  person: Person;
  /** The body that is shown. */
  bodyModel: string;
  /** Betas of the estimate on that body; undefined where there is none yet. */
  estimate: ArrayLike<number> | undefined;
}) {
  const { person, bodyModel, estimate } = props;
  const titles = useTitles();
  const { shapeEdit } = person;
  if (!shapeEdit || shapeEdit.bodyModel === bodyModel) return null;
  const [from, to] = [bodyTitle(titles, shapeEdit.bodyModel), bodyTitle(titles, bodyModel)];
  const isKnown = titles.bodies.some(({ id }) => id === shapeEdit.bodyModel);
  const betas = Array.from(estimate ?? new Float32Array(shapeEdit.betas.length));
  return (
    <Section title="Another body">
      <Banner tone="warn" icon={TriangleAlert} title="The shape set by hand is not shown">
        It was made for another body: {from}. Its betas mean nothing to this one: {to}.
      </Banner>
      <div className={styles['buttons']}>
        <Button
          size="s"
          fill
          disabled={person.locked || !isKnown || bodyModel === ''}
          onClick={() => void refit(person, bodyModel, betas)}
        >
          Refit stature and weight
        </Button>
        <Button size="s" fill disabled={person.locked} onClick={() => resetShape(person.id)}>
          Reset shape
        </Button>
      </div>
    </Section>
  );
}
