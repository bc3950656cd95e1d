import { Check, Disc, Eye, EyeOff, Lock, LockOpen } from 'lucide-react';
import { memo, useRef } from 'react';
import type { Person } from '#core/document/schema';
import { CommandContextMenu } from '../controls/CommandContextMenu';
import { IconButton } from '../controls/IconButton';
import { useInSight } from '../controls/useInSight';
import { boxSpans } from '../session/boxSpans';
import { useProject } from '../session/projectStore';
import { selectPerson, useView } from '../session/viewStore';
import { useChecks } from '../review/checkStore';
import { formatNumber, formatPercent } from '../wording/numbers';
import { presenceText, shortPresence } from '../wording/presence';
import { PersonThumbnail } from './PersonThumbnail';
import { PERSON_MENU, selectForMenu } from './personMenu';
import { toggleLocked, toggleSolo, toggleVisible } from './peopleActions';
import styles from './people.module.css';
import { QualityStrip } from './QualityStrip';

/** Eye, solo and lock of a person; inside the row's one Tab stop, so reached with the arrow keys' neighbours E, Shift+E. */
export function PersonActions({ person, tabIndex }: { person: Person; tabIndex: number }) {
  const isSolo = useView((state) => state.solo.includes(person.id));
  return (
    <span className={styles['actions']}>
      <IconButton
        size="s"
        tabIndex={tabIndex}
        icon={person.visible ? Eye : EyeOff}
        label={`${person.visible ? 'Hide' : 'Show'} ${person.name}`}
        shortcut="E"
        quiet={!person.visible}
        onClick={() => toggleVisible(person.id)}
      />
      <IconButton
        size="s"
        tabIndex={tabIndex}
        icon={Disc}
        label={`Solo ${person.name}`}
        shortcut="Shift+E"
        pressed={isSolo}
        onClick={() => toggleSolo(person.id)}
      />
      <IconButton
        size="s"
        tabIndex={tabIndex}
        icon={person.locked ? Lock : LockOpen}
        label={`${person.locked ? 'Unlock' : 'Lock'} ${person.name}`}
        shortcut="Ctrl+Shift+L"
        quiet={!person.locked}
        onClick={() => toggleLocked(person.id)}
      />
    </span>
  );
}

/** Reviewed frames of those with a box; nothing before the first mark. */
function Reviewed({ personId }: { personId: string }) {
  const count = useChecks((state) => state.counts.get(personId));
  if (!count || count.reviewed === 0) return null;
  const text = `${formatNumber(count.reviewed)} of ${formatNumber(count.frames)} frames reviewed`;
  return (
    <span className={styles['reviewed']} title={text}>
      <Check size={11} strokeWidth={2.2} aria-label={text} /> {formatPercent(count.reviewed / count.frames)}
    </span>
  );
}

/** Where the person is in the clip, and on how many frames where that is not all of them. */
function Presence({ person }: { person: Person }) {
  const spans = useProject(({ project }) => project && boxSpans(person, project));
  if (!spans) return null;
  return (
    <div className={styles['meta']} title={presenceText(spans)}>
      {shortPresence(spans)}
    </div>
  );
}

/** One person of the list: who, where in the clip, how good, and what can be done. */
export const PersonRow = memo(function PersonRow(props: { person: Person; isTabStop: boolean }) {
  const { person, isTabStop } = props;
  const isSelected = useView((state) => state.selection.includes(person.id));
  const element = useRef<HTMLDivElement>(null);
  useInSight(element, isSelected);
  const row = (
    <div
      ref={element}
      className={styles['person']}
      role="row"
      aria-selected={isSelected}
      data-person={person.id}
      data-hidden={!person.visible}
      tabIndex={isTabStop ? 0 : -1}
      onClick={(event) => {
        if (event.target instanceof Element && event.target.closest('button')) return;
        selectPerson(person.id, event.shiftKey || event.ctrlKey || event.metaKey ? 'toggle' : 'only');
      }}
    >
      <div role="gridcell">
        <PersonThumbnail person={person} />
      </div>
      <div role="gridcell" className={styles['facts']}>
        <div className={styles['title']}>
          <span className={styles['name']}>{person.name}</span>
          <Reviewed personId={person.id} />
        </div>
        <Presence person={person} />
        <QualityStrip personId={person.id} name={person.name} />
      </div>
      <div role="gridcell">
        <PersonActions person={person} tabIndex={isTabStop ? 0 : -1} />
      </div>
    </div>
  );
  return <CommandContextMenu element={row} groups={PERSON_MENU} onOpen={() => selectForMenu(person.id)} />;
});
