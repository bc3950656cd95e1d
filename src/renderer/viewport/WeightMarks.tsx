import { type Ref, useSyncExternalStore } from 'react';
import { shownBodies } from '../playback/shownBodies';
import { useView } from '../session/viewStore';
import { countWeighted } from './materials/heatRamp';
import { weightsOfVertex } from './pickVertex';
import styles from './viewport.module.css';
import { useViewport } from './viewportStore';

const useShape = () => useSyncExternalStore(shownBodies.subscribe, () => shownBodies.shape());

/** Thousands with a comma. */
const counted = (value: number) => value.toLocaleString('en-US');

/** A joint's name as SMPL writes it. */
function jointTitle(names: readonly string[] | undefined, joint: number): string {
  return (names?.[joint] ?? `joint ${joint}`).replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function signedDegrees(degrees: number): string {
  return `${degrees < 0 ? '−' : '+'}${Math.abs(degrees).toFixed(1)}°`;
}

/** Name of the joint under the pointer, else of the picked one; moved with the scene by the 3D view. */
export function JointMark({ ref }: { ref: Ref<HTMLSpanElement> }) {
  const picked = useView((state) => state.pickedJoint);
  const joint = useViewport((state) => state.hoveredJoint) ?? picked;
  const turn = useViewport((state) => state.turn);
  const shape = useShape();
  return (
    <span ref={ref} className={styles['label']} aria-hidden>
      {joint === undefined ? '' : jointTitle(shape?.jointNames, joint)}
      {turn && ` ${turn.axis} ${signedDegrees(turn.degrees)}`}
    </span>
  );
}

/** Weights of the picked vertex; moved with the scene by the 3D view. */
export function VertexMark({ ref }: { ref: Ref<HTMLDivElement> }) {
  const vertex = useViewport((state) => state.pickedVertex);
  const shape = useShape();
  const weights = shape && vertex !== undefined ? weightsOfVertex(shape.skinJoints, shape.skinWeights, vertex) : [];
  return (
    <div ref={ref} className={styles['vertex']} role="status">
      {vertex !== undefined && (
        <>
          <b>Vertex {counted(vertex)}</b>
          {weights.map(({ joint, weight }) => (
            <span key={joint}>
              {jointTitle(shape?.jointNames, joint)} {weight.toFixed(3)}
            </span>
          ))}
        </>
      )}
    </div>
  );
}

/** Which joint's weights are shown, and on how many vertices. */
export function WeightNotes() {
  const joint = useView((state) => state.pickedJoint);
  const shape = useShape();
  if (!shape) return null;
  if (joint === undefined) return <span>All joints, blended by weight. Click the body for one of them</span>;
  const count = countWeighted(shape.skinJoints, shape.skinWeights, joint);
  return (
    <>
      <span>
        {jointTitle(shape.jointNames, joint)}, joint {joint}
      </span>
      <span>
        {counted(count)} of {counted(shape.vertexCount)} vertices
      </span>
    </>
  );
}
