import { type KeyboardEvent, useEffect, useRef } from 'react';
import type { Size, StageView } from '../stage/stageView';
import { selectPerson } from '../session/viewStore';
import { identityOf } from '../theme/identity';
import { editSelectedBoxByKeyboard, tellBoxTool, useBoxTool } from './boxEditing';
import { BOX_LOOKS } from './boxLooks';
import type { BoxToolState } from './boxTool';
import { BoxView } from './BoxView';
import styles from './boxes.module.css';
import type { StageBox } from './stageBoxes';

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Keys of the keyboard edit: arrows, Tab, Enter, Esc. Nothing else gets to the page while it lasts. */
function onEditKey(event: KeyboardEvent): void {
  const arrow = ARROWS[event.key];
  const modifiers = { alt: event.altKey, shift: event.shiftKey };
  if (arrow) {
    const step = event.shiftKey ? 10 : 1;
    tellBoxTool({ type: 'nudge', dx: arrow[0] * step, dy: arrow[1] * step, modifiers });
  } else if (event.key === 'Tab') tellBoxTool({ type: 'nextHandle', step: event.shiftKey ? -1 : 1 });
  else if (event.key === 'Enter') tellBoxTool({ type: 'keep' });
  else if (event.key === 'Escape') tellBoxTool({ type: 'cancel' });
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function activeHandleOf(tool: BoxToolState) {
  return tool.kind === 'dragging' || tool.kind === 'keyboard' || tool.kind === 'pressed' ? tool.handle : undefined;
}

/** The box being drawn. */
function Drawing({ tool, view, number }: { tool: BoxToolState; view: StageView; number: number }) {
  if (tool.kind !== 'drawing' || !tool.isDragged) return null;
  const { box } = tool;
  const look = BOX_LOOKS.manual;
  const size = { width: box.width * view.scale, height: box.height * view.scale };
  return (
    <div
      className={styles['drawing']}
      data-person-slot={identityOf(number).slot}
      style={{ transform: `translate(${box.x * view.scale + view.x}px, ${box.y * view.scale + view.y}px)`, ...size }}
    >
      <svg className={styles['lines']} aria-hidden>
        <rect className={styles['casing']} strokeWidth={look.width + 2} {...size} />
        <rect className={styles['ink']} strokeWidth={look.width} {...size} />
      </svg>
    </div>
  );
}

/** The boxes of a frame over the video: every one a button, the selected one with handles. */
export function BoxLayer(props: {
  boxes: readonly StageBox[];
  view: StageView;
  size: Size;
  selection: readonly string[];
  /** Number that a new person will get. */
  nextNumber: number;
}) {
  const { view, size, selection } = props;
  const tool = useBoxTool();
  const layer = useRef<HTMLDivElement>(null);
  const edited = tool.kind === 'keyboard' ? tool.person : undefined;

  useEffect(() => {
    if (edited === undefined) return;
    layer.current?.querySelector<HTMLElement>(`[data-person="${CSS.escape(edited)}"]`)?.focus({ preventScroll: true });
  }, [edited]);

  return (
    <div
      ref={layer}
      className={`${styles['layer']} on-video`}
      role="group"
      aria-label="Boxes"
      onKeyDownCapture={edited === undefined ? undefined : onEditKey}
      onBlur={(event) => {
        if (edited !== undefined && !event.currentTarget.contains(event.relatedTarget)) tellBoxTool({ type: 'keep' });
      }}
    >
      {props.boxes.map(({ person, box, ...facts }) => (
        <BoxView
          key={person.id}
          person={person.id}
          number={person.number}
          color={person.color}
          name={person.name}
          x={box.x * view.scale + view.x}
          y={box.y * view.scale + view.y}
          width={box.width * view.scale}
          height={box.height * view.scale}
          isSelected={selection.includes(person.id)}
          isLocked={person.locked}
          activeHandle={selection.at(-1) === person.id ? activeHandleOf(tool) : undefined}
          stageWidth={size.width}
          onChoose={choose}
          onEdit={edit}
          {...facts}
        />
      ))}
      <Drawing tool={tool} view={view} number={props.nextNumber} />
    </div>
  );
}

function choose(person: string, add: boolean): void {
  selectPerson(person, add ? 'toggle' : 'only');
}

function edit(person: string): void {
  selectPerson(person);
  editSelectedBoxByKeyboard();
}
