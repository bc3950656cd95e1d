import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Person } from '#core/document/schema';
import { secondsOfFrame } from '#core/frames/frameTimes';
import { bySeverity, type PlaceToCheck, placesOf, reasonText } from '#core/review/places';
import { countReviewed, type ReviewCount } from '#core/review/reviewEdits';
import { rateSuspicion, type Suspicion } from '#core/review/suspicion';
import { boxRows } from '#core/tracks/boxRows';
import { playhead } from '../playback/playhead';
import { confidenceStore } from '../session/confidences';
import { announce, notify } from '../session/notices';
import { effectiveBox, type OpenProject, personById, projectStore } from '../session/projectStore';
import { selectPerson } from '../session/viewStore';
import { centreOnStage } from '../stage/stageStore';
import { revealInTimeline } from '../timeline/timelineStore';

/** Places to look at, worst first, the one gone to last, and the same score along the clip. */
export interface CheckState {
  /** By person id: one number a frame, 0 (suspect) to 1 (good); NaN where the person neither is nor should be. */
  quality: ReadonlyMap<string, Float32Array>;
  places: readonly PlaceToCheck[];
  current: PlaceToCheck | undefined;
  /** By person id: frames with a box, and how many of them were reviewed. */
  counts: ReadonlyMap<string, ReviewCount>;
}

/** The one store of it. */
export const checkStore = createStore<CheckState>(() => ({
  quality: new Map(),
  places: [],
  current: undefined,
  counts: new Map(),
}));

/** Reads a part of it in a component. */
export function useChecks<T>(selector: (state: CheckState) => T): T {
  return useStore(checkStore, selector);
}

const QUIET_MS = 200;

function samePlace(a: PlaceToCheck, b: PlaceToCheck): boolean {
  return a.person === b.person && a.reason === b.reason && a.from === b.from && a.to === b.to;
}

let clipSeconds: { media: OpenProject['media']; seconds: Float64Array } | undefined;

/** Times of the frames, made once a clip. */
function secondsOf(media: OpenProject['media']): Float64Array {
  if (clipSeconds?.media !== media) {
    const seconds = Float64Array.from({ length: media.frameCount }, (_, frame) => secondsOfFrame(media, frame));
    clipSeconds = { media, seconds };
  }
  return clipSeconds.seconds;
}

function ratings(project: OpenProject): { person: Person; suspicion: Suspicion }[] {
  const { motions } = confidenceStore.getState();
  const { media, document, tracks } = project;
  const people = document.people.filter((person) => person.foldedBecause === undefined);
  const suspects = people.map((person) => {
    const motion = motions.get(person.id);
    return { person, rows: boxRows(person, tracks, media.frameCount), ...(motion ? { motion } : {}) };
  });
  const rated = rateSuspicion(suspects, {
    ...{ seconds: secondsOf(media), width: media.width, height: media.height },
    cuts: project.results.cuts,
    searchedTo: project.results.detectedFrames,
  });
  return people.flatMap((person, index) => {
    const suspicion = rated[index];
    return suspicion ? [{ person, suspicion }] : [];
  });
}

function collect(): void {
  const { project } = projectStore.getState();
  const rated = project ? ratings(project) : [];
  const counts = new Map(
    (project ? countReviewed(project.document, project.tracks) : []).map((count) => [count.person, count]),
  );
  const places = rated.flatMap(({ person, suspicion }) => placesOf(suspicion, person.reviewed ?? []));
  checkStore.setState(({ current }) => ({
    quality: new Map(rated.map(({ person, suspicion }) => [person.id, suspicion.scores.map((score) => 1 - score)])),
    places: bySeverity(places),
    counts,
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

/** Goes to a place: its worst frame, its person, the stage centred on the box; and says why. */
export function goToPlace(place: PlaceToCheck): void {
  checkStore.setState({ current: place });
  playhead.pause();
  playhead.seek(place.frame);
  revealInTimeline(place.frame);
  selectPerson(place.person);
  const box = effectiveBox(place.person, place.frame)?.box;
  if (box) centreOnStage(box);
  announce(`${personById(place.person)?.name ?? ''}, frame ${place.frame}: ${reasonText(place)}`);
}

/** The next (1) or previous (-1) place in the order of severity; the worst one first. */
export function goToNextPlace(direction: 1 | -1): void {
  const { places, current } = checkStore.getState();
  if (places.length === 0) {
    notify({ level: 'info', text: 'Nothing to check: nothing suspect is left unreviewed' });
    return;
  }
  const at = current ? places.findIndex((place) => samePlace(place, current)) : -1;
  const next = at === -1 ? (direction === 1 ? 0 : places.length - 1) : (at + direction + places.length) % places.length;
  const place = places[next];
  if (place) goToPlace(place);
}
