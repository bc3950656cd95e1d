import { z } from 'zod';
import { playhead } from '../playback/playhead';
import { openProject } from '../session/projectSession';
import { personById, projectStore } from '../session/projectStore';
import { selectedPersonId, selectPerson } from '../session/viewStore';

const KEY = 'retake.open.1';

const placeSchema = z.object({ projectId: z.string(), frame: z.int().min(0), person: z.string().optional() });

/** Keeps where this window is when its page goes away, for the page that is loaded in its place. Returns its own end. */
export function rememberPlace(): () => void {
  const remember = () => {
    const { project } = projectStore.getState();
    const place = { projectId: project?.projectId, frame: playhead.frame(), person: selectedPersonId() };
    try {
      if (project) sessionStorage.setItem(KEY, JSON.stringify(place));
      else sessionStorage.removeItem(KEY);
    } catch {
      // A browser that forbids storage starts on the first page.
    }
  };
  window.addEventListener('pagehide', remember);
  return () => window.removeEventListener('pagehide', remember);
}

function takePlace(): z.infer<typeof placeSchema> | undefined {
  try {
    const kept = placeSchema.safeParse(JSON.parse(sessionStorage.getItem(KEY) ?? 'null'));
    sessionStorage.removeItem(KEY);
    return kept.data;
  } catch {
    return undefined;
  }
}

/** Goes on where this window was before its page was reloaded; a project that does not open stays on the first page. */
export async function goOnAfterReload(): Promise<void> {
  const place = takePlace();
  if (!place) return;
  const { projectId, frame, person } = place;
  const isOpen = await openProject({ source: 'project', projectId }).then(
    () => true,
    () => false,
  );
  if (!isOpen) return;
  playhead.seek(frame);
  if (person === undefined || personById(person)) selectPerson(person);
}
