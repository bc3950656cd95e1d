import type { Ref } from 'react';
import { smplJointName } from '#core/document/bodyEdits';
import { useBodyShape } from '../playback/useBodyShape';
import { useView, weightsShown } from '../session/viewStore';
import { formatNumber } from '../wording/numbers';
import { verticesOfJoints, weightsOfVertex } from './materials/skinFacts';
import styles from './viewport.module.css';
import { useViewport } from './viewportStore';

function signedDegrees(degrees: number): string {
  return `${degrees < 0 ? '−' : '+'}${Math.abs(degrees).toFixed(1)}°`;
}

/** Name of the joint under the pointer, else of the picked one; moved with the scene by the 3D view. */
export function JointMark({ ref }: { ref: Ref<HTMLSpanElement> }) {
  const picked = useView((state) => state.pickedJoint);
  const joint = useViewport((state) => state.hoveredJoint) ?? picked;
  const turn = useViewport((state) => state.turn);
  return (
    <span ref={ref} className={styles['label']} aria-hidden>
      {joint === undefined ? '' : smplJointName(joint)}
      {turn && ` ${turn.axis} ${signedDegrees(turn.degrees)}`}
    </span>
  );
}

/** Weights of the picked vertex; moved with the scene by the 3D view. */
export function VertexMark({ ref }: { ref: Ref<HTMLDivElement> }) {
  const vertex = useViewport((state) => state.pickedVertex);
  const shape = useBodyShape();
  const weights = shape && vertex !== undefined ? weightsOfVertex(shape, vertex) : [];
  return (
    <div ref={ref} className={styles['vertex']} role="status">
      {vertex !== undefined && (
        <>
          <b>Vertex {formatNumber(vertex)}</b>
          {weights.map(({ joint, weight }) => (
            <span key={joint}>
              {smplJointName(joint)} {weight.toFixed(3)}
            </span>
          ))}
        </>
      )}
    </div>
  );
}

const VIEW_NOTES = {
  blended: 'Every vertex in the mean colour of its joints',
  strongest: 'Every vertex in the colour of its strongest joint',
  seams: 'Bright where joints share the skin',
} as const;

/** What is shown of the weights, and on how many vertices. */
export function WeightNotes() {
  const shown = useView(weightsShown);
  const shape = useBodyShape();
  if (!shape) return null;
  if (typeof shown === 'string') return <span>{VIEW_NOTES[shown]}</span>;
  const count = verticesOfJoints(shape, shape.parents.length)[shown] ?? 0;
  return (
    <>
      <span>
        {smplJointName(shown)}, joint {shown}
      </span>
      <span>
        {formatNumber(count)} of {formatNumber(shape.vertexCount)} vertices
      </span>
    </>
  );
}

/** What the colours mean in numbers. */
export function WeightLegend() {
  const shown = useView(weightsShown);
  if (typeof shown === 'string' && shown !== 'seams') return null;
  const [label, none, ends] =
    shown === 'seams'
      ? ['Sharing from one joint to four alike or more; a single joint is clay grey', 'one joint', ['4 alike', '', '']]
      : ['Weight from 0 to 1; no weight is clay grey', 'none', ['1.0', '0.5', '0.0']];
  return (
    <div className={styles['ramp']} role="img" aria-label={label}>
      <span className={styles['ticks']}>
        {ends.map((end, at) => (
          <span key={at}>{end}</span>
        ))}
      </span>
      <i />
      <span>{none}</span>
      <em />
    </div>
  );
}
