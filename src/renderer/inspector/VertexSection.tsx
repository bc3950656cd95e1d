import { ChevronLeft, ChevronRight, Copy } from 'lucide-react';
import { useState } from 'react';
import { smplJointName } from '#core/document/bodyEdits';
import type { Person } from '#core/document/schema';
import { IconButton } from '../controls/IconButton';
import { NumberField } from '../controls/NumberField';
import type { ShownBody } from '../playback/filledBodies';
import type { BodyShape } from '../playback/meshSource';
import { useShownBody } from '../playback/useBodyShape';
import { projectStore } from '../session/projectStore';
import { useView } from '../session/viewStore';
import { scenePoint } from '../viewport/bodySummary';
import { type JointWeight, nextVertex, weightsOfVertex } from '../viewport/materials/skinFacts';
import { useViewport, viewportStore } from '../viewport/viewportStore';
import { formatNumber } from '../wording/numbers';
import { copyText } from './copyMotion';
import styles from './inspector.module.css';
import { NumberHeads, NumberRow } from './NumberTable';
import { Prop, Section } from './Prop';
import { type CorrectiveMoves, useCorrective } from './useCorrective';

type Triple = readonly [number, number, number];

/** Where a vertex is, m, with the axes said. */
interface VertexPlace {
  id: 'scene' | 'camera' | 'rest';
  title: string;
  axes: string;
  point: Triple;
}

function triple(points: ArrayLike<number>, index: number): Triple {
  return [points[index * 3] ?? 0, points[index * 3 + 1] ?? 0, points[index * 3 + 2] ?? 0];
}

function placesOf(shape: BodyShape, body: ShownBody | undefined, vertex: number): VertexPlace[] {
  const matrix = projectStore.getState().project?.results.sceneFromCamera;
  const rest: VertexPlace = {
    id: 'rest',
    title: 'Template, m',
    axes: 'T-pose with betas 0: y up, face along z, x to the left of the body',
    point: triple(shape.template, vertex),
  };
  if (!body || !matrix || body.positions.length !== shape.vertexCount * 3) return [rest];
  return [
    {
      id: 'scene',
      title: 'Scene, m',
      axes: 'Scene: y up, ground at 0',
      point: scenePoint(body.positions, vertex, matrix),
    },
    {
      id: 'camera',
      title: 'Camera, m',
      axes: 'Camera: x right, y down, z forward',
      point: triple(body.positions, vertex),
    },
    rest,
  ];
}

/** What is known of a picked vertex. */
interface VertexFacts {
  weights: readonly JointWeight[];
  places: readonly VertexPlace[];
  /** How far pose correctives move it on the shown frame, mm. */
  corrective: number | undefined;
}

function vertexAsJson(shape: BodyShape, vertex: number, { weights, places, corrective }: VertexFacts) {
  const rounded = (value: number) => Number(value.toFixed(6));
  return JSON.stringify(
    {
      bodyModel: shape.id,
      vertex,
      weights: Object.fromEntries(weights.map(({ joint, weight }) => [smplJointName(joint), rounded(weight)])),
      positions: places.map(({ id, axes, point }) => ({ in: id, axes: `${axes}; m`, point: point.map(rounded) })),
      ...(corrective === undefined ? {} : { correctiveMm: Number(corrective.toFixed(1)) }),
    },
    null,
    1,
  );
}

function Weight({ joint, weight }: JointWeight) {
  return (
    <div className={styles['weight']}>
      <span>{smplJointName(joint)}</span>
      <span className={styles['weightBar']} aria-hidden>
        <i style={{ width: `${weight * 100}%` }} />
      </span>
      <span>{weight.toFixed(3)}</span>
    </div>
  );
}

/** How far the correctives of the pose move the vertex, and the most that they move any on this frame. */
function Corrective({ vertex, found }: { vertex: number; found: CorrectiveMoves }) {
  return (
    <dl>
      <Prop name="Corrective">
        moves it {formatNumber(found.moves[vertex] ?? 0, 1)} mm{' '}
        <small>of {formatNumber(found.largest, 1)} mm at most</small>
      </Prop>
    </dl>
  );
}

function choose(vertex: number): void {
  viewportStore.setState({ pickedVertex: vertex });
}

function VertexTools(props: { shape: BodyShape; vertex: number; onCopy: () => void }) {
  const { shape, vertex, onCopy } = props;
  const joint = useView((state) => (state.weightsView === 'joint' ? state.pickedJoint : undefined));
  const of = joint === undefined ? '' : ` of ${smplJointName(joint)}`;
  return (
    <>
      <IconButton
        size="s"
        icon={ChevronLeft}
        label={`Previous vertex${of}`}
        onClick={() => choose(nextVertex(shape, vertex, -1, joint))}
      />
      <IconButton
        size="s"
        icon={ChevronRight}
        label={`Next vertex${of}`}
        onClick={() => choose(nextVertex(shape, vertex, 1, joint))}
      />
      <IconButton size="s" icon={Copy} label="Copy the vertex as JSON" onClick={onCopy} />
    </>
  );
}

/** The picked vertex: its number, joints and weights, and where it is. */
export function VertexSection({ shape, person }: { shape: BodyShape; person: Person | undefined }) {
  const picked = useViewport((state) => state.pickedVertex);
  const body = useShownBody(person?.id);
  const vertex = picked !== undefined && picked < shape.vertexCount ? picked : undefined;
  const weights = vertex === undefined ? [] : weightsOfVertex(shape, vertex);
  const places = vertex === undefined ? [] : placesOf(shape, body, vertex);
  const found = useCorrective(vertex === undefined ? undefined : person?.id);
  const [refused, setRefused] = useState<number>();
  const last = shape.vertexCount - 1;
  const go = (value: number) => {
    const wanted = Math.round(value);
    setRefused(wanted < 0 || wanted > last ? wanted : undefined);
    if (wanted >= 0 && wanted <= last) choose(wanted);
  };
  const facts = { weights, places, corrective: found?.moves[vertex ?? 0] };
  const copy = () => void copyText(vertexAsJson(shape, vertex ?? 0, facts), `Vertex ${vertex ?? 0}`);
  return (
    <Section
      title={vertex === undefined ? 'Vertex' : `Vertex ${formatNumber(vertex)}`}
      note={`of ${formatNumber(shape.vertexCount)}`}
      aside={vertex !== undefined && <VertexTools shape={shape} vertex={vertex} onCopy={copy} />}
    >
      <div className={styles['fields']}>
        <NumberField
          letter="#"
          label="Number of the vertex"
          value={vertex}
          decimals={0}
          onPreview={go}
          onCommit={go}
          onCancel={() => setRefused(undefined)}
        />
      </div>
      {refused !== undefined && (
        <p className={styles['note']} role="status">
          There is no vertex {formatNumber(refused)}: this body has 0 to {formatNumber(last)}.
        </p>
      )}
      {vertex === undefined ? (
        <p className={styles['note']}>Click the body in 3D, or type a number from 0 on.</p>
      ) : (
        <>
          {weights.map((entry) => (
            <Weight key={entry.joint} {...entry} />
          ))}
          <table className={styles['table']}>
            <NumberHeads title="Place" names={['x', 'y', 'z']} />
            <tbody>
              {places.map(({ id, title, axes, point }) => (
                <NumberRow key={id} name={title} axes={axes} numbers={point} decimals={4} />
              ))}
            </tbody>
          </table>
          {found && vertex < found.moves.length && <Corrective vertex={vertex} found={found} />}
        </>
      )}
    </Section>
  );
}
