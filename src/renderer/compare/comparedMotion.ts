import { type CurveJoint, differenceCurve, jointDifference, peaks } from '#core/compare/jointDifference';
import type { Results } from '#core/protocol/messages';
import { playhead } from '../playback/playhead';
import { toAppError } from '../session/engineError';
import { announce, notify } from '../session/notices';
import { projectStore } from '../session/projectStore';
import { titlesStore } from '../session/titles';
import { viewStore } from '../session/viewStore';
import { formatNumber } from '../wording/numbers';
import { comparedPerson, comparedRun, compareStore, INITIAL_COMPARE_STATE, type Measure } from './compareStore';
import { loadRuns } from './runActions';
import { fetchRunMotion } from './runMotion';

/** Two places of difference closer than this, in frames, are one. */
const APART = 12;

/** Unit, decimals, and what is not worth a stop, by measure. */
export const MEASURES: Readonly<Record<Measure, { unit: string; decimals: number; least: number; title: string }>> = {
  distances: { unit: ' mm', decimals: 0, least: 5, title: 'Distance, hips aligned' },
  angles: { unit: '°', decimals: 1, least: 2, title: 'Turn of the joint, relative to its parent' },
};

/** A difference in words: `12 mm`, `4.5°`; NaN says that one of the runs has no body. */
export function differenceText(value: number | undefined, measure: Measure): string {
  if (value === undefined || Number.isNaN(value)) return 'no body in one of them';
  const { unit, decimals } = MEASURES[measure];
  return `${formatNumber(value, decimals)}${unit}`;
}

let loading: AbortController | undefined;

async function loadCompared(): Promise<void> {
  loading?.abort();
  const controller = new AbortController();
  loading = controller;
  const { project } = projectStore.getState();
  const person = comparedPerson();
  const [a, b] = [comparedRun('A'), comparedRun('B')];
  compareStore.setState({ compared: undefined, problem: undefined, isLoading: false });
  if (!compareStore.getState().isOpen || !project || !a || !b || person === undefined) return;
  const { bodies } = titlesStore.getState();
  const strange = [a, b].find((run) => bodies.length > 0 && !bodies.some(({ id }) => id === run.bodyModel));
  if (strange) {
    const problem = `${strange.letter}, ${strange.name}, was made for a body that is not on this computer.`;
    return compareStore.setState({ problem });
  }
  const [versionA, versionB] = [a.people.get(person), b.people.get(person)];
  if (versionA === undefined || versionB === undefined) {
    const without = versionA === undefined ? a : b;
    compareStore.setState({ problem: `${without.letter}, ${without.name}, has no body of this person.` });
    return;
  }
  const clip = { projectId: project.projectId, frameCount: project.media.frameCount };
  compareStore.setState({ isLoading: true });
  try {
    const [A, B] = await Promise.all([
      fetchRunMotion(clip, a.id, person, versionA, controller.signal),
      fetchRunMotion(clip, b.id, person, versionB, controller.signal),
    ]);
    if (controller.signal.aborted) return;
    const compared = { person, motions: { A, B }, difference: jointDifference(A, B) };
    compareStore.setState({ compared, isLoading: false });
  } catch (error) {
    if (!controller.signal.aborted) compareStore.setState({ problem: toAppError(error).message, isLoading: false });
  }
}

const told = new Set<string>();

/** Says once, when it comes to be so, which choices are not followed; the list of runs goes on saying it. */
function tellPassedOver(sentences: readonly string[]): void {
  for (const known of told) if (!sentences.includes(known)) told.delete(known);
  for (const text of sentences) {
    if (told.has(text)) continue;
    told.add(text);
    notify({ level: 'warning', text });
  }
}

/** Lets the compare view follow project, selection and the choice of runs. Call once; returns its own end. */
export function followCompared(): () => void {
  let shown = '';
  let projectId: string | undefined;
  let results: Results | undefined;
  let picked = viewStore.getState().pickedJoint;
  const follow = () => {
    const { project } = projectStore.getState();
    // Kept runs are drawn with people's sizes as they are, which results may have changed.
    const isNews = results !== undefined && results !== project?.results && projectId === project?.projectId;
    results = project?.results;
    if (isNews && compareStore.getState().isOpen) void loadRuns();
    if (projectId !== project?.projectId) {
      projectId = project?.projectId;
      compareStore.setState(INITIAL_COMPARE_STATE);
      told.clear();
      // The lane of choices says their names also while nothing is compared.
      if (project?.document.people.some(({ choices }) => choices)) void loadRuns();
    }
    const { pickedJoint } = viewStore.getState();
    if (picked !== pickedJoint) {
      picked = pickedJoint;
      // A joint that is picked on a body shows its own curve.
      if (compareStore.getState().isOpen && picked !== undefined) compareStore.setState({ joint: picked });
    }
    tellPassedOver(project?.results.passedOver ?? []);
    const person = comparedPerson();
    const runs = [comparedRun('A'), comparedRun('B')].map((run) => `${run?.id} ${run?.people.get(person ?? '')}`);
    const now = [projectId, compareStore.getState().isOpen, person, ...runs].join(' ');
    if (now === shown) return;
    shown = now;
    void loadCompared();
  };
  const ends = [projectStore.subscribe(follow), viewStore.subscribe(follow), compareStore.subscribe(follow)];
  return () => ends.forEach((end) => end());
}

interface Curve {
  values: Float32Array;
  /** Frames that stand out, worst first. */
  worst: readonly number[];
}

let made: { from: Float32Array; joint: CurveJoint; curve: Curve } | undefined;

/** The curve that is shown, of the joint and measure that are chosen; the same object until one of them changes. */
export function shownCurve(): Curve | undefined {
  const { compared, measure, joint } = compareStore.getState();
  const from = compared?.difference[measure];
  if (!from) return undefined;
  if (made?.from !== from || made.joint !== joint) {
    const values = differenceCurve(from, joint);
    made = { from, joint, curve: { values, worst: peaks(values, APART, MEASURES[measure].least) } };
  }
  return made.curve;
}

function goTo(frame: number): void {
  const { measure } = compareStore.getState();
  playhead.pause();
  playhead.seek(frame);
  announce(`Frame ${frame}, ${differenceText(shownCurve()?.values[frame], measure)}`);
}

function sayNone(): void {
  const { measure } = compareStore.getState();
  const least = differenceText(MEASURES[measure].least, measure);
  notify({ level: 'info', text: `The two runs do not differ by ${least} anywhere` });
}

/** Goes to the next place where the runs differ, in order of time, around the end. */
export function goToDifference(step: 1 | -1): void {
  const places = [...(shownCurve()?.worst ?? [])].sort((x, y) => x - y);
  const frame = playhead.frame();
  const ahead = step > 0 ? places.find((place) => place > frame) : places.findLast((place) => place < frame);
  const next = ahead ?? (step > 0 ? places[0] : places.at(-1));
  if (next === undefined) sayNone();
  else goTo(next);
}

/** The place that {@link goToWorst} went to last. */
let lastWorst: { curve: Curve | undefined; frame: number } | undefined;

/** Goes to the frame where the runs differ most; called again there, to the next worst, and around. */
export function goToWorst(): void {
  const curve = shownCurve();
  const worst = curve?.worst ?? [];
  const isThere = lastWorst?.curve === curve && lastWorst?.frame === playhead.frame();
  const next = worst[isThere ? (worst.indexOf(playhead.frame()) + 1) % worst.length : 0];
  if (next === undefined) return sayNone();
  lastWorst = { curve, frame: next };
  goTo(next);
}
