import { useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import { projectStore } from '../session/projectStore';
import { trackDrag } from '../timeline/trackDrag';
import styles from './compare.module.css';
import { comparedPerson, comparedRun, compareStore, type Letter, runOf, useCompare } from './compareStore';
import { dividerAfterKey, moveDivider } from './CompareViews';
import { LetterMark } from './LetterMark';
import { runBodies, subscribeToRunBodies } from './runBodies';

/** The two runs by name; undefined while there are not two, or the view is closed. */
function useRunNames(): Record<Letter, string> | undefined {
  const state = useCompare((current) => current);
  const project = useStore(projectStore, (current) => current.project);
  const [a, b] = [runOf(state, project, 'A'), runOf(state, project, 'B')];
  return state.isOpen && a && b ? { A: a.name, B: b.name } : undefined;
}

function Divider({ where }: { where: string }) {
  const divider = useCompare((state) => state.divider);
  return (
    <div
      className={styles['divider']}
      style={{ left: `${100 * divider}%` }}
      role="slider"
      tabIndex={0}
      aria-label={`Divider of A and B over the ${where}`}
      aria-orientation="horizontal"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(100 * divider)}
      aria-valuetext={`A on the left ${Math.round(100 * divider)} %`}
      onDoubleClick={() => moveDivider(0.5)}
      onPointerDown={(event) => {
        const bounds = event.currentTarget.parentElement?.getBoundingClientRect();
        if (event.button !== 0 || !bounds) return;
        trackDrag(event, (clientX) => moveDivider((clientX - bounds.left) / bounds.width));
      }}
      onKeyDown={(event) => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        const next = dividerAfterKey(event.key, event.shiftKey, compareStore.getState().divider);
        if (next === undefined) return;
        event.preventDefault();
        moveDivider(next);
      }}
    />
  );
}

function Name({ letter, name, note, side }: { letter: Letter; name: string; note?: string; side?: 'left' | 'right' }) {
  return (
    <span className={styles['tag']} data-side={side}>
      <LetterMark letter={letter} />
      <b>{name}</b>
      {note && <small>{note}</small>}
    </span>
  );
}

/** How a run is drawn over the other, or why it is not. */
function useNote(letter: Letter): string {
  const isMissing = useSyncExternalStore(subscribeToRunBodies, () => runBodies[letter].isMissing());
  const person = useCompare(() => comparedPerson());
  const hasBody = useCompare(() => person === undefined || (comparedRun(letter)?.people.has(person) ?? true));
  if (isMissing) return 'its body is not here';
  if (!hasBody) return 'no body of this person';
  return letter === 'A' ? 'striped' : 'plain';
}

/** Over the video or the 3D view: which run is which, and the divider between them. */
export function CompareLayer({ where }: { where: 'video' | '3D view' }) {
  const names = useRunNames();
  const view = useCompare((state) => state.view);
  const blink = useCompare((state) => state.blink);
  const notes = { A: useNote('A'), B: useNote('B') };
  if (!names) return null;
  return (
    <div className={`${styles['layer']} ${where === 'video' ? 'on-video' : ''}`} data-where={where}>
      {view === 'split' && (
        <>
          <Name letter="A" name={names.A} side="left" />
          <Name letter="B" name={names.B} side="right" />
          <Divider where={where} />
        </>
      )}
      {view === 'blink' && <Name letter={blink} name={names[blink]} side="left" />}
      {view === 'ghost' && (
        <div className={styles['legend']}>
          <Name letter="A" name={names.A} note={notes.A} />
          <Name letter="B" name={names.B} note={notes.B} />
        </div>
      )}
    </div>
  );
}
