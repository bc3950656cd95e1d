import { useEffect, useState } from 'react';
import { ACTOR_NAME_LENGTH, type Actor } from '#core/document/actor';
import type { Person } from '#core/document/schema';
import { Button } from '../controls/Button';
import { Choice } from '../controls/Choice';
import controls from '../controls/controls.module.css';
import { toAppError } from '../session/engineError';
import { notify } from '../session/notices';
import { projectStore } from '../session/projectStore';
import styles from './inspector.module.css';
import { Section } from './Prop';

function fail(error: unknown): void {
  const problem = toAppError(error);
  notify({ level: 'error', text: problem.message, detail: problem.hint });
}

/** Shapes kept under a name, to be used for other people and in other clips. Those of other bodies are not offered. */
export function ActorSection(props: {
  person: Person;
  bodyModel: string;
  betas: readonly number[];
  onApply: (betas: readonly number[], what: string) => void;
}) {
  const { person, bodyModel, betas, onApply } = props;
  const [actors, setActors] = useState<readonly Actor[]>([]);
  const [chosen, setChosen] = useState('');
  const [name, setName] = useState<string>();
  const load = () => projectStore.getState().client?.actors.list({}).then(setActors, fail);
  useEffect(() => void load(), []);
  const fitting = actors.filter((actor) => actor.bodyModel === bodyModel);
  const others = actors.length - fitting.length;
  const actor = fitting.find(({ id }) => id === chosen) ?? fitting[0];
  const save = async () => {
    const { client } = projectStore.getState();
    const title = (name ?? person.name).trim();
    if (!client || title === '') return;
    try {
      const saved = await client.actors.save({ name: title, bodyModel, betas: [...betas] });
      await load();
      setChosen(saved.id);
      setName(undefined);
      notify({ level: 'info', text: `Actor ${saved.name} saved` });
    } catch (error) {
      fail(error);
    }
  };
  const remove = async () => {
    const { client } = projectStore.getState();
    if (!client || !actor) return;
    const { id: _, savedAt: __, ...again } = actor;
    try {
      await client.actors.remove({ id: actor.id });
      await load();
      const undo = () => void client.actors.save(again).then(load, fail);
      notify({ level: 'info', text: `Actor ${actor.name} removed`, action: { title: 'Undo', run: undo } });
    } catch (error) {
      fail(error);
    }
  };
  return (
    <Section title="Actors" note="shapes kept for other clips">
      {actor ? (
        <div className={styles['buttons']}>
          <Choice
            label="Actor"
            fill
            value={actor.id}
            options={fitting.map(({ id, name: title }) => ({ id, title }))}
            onChange={setChosen}
          />
          <Button
            size="s"
            disabled={person.locked}
            onClick={() => onApply(actor.betas, `Actor ${actor.name} as shape`)}
          >
            Apply
          </Button>
          <Button size="s" look="ghost" onClick={() => void remove()}>
            Remove
          </Button>
        </div>
      ) : (
        <p className={styles['note']}>None yet: save this shape under a name to use it again.</p>
      )}
      {others > 0 && (
        <p className={styles['note']}>
          {others} more {others === 1 ? 'belongs' : 'belong'} to other bodies, whose betas mean nothing here.
        </p>
      )}
      <div className={styles['buttons']}>
        <label className={`${controls['field']} ${styles['spacer']}`}>
          <input
            aria-label="Name of the actor"
            maxLength={ACTOR_NAME_LENGTH}
            data-undo={name === undefined ? 'page' : 'field'}
            value={name ?? person.name}
            onChange={(event) => setName(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter') void save();
            }}
          />
        </label>
        <Button size="s" onClick={() => void save()}>
          Save as actor
        </Button>
      </div>
    </Section>
  );
}
