import { playhead } from '../playback/playhead';
import { announce } from './notices';
import { effectiveBox, personById, projectStore } from './projectStore';
import { selectedPersonId } from './viewStore';

const QUIET_MS = 300;

/** The frame and what the selected person has there, for screen readers. */
export function spokenPosition(): string {
  const frame = playhead.frame();
  const id = selectedPersonId();
  const person = id === undefined ? undefined : personById(id);
  if (!person) return `Frame ${frame}`;
  return `Frame ${frame}, ${person.name}, ${effectiveBox(person.id, frame)?.origin ?? 'no box'}`;
}

/** Says the position once stepping has stopped for 300 ms; nothing while it plays. Call once; returns its own end. */
export function followPosition(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let said = playhead.frame();
  const end = playhead.subscribe(() => {
    clearTimeout(timer);
    if (playhead.isPlaying()) return;
    timer = setTimeout(() => {
      if (playhead.frame() === said || !projectStore.getState().project) return;
      said = playhead.frame();
      announce(spokenPosition());
    }, QUIET_MS);
  });
  return () => {
    clearTimeout(timer);
    end();
  };
}
