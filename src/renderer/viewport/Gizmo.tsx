import { useImperativeHandle, useRef } from 'react';
import { type PerspectiveCamera, Vector3 } from 'three';
import styles from './viewport.module.css';
import { type ViewDirection, VIEW_TITLES, viewportActions } from './viewportStore';

type Side = Exclude<ViewDirection, 'perspective' | 'camera'>;

const ENDS: readonly { side: Side; axis: 'x' | 'y' | 'z'; at: readonly [number, number, number]; letter: string }[] = [
  { side: 'right', axis: 'x', at: [1, 0, 0], letter: 'X' },
  { side: 'left', axis: 'x', at: [-1, 0, 0], letter: '' },
  { side: 'top', axis: 'y', at: [0, 1, 0], letter: 'Y' },
  { side: 'bottom', axis: 'y', at: [0, -1, 0], letter: '' },
  { side: 'front', axis: 'z', at: [0, 0, 1], letter: 'Z' },
  { side: 'back', axis: 'z', at: [0, 0, -1], letter: '' },
];

const MIDDLE = 33;
const REACH = 23;
const scratch = new Vector3();

/** Lets the 3D view turn the gizmo with the camera. */
export interface GizmoHandle {
  turn(camera: PerspectiveCamera): void;
}

/** Scene axes as seen from where the view looks; a click on an end looks along it. */
export function Gizmo({ ref }: { ref: React.Ref<GizmoHandle> }) {
  const root = useRef<SVGSVGElement>(null);
  useImperativeHandle(ref, () => ({
    turn(camera) {
      const svg = root.current;
      if (!svg) return;
      ENDS.forEach(({ at }, index) => {
        scratch.set(...at).transformDirection(camera.matrixWorldInverse);
        const x = MIDDLE + scratch.x * REACH;
        const y = MIDDLE - scratch.y * REACH;
        const end = svg.querySelector<SVGGElement>(`[data-end="${index}"]`);
        const line = svg.querySelector<SVGLineElement>(`[data-line="${index}"]`);
        end?.setAttribute('transform', `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
        end?.setAttribute('opacity', (0.55 + 0.45 * ((scratch.z + 1) / 2)).toFixed(2));
        line?.setAttribute('x2', x.toFixed(1));
        line?.setAttribute('y2', y.toFixed(1));
      });
      const order = ENDS.map(({ at }, index) => ({
        index,
        depth: scratch.set(...at).transformDirection(camera.matrixWorldInverse).z,
      })).sort((a, b) => a.depth - b.depth);
      // The nearest end is drawn last, over the others.
      const nearest = order.at(-1);
      const end = nearest && svg.querySelector(`[data-end="${nearest.index}"]`);
      if (end && end !== svg.lastElementChild && !end.contains(document.activeElement)) svg.append(end);
    },
  }));
  return (
    <svg ref={root} className={styles['gizmo']} viewBox="0 0 66 66" role="group" aria-label="Look along an axis">
      {ENDS.map(({ side, axis, letter }, index) => (
        <line
          key={side}
          data-line={index}
          x1={MIDDLE}
          y1={MIDDLE}
          x2={MIDDLE}
          y2={MIDDLE}
          stroke={letter ? `var(--axis-${axis})` : 'none'}
          strokeWidth="2"
        />
      ))}
      {ENDS.map(({ side, axis, letter }, index) => (
        // An SVG group cannot be a button element; it has the role, the name and the keys of one.
        <g
          key={side}
          data-end={index}
          role="button"
          tabIndex={-1}
          aria-label={VIEW_TITLES[side]}
          className={styles['gizmoEnd']}
          onClick={() => viewportActions()?.look(side)}
          onPointerDown={(event) => event.stopPropagation()}
        >
          <circle r="12" fill="transparent" />
          <circle r={letter ? 8 : 5} fill={`var(--axis-${axis})`} opacity={letter ? 1 : 0.42} />
          {letter && <text>{letter}</text>}
        </g>
      ))}
    </svg>
  );
}
