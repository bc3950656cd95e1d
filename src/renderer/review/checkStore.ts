import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { playhead } from '../playback/playhead';
import { confidenceStore } from '../session/confidences';
import { announce, notify } from '../session/notices';
import { personById, projectStore } from '../session/projectStore';
import { selectPerson } from '../session/viewStore';
import { buildLane } from '../timeline/laneModel';
import { revealInTimeline } from '../timeline/timelineStore';
import { bySeverity, type PlaceToCheck, placesOf, reasonText } from './placesToCheck';

/** Places to look at, worst first, and the one gone to last. */
export interface CheckState {
  places: readonly PlaceToCheck[];
  current: PlaceToCheck | undefined;
}

/** The one store of it. */
export const checkStore = createStore<CheckState>(() => ({ places: [], current: undefined }));

/** Reads a part of it in a component. */
export function useChecks<T>(selector: (state: CheckState) => T): T {
  return useStore(checkStore, selector);
}

const QUIET_MS = 200;

function samePlace(a: PlaceToCheck, b: PlaceToCheck): boolean {
  return a.person === b.person && a.reason === b.reason && a.from === b.from && a.to === b.to;
}

function collect(): void {
  const { project } = projectStore.getState();
  const confidences = confidenceStore.getState().people;
  const places = (project?.document.people ?? []).flatMap((person) => {
    if (!project || person.foldedBecause !== undefined) return [];
    const lane = buildLane(person, project.tracks, undefined, project.media.frameCount, false);
    return placesOf(person.id, lane, confidences.get(person.id));
  });
  checkStore.setState(({ current }) => ({
    places: bySeverity(places),
    current: current && places.find((place) => samePlace(place, current)),
  }));
}

/** Keeps the places in step with boxes and confidences. Call once; returns its own end. */
export function followChecks(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(collect, QUIET_MS);
  };
  const ends = [
    confidenceStore.subscribe(later),
    projectStore.subscribe((state, before) => {
      const isSame =
        state.project?.document === before.project?.document && state.project?.tracks === before.project?.tracks;
      if (!isSame) later();
    }),
  ];
  return () => {
    clearTimeout(timer);
    for (const end of ends) end();
  };
}

/** Goes to a place: its worst frame, its person, and says why. */
export function goToPlace(place: PlaceToCheck): void {
  checkStore.setState({ current: place });
  playhead.pause();
  playhead.seek(place.frame);
  revealInTimeline(place.frame);
  selectPerson(place.person);
  announce(`${personById(place.person)?.name ?? ''}, frame ${place.frame}: ${reasonText(place)}`);
}

/** The next (1) or previous (-1) place in the order of severity; the worst one first. */
export function goToNextPlace(direction: 1 | -1): void {
  const { places, current } = checkStore.getState();
  if (places.length === 0) {
    notify({ level: 'info', text: 'Nothing to check: every body has a good score' });
    return;
  }
  const at = current ? places.findIndex((place) => samePlace(place, current)) : -1;
  const next = at === -1 ? (direction === 1 ? 0 : places.length - 1) : (at + direction + places.length) % places.length;
  const place = places[next];
  if (place) goToPlace(place);
}
