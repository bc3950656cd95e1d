import type { Box } from '#core/tracks/box';
import { storableBox } from '#core/tracks/boxEdit';
import { planMoveBox } from '#core/tracks/boxEdits';
import { boxInHandStore } from '../session/boxInHand';
import { applyEdit, mayEdit } from '../session/editing';
import { projectStore } from '../session/projectStore';

/** A box in hand: a drag, or keys held down. Becomes one undo step. */
export interface BoxGesture {
  /** Shows the box here, px of the upright video. */
  update(box: Box): void;
  /** Keeps the last update as one edit; without one does nothing. */
  commit(): void;
  /** Shows the box as it was. */
  cancel(): void;
}

let newest: BoxGesture | undefined;

function release(): void {
  newest = undefined;
  boxInHandStore.setState({ inHand: undefined });
}

/**
 * Begins to move or resize a person's box on a frame; an earlier unfinished gesture is cancelled. Only what shows this box
 * changes until the end, when the edit is planned once. A project open for reading only is said, and nothing moves.
 */
export function beginBoxGesture(person: string, frame: number, verb: 'Move' | 'Resize' = 'Move'): BoxGesture {
  const gesture: BoxGesture = {
    update(box) {
      const { project } = projectStore.getState();
      if (newest !== gesture || !project) return;
      boxInHandStore.setState({ inHand: { person, frame, box: storableBox(box, project.media) } });
    },
    commit() {
      if (newest !== gesture) return;
      const { inHand } = boxInHandStore.getState();
      const { project } = projectStore.getState();
      const edit = inHand && project && planMoveBox(project.document, person, frame, inHand.box, verb);
      if (edit) applyEdit(edit.label, edit.frame, edit.recipe, edit.person);
      release();
    },
    cancel() {
      if (newest === gesture) release();
    },
  };
  release();
  if (mayEdit()) newest = gesture;
  return gesture;
}
