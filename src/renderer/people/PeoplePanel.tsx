import { ArrowDownUp, Plus, UserRound } from 'lucide-react';
import { useMemo } from 'react';
import { Button } from '../controls/Button';
import { IconButton } from '../controls/IconButton';
import { Count, EmptyState } from '../controls/Marks';
import { PanelBar } from '../panels/PanelBar';
import { ChecksList } from '../review/ChecksList';
import { activeRun, runWhatChanged } from '../runs/startRun';
import { jobProgress } from '../session/jobNews';
import { useProject } from '../session/projectStore';
import { selectPerson, useView, viewStore } from '../session/viewStore';
import { openTrackFiles } from '../trackFiles/trackFiles';
import text from '../theme/text.module.css';
import { countOf, formatNumber } from '../wording/numbers';
import { FoldedTracks } from './FoldedTracks';
import styles from './people.module.css';
import { PersonRow } from './PersonRow';

function NobodyYet() {
  const project = useProject((state) => state.project);
  if (!project) return null;
  const { detectedFrames } = project.results;
  const { frameCount } = project.media;
  const draw = () => viewStore.setState({ tool: 'draw' });
  const run = activeRun(project);
  if (run) {
    const { done, total, unit } = jobProgress(run);
    return <EmptyState title="Looking for people" text={`${formatNumber(done)} of ${formatNumber(total)} ${unit}`} />;
  }
  if (detectedFrames >= frameCount) {
    return (
      <EmptyState
        icon={UserRound}
        title={`No people found in ${countOf(frameCount, 'frame')}`}
        text="People may be small or turned away. A box drawn by hand counts from its frame on."
        note="Key B"
      >
        <Button look="primary" onClick={draw}>
          Draw a box
        </Button>
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={UserRound}
      title="Nobody here yet"
      text="Run finds people and follows them."
      note="Key Ctrl+Enter"
    >
      <Button onClick={() => void runWhatChanged()}>Run</Button>
    </EmptyState>
  );
}

function moveFocus(event: React.KeyboardEvent<HTMLDivElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const isPick = (event.key === 'Enter' || event.key === ' ') && event.target instanceof HTMLElement;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="row"]')];
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  if (isPick && event.target instanceof HTMLElement && event.target.matches('[role="row"]')) {
    event.preventDefault();
    selectPerson(event.target.dataset['person'], event.shiftKey ? 'toggle' : 'only');
  }
  if (step === undefined || at === -1) return;
  event.preventDefault();
  const next = rows[Math.max(0, Math.min(rows.length - 1, at + step))];
  next?.focus();
  selectPerson(next?.dataset['person'], event.shiftKey ? 'toggle' : 'only');
}

/** Everybody in the clip. */
export function PeoplePanel() {
  const people = useProject((state) => state.project?.document.people);
  const selected = useView((state) => state.selection.at(-1));
  const { main, folded } = useMemo(() => {
    const sorted = [...(people ?? [])].sort((a, b) => a.number - b.number);
    return {
      main: sorted.filter((person) => person.foldedBecause === undefined),
      folded: sorted.filter((person) => person.foldedBecause !== undefined),
    };
  }, [people]);
  const tabStop = main.find((person) => person.id === selected)?.id ?? main[0]?.id;
  return (
    <>
      <PanelBar title="People">
        <Count>{main.length}</Count>
        <span className={text['grow']} />
        <IconButton
          icon={ArrowDownUp}
          size="s"
          label="Track files: boxes in and out"
          shortcut="Ctrl+Shift+E"
          onClick={() => openTrackFiles()}
        />
        <IconButton
          icon={Plus}
          size="s"
          label="Add a person: draw a box"
          shortcut="B"
          onClick={() => viewStore.setState({ tool: 'draw' })}
        />
      </PanelBar>
      <div className={styles['panel']}>
        {main.length === 0 ? (
          <NobodyYet />
        ) : (
          <div
            className={styles['list']}
            role="grid"
            aria-label="People in this clip"
            aria-multiselectable
            onKeyDown={moveFocus}
          >
            {main.map((person) => (
              <PersonRow key={person.id} person={person} isTabStop={person.id === tabStop} />
            ))}
          </div>
        )}
        <FoldedTracks people={folded} />
      </div>
      <ChecksList />
    </>
  );
}
