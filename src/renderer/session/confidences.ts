import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { JOINT_COUNT } from '#core/body/skeleton';
import { bulkRoutes, type MotionMeta } from '#core/protocol/bulkRoutes';
import type { ReviewMotion } from '#core/review/signal';
import { fetchBundle } from './bulk';
import { projectStore } from './projectStore';

/** What is known of every person's bodies over the whole clip: their confidences, and what they are reviewed by. */
export interface ConfidenceState {
  projectId: string | undefined;
  /** By person id. */
  motions: ReadonlyMap<string, ReviewMotion>;
  /** By person id: one number a frame, 0 to 1; NaN where there is no body. */
  people: ReadonlyMap<string, Float32Array>;
}

/** The one store of confidences. */
export const confidenceStore = createStore<ConfidenceState>(() => ({
  projectId: undefined,
  motions: new Map(),
  people: new Map(),
}));

/** Reads a part of it in a component. */
export function useConfidences<T>(selector: (state: ConfidenceState) => T): T {
  return useStore(confidenceStore, selector);
}

/** Frames asked for at once: about 800 bytes each with everything a motion bundle carries. */
const PIECE_FRAMES = 1024;
/** While a run goes on, results change several times a second; the lane need not. */
const PAUSE_MS = 1500;

const shownVersions = new Map<string, number>();
let isLoading = false;
let isWanted = false;

async function loadPerson(projectId: string, person: string, version: number, frameCount: number): Promise<void> {
  const values = new Float32Array(frameCount).fill(Number.NaN);
  const present = new Uint8Array(frameCount);
  const joints = new Float32Array(frameCount * JOINT_COUNT * 3);
  const plausibilities = new Float32Array(frameCount).fill(Number.NaN);
  for (let from = 0; from < frameCount; from += PIECE_FRAMES) {
    const to = Math.min(frameCount, from + PIECE_FRAMES);
    const { arrays } = await fetchBundle<MotionMeta>(bulkRoutes.motion(projectId, person, from, to, version));
    present.set(arrays['present'] ?? [], from);
    joints.set(arrays['joints'] ?? [], from * JOINT_COUNT * 3);
    plausibilities.set(arrays['plausibilities'] ?? [], from);
    for (let row = 0; row < to - from; row++) {
      if (present[from + row] === 1) values[from + row] = arrays['confidences']?.[row] ?? Number.NaN;
    }
  }
  const motion = { present, confidences: values, joints, plausibilities };
  confidenceStore.setState((state) => {
    if (state.projectId !== projectId) return {};
    return { people: new Map(state.people).set(person, values), motions: new Map(state.motions).set(person, motion) };
  });
}

async function load(): Promise<void> {
  isWanted = true;
  if (isLoading) return;
  isLoading = true;
  while (isWanted) {
    isWanted = false;
    const { project } = projectStore.getState();
    if (!project) break;
    for (const { person, version, present } of project.results.people) {
      if (shownVersions.get(person) === version || present.length === 0) continue;
      shownVersions.set(person, version);
      try {
        await loadPerson(project.projectId, person, version, project.media.frameCount);
      } catch {
        // Asked again with the next results.
        shownVersions.delete(person);
      }
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  isLoading = false;
}

/** Keeps confidences in step with results. Call once; returns its own end. */
export function followConfidences(): () => void {
  return projectStore.subscribe((state, before) => {
    const id = state.project?.projectId;
    if (id !== confidenceStore.getState().projectId) {
      shownVersions.clear();
      confidenceStore.setState({ projectId: id, motions: new Map(), people: new Map() });
    }
    if (state.project && state.project.results !== before.project?.results) void load();
  });
}

/** Steps 0 (suspect) to 9 (good) of the quality ramp for a confidence of 0 to 1. */
export function qualityStep(confidence: number): number {
  return Math.max(0, Math.min(9, Math.floor(confidence * 10)));
}

/** Worst quality step in each of `columns` equal pieces of the clip; -1 where no frame has a body. */
export function worstSteps(values: Float32Array, columns: number): Int8Array {
  const steps = new Int8Array(columns).fill(-1);
  values.forEach((value, frame) => {
    if (Number.isNaN(value)) return;
    const column = Math.min(columns - 1, Math.floor((frame * columns) / values.length));
    const step = qualityStep(value);
    const worst = steps[column] ?? -1;
    if (worst === -1 || step < worst) steps[column] = step;
  });
  return steps;
}
