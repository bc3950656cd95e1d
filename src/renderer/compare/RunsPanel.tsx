import { Save, Trash2, TriangleAlert } from 'lucide-react';
import { NEWEST_RUN } from '#core/protocol/bulkRoutes';
import type { KeptRun } from '#core/protocol/runMessages';
import { Button } from '../controls/Button';
import { Choice } from '../controls/Choice';
import { IconButton } from '../controls/IconButton';
import { Banner, Count, EmptyState } from '../controls/Marks';
import { PanelBar } from '../panels/PanelBar';
import { useProject } from '../session/projectStore';
import { estimatorTitles, useTitles } from '../session/titles';
import { selectPerson, useView } from '../session/viewStore';
import styles from './compare.module.css';
import { comparedPerson, type Letter, runOf, useCompare } from './compareStore';
import { LetterMark } from './LetterMark';
import { keepAsA, removeRun, renameRun, showAs } from './runActions';
import { whatDiffers } from './whatDiffers';

function Pick({ letter, run }: { letter: Letter; run: { id: string; name: string } }) {
  const isPicked = useCompare((state) => state.ids[letter] === run.id);
  return (
    <button
      type="button"
      className={styles['pick']}
      aria-pressed={isPicked}
      aria-label={`${run.name} is ${letter}`}
      onClick={() => showAs(letter, run.id)}
    >
      {isPicked ? <LetterMark letter={letter} /> : letter}
    </button>
  );
}

function KeptRunRow({ run }: { run: KeptRun }) {
  const readOnly = useProject((state) => state.project?.readOnly !== undefined);
  const { estimator, quality } = estimatorTitles(useTitles(), run.settings);
  const time = new Date(run.keptAt).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  return (
    <li className={styles['run']}>
      <Pick letter="A" run={run} />
      <Pick letter="B" run={run} />
      <div>
        <input
          key={run.name}
          className={styles['name']}
          defaultValue={run.name}
          maxLength={80}
          readOnly={readOnly}
          aria-label={`Name of ${run.name}`}
          onBlur={({ target }) => target.value !== run.name && void renameRun(run.id, target.value)}
          onKeyDown={({ key, currentTarget }) => key === 'Enter' && currentTarget.blur()}
        />
        <small>
          {estimator}, {quality}, {time}
        </small>
      </div>
      <IconButton
        icon={Trash2}
        size="s"
        quiet
        disabled={readOnly}
        label={`Remove ${run.name}`}
        onClick={() => void removeRun(run)}
      />
    </li>
  );
}

function WhatDiffers() {
  const state = useCompare((current) => current);
  const project = useProject((current) => current.project);
  const titles = useTitles();
  const [a, b] = [runOf(state, project, 'A'), runOf(state, project, 'B')];
  if (!a || !b) return null;
  return (
    <section className={styles['part']}>
      <h3>What differs</h3>
      <dl className={styles['differs']}>
        {whatDiffers(a, b, titles).map(({ name, a: inA, b: inB }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              {inA === inB ? (
                <>
                  {inA} <small>same</small>
                </>
              ) : (
                <>
                  <span>
                    <LetterMark letter="A" /> {inA}
                  </span>
                  <span>
                    <LetterMark letter="B" /> {inB}
                  </span>
                </>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function PersonChoice() {
  const people = useProject((state) => state.project?.document.people) ?? [];
  useView((state) => state.selection);
  const shown = people.filter(({ foldedBecause }) => foldedBecause === undefined);
  const person = comparedPerson();
  if (shown.length === 0 || person === undefined) return null;
  return (
    <section className={styles['part']}>
      <h3>Person</h3>
      <Choice
        label="Person to compare"
        fill
        value={person}
        options={shown.map(({ id, number, name }) => ({ id, title: `${number} ${name}` }))}
        onChange={(id) => selectPerson(id)}
      />
    </section>
  );
}

/** Kept runs and the newest, which of them is A and which B, what they were made with, and whom they are compared on. */
export function RunsPanel() {
  const runs = useCompare((state) => state.runs);
  const readOnly = useProject((state) => state.project?.readOnly !== undefined);
  const passedOver = useProject((state) => state.project?.results.passedOver) ?? [];
  return (
    <>
      <PanelBar title="Runs">
        <Count>{runs.length + 1}</Count>
      </PanelBar>
      <div className={styles['scroll']}>
        {passedOver.map((sentence) => (
          <Banner key={sentence} tone="warn" icon={TriangleAlert} title={sentence} />
        ))}
        {runs.length === 0 && (
          <EmptyState
            title="No run kept yet"
            text="Keep the bodies as they are now, then run again with other boxes, quality or smoothing: both stay."
          />
        )}
        <ul className={styles['runs']} aria-label="Runs">
          <li className={styles['run']}>
            <Pick letter="A" run={{ id: NEWEST_RUN, name: 'Newest run' }} />
            <Pick letter="B" run={{ id: NEWEST_RUN, name: 'Newest run' }} />
            <div>
              <b>Newest run</b>
              <small>the next run changes it</small>
            </div>
          </li>
          {[...runs].reverse().map((run) => (
            <KeptRunRow key={run.id} run={run} />
          ))}
        </ul>
        <div className={styles['part']}>
          <Button icon={Save} disabled={readOnly} onClick={() => void keepAsA()}>
            Keep as run A
          </Button>
        </div>
        <WhatDiffers />
        <PersonChoice />
      </div>
    </>
  );
}
