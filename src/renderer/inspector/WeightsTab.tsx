import { useMemo, useRef } from 'react';
import { smplJointName } from '#core/document/bodyEdits';
import type { Person } from '#core/document/schema';
import { EmptyState } from '../controls/Marks';
import { RangeSlider } from '../controls/RangeSlider';
import { Segmented } from '../controls/Segmented';
import type { BodyShape } from '../playback/meshSource';
import { useBodyShape } from '../playback/useBodyShape';
import { bodyTitle, useTitles } from '../session/titles';
import { useView, viewStore, type WeightsView } from '../session/viewStore';
import { jointColor } from '../viewport/materials/jointColors';
import { verticesOfJoints } from '../viewport/materials/skinFacts';
import { formatNumber } from '../wording/numbers';
import styles from './inspector.module.css';
import { Section } from './Prop';
import { VertexSection } from './VertexSection';

const VIEWS: readonly { id: WeightsView; title: string }[] = [
  { id: 'joint', title: 'Picked joint' },
  { id: 'blended', title: 'Blended' },
  { id: 'strongest', title: 'Strongest' },
  { id: 'seams', title: 'Seams' },
];

/** A joint in the order of its chain, and how many bones it is below the pelvis. */
interface ChainEntry {
  joint: number;
  depth: number;
}

function chainOf(parents: ArrayLike<number>, root: number, depth: number): ChainEntry[] {
  const children = Array.from(parents).flatMap((parent, joint) => (parent === root ? [joint] : []));
  return children.flatMap((joint) => [{ joint, depth }, ...chainOf(parents, joint, depth + 1)]);
}

function pick(joint: number | undefined): void {
  viewStore.setState({ pickedJoint: joint, ...(joint === undefined ? {} : { weightsView: 'joint' }) });
}

function JointList({ shape }: { shape: BodyShape }) {
  const picked = useView((state) => state.pickedJoint);
  const list = useRef<HTMLDivElement>(null);
  const chain = useMemo(() => chainOf(shape.parents, -1, 0), [shape]);
  const counts = verticesOfJoints(shape, shape.parents.length);
  const onKeyDown = (event: React.KeyboardEvent) => {
    const at = chain.findIndex(({ joint }) => joint === picked);
    const next = {
      ArrowDown: Math.min(chain.length - 1, at + 1),
      ArrowUp: Math.max(0, at - 1),
      Home: 0,
      End: chain.length - 1,
    }[event.key];
    if (next === undefined && !(event.key === 'Escape' && picked !== undefined)) return;
    event.preventDefault();
    event.stopPropagation();
    pick(next === undefined ? undefined : chain[next]?.joint);
    if (next !== undefined) list.current?.children[next]?.scrollIntoView({ block: 'nearest' });
  };
  return (
    <div
      ref={list}
      className={styles['joints']}
      role="listbox"
      aria-label="Joints"
      aria-activedescendant={picked === undefined ? undefined : `weights-joint-${picked}`}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      {chain.map(({ joint, depth }) => (
        <div
          key={joint}
          id={`weights-joint-${joint}`}
          role="option"
          aria-selected={joint === picked}
          aria-label={`${smplJointName(joint)}, joint ${joint}, ${formatNumber(counts[joint] ?? 0)} vertices`}
          onClick={() => pick(joint === picked ? undefined : joint)}
        >
          <span>{joint}</span>
          <i style={{ background: `rgb(${jointColor(joint).join(' ')})` }} />
          <span style={{ paddingLeft: depth * 8 }}>{smplJointName(joint)}</span>
          <span>{formatNumber(counts[joint] ?? 0)}</span>
        </div>
      ))}
    </div>
  );
}

function Floor() {
  const floor = useView((state) => state.weightFloor);
  return (
    <div className={styles['word']}>
      <span>Hide below</span>
      <RangeSlider
        label="Hide weights below"
        value={floor}
        min={0}
        max={0.5}
        step={0.005}
        onChange={(weightFloor) => viewStore.setState({ weightFloor })}
      />
      <span className={styles['number']}>{floor.toFixed(3)}</span>
    </div>
  );
}

/** Skin weights in numbers: how many vertices follow each joint, and which joints a picked vertex follows. */
export function WeightsTab({ person }: { person: Person | undefined }) {
  const titles = useTitles();
  const shape = useBodyShape();
  const view = useView((state) => state.weightsView);
  if (!shape) return <EmptyState title="No body yet" text="Weights belong to the body that a run makes." />;
  return (
    <>
      <Section title="Skin weights" note={bodyTitle(titles, shape.id)}>
        <div className={styles['formRow']}>
          <Segmented
            label="What the colours show"
            value={view}
            options={VIEWS}
            onChange={(weightsView) => viewStore.setState({ weightsView })}
          />
        </div>
        <JointList shape={shape} />
        {view === 'joint' && <Floor />}
      </Section>
      <VertexSection shape={shape} person={person} />
    </>
  );
}
