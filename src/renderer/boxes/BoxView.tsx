import { Lock, OctagonX } from 'lucide-react';
import { memo } from 'react';
import { identityOf } from '../theme/identity';
import { GlyphMark } from './BoxGlyphs';
import { type HandleId, handleCentres } from './boxGeometry';
import { BOX_LOOKS, type BoxState, boxName, LABEL_HEIGHT, NARROW_LABEL } from './boxLooks';
import styles from './boxes.module.css';

/** What a box on the stage shows; places in CSS px of the stage. */
export interface BoxViewProps {
  person: string;
  number: number;
  /** Place in the palette that a human chose. */
  color: number | undefined;
  name: string;
  x: number;
  y: number;
  width: number;
  height: number;
  state: BoxState;
  isKeyframe: boolean;
  score: number | undefined;
  isSelected: boolean;
  isLocked: boolean;
  hasNoBody: boolean;
  isOutOfDate: boolean;
  /** The handle in hand, by pointer or keyboard. */
  activeHandle: HandleId | undefined;
  /** Width of the stage, CSS px. */
  stageWidth: number;
  onChoose: (person: string, add: boolean) => void;
  onEdit: (person: string) => void;
}

/** A line with a dark casing around it, so that it is seen on any picture. */
function Lines({ state, width, height }: { state: BoxState; width: number; height: number }) {
  const look = BOX_LOOKS[state];
  const dashes = look.dashes ? { strokeDasharray: look.dashes } : {};
  const rect = { width: Math.max(1, width), height: Math.max(1, height), ...dashes };
  return (
    <svg className={styles['lines']} opacity={look.opacity} aria-hidden>
      <rect className={styles['casing']} strokeWidth={look.width + 2} {...rect} />
      <rect className={styles['ink']} strokeWidth={look.width} {...rect} />
    </svg>
  );
}

/** Room a label takes, CSS px; names longer than that are cut. */
const LABEL_WIDTH = 200;

/** Left edge of a label from its box's: above the box's left corner, moved along so that it stays on the stage. */
function labelLeft(x: number, width: number, labelWidth: number, stageWidth: number): number {
  const wanted = Math.min(-2, stageWidth - labelWidth - x);
  const least = Math.max(wanted, 4 - x);
  return Math.min(least, Math.max(-2, width - 24));
}

function Label(props: BoxViewProps) {
  const look = BOX_LOOKS[props.state];
  const isInside = props.y < LABEL_HEIGHT;
  const top = isInside ? { top: Math.max(4, 4 - props.y) } : {};
  const isNarrow = props.width < NARROW_LABEL && !props.isSelected;
  const place = { left: labelLeft(props.x, props.width, isNarrow ? 20 : LABEL_WIDTH, props.stageWidth), ...top };
  if (isNarrow) {
    return (
      <span className={styles['label']} data-inside={isInside} style={place}>
        <span className={styles['number']}>{props.number}</span>
      </span>
    );
  }
  return (
    <span className={styles['label']} data-inside={isInside} style={place}>
      <span className={styles['number']}>{props.number}</span>
      <span className={styles['name']}>{props.name}</span>
      <span className={styles['state']}>
        <GlyphMark glyph={props.isKeyframe ? 'filledDiamond' : look.glyph} />
        {look.word}
      </span>
      {props.score !== undefined && <span className={styles['state']}>{props.score.toFixed(2)}</span>}
      {props.hasNoBody && (
        <span className={styles['state']} data-tone="danger">
          <OctagonX size={11} aria-hidden /> no body
        </span>
      )}
      {props.isLocked && (
        <span className={styles['state']}>
          <Lock size={11} aria-hidden />
        </span>
      )}
    </span>
  );
}

/** One person's box: a button with a name that says thing, state and facts. Dragging is handled by the layer. */
export const BoxView = memo(function BoxView(props: BoxViewProps) {
  const { x, y, width, height } = props;
  const hasHandles = props.isSelected && !props.isLocked && props.state !== 'outside';
  return (
    <button
      type="button"
      className={styles['box']}
      data-person={props.person}
      data-person-slot={identityOf(props.number, props.color).slot}
      style={{ transform: `translate(${x}px, ${y}px)`, width, height, zIndex: props.isSelected ? 2 : 1 }}
      aria-label={boxName(props)}
      aria-pressed={props.isSelected}
      onClick={(event) => {
        // Pointer clicks were handled where they came down; this one is of a screen reader or the keyboard.
        if (event.detail === 0) props.onChoose(props.person, event.shiftKey);
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
        event.preventDefault();
        props.onEdit(props.person);
      }}
    >
      <Lines state={props.state} width={width} height={height} />
      <span className={styles['focus']} />
      <Label {...props} />
      {hasHandles &&
        handleCentres({ x: 0, y: 0, width, height }).map((handle) => (
          <i
            key={handle.id}
            className={styles['handle']}
            data-active={props.activeHandle === handle.id}
            style={{ left: handle.x, top: handle.y }}
          />
        ))}
    </button>
  );
});
