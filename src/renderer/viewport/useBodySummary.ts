import { useEffect, useState } from 'react';
import { playhead } from '../playback/playhead';
import { presentation } from '../playback/presentation';
import { shownBodies } from '../playback/shownBodies';
import { projectStore } from '../session/projectStore';
import { isShown } from '../session/viewStore';
import { summarise } from './bodySummary';
import { VIEW_TITLES, viewportStore } from './viewportStore';

/** Rest after which the summary follows, so that stepping is not read aloud frame by frame; ms. */
const REST_MS = 300;

function readSummary(): string {
  const { project } = projectStore.getState();
  if (!project) return '';
  const bodies = project.document.people.filter(isShown).flatMap((person) => {
    const body = shownBodies.body(person.id);
    return body && shownBodies.isOnFrame(person.id) ? [{ name: person.name, joints: body.joints }] : [];
  });
  const view = VIEW_TITLES[viewportStore.getState().direction];
  return summarise(presentation.frame(), view, bodies, project.results.sceneFromCamera);
}

/** The 3D view in words, some time after it came to rest. */
export function useBodySummary(): string {
  const [summary, setSummary] = useState('');
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const later = () => {
      clearTimeout(timer);
      if (!playhead.isPlaying()) timer = setTimeout(() => setSummary(readSummary()), REST_MS);
    };
    const ends = [shownBodies.subscribe(later), playhead.subscribe(later), viewportStore.subscribe(later)];
    later();
    return () => {
      clearTimeout(timer);
      for (const end of ends) end();
    };
  }, []);
  return summary;
}
