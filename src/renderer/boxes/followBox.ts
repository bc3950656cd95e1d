import { askedFrame, standOn } from '../playback/editedFrame';
import { editsSettled } from '../session/editing';
import { dismissNoticesOfEdits } from '../session/notices';
import { projectStore } from '../session/projectStore';
import { selectedPersonId } from '../session/viewStore';

/**
 * Follows the selected person from the box on the frame asked for to the next keyframe, as a job that the status bar shows and
 * that can be cancelled; what was found becomes one edit. @throws AppError where there is no box or nothing to follow.
 */
export async function followSelected(direction: 'forward' | 'backward'): Promise<void> {
  const person = selectedPersonId();
  const frame = standOn(askedFrame());
  await editsSettled();
  const { client, project } = projectStore.getState();
  if (!client || !project || person === undefined) return;
  dismissNoticesOfEdits();
  await client.tracks.follow({ projectId: project.projectId, person, frame, direction });
}
