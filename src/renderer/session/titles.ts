import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { RunSettings } from '#core/document/schema';
import type { EngineClient } from './engineClient';

/** What the engine calls the ids that documents and results name. */
export type Titles = Pick<
  Awaited<ReturnType<EngineClient['runs']['options']>>,
  'bodies' | 'detectors' | 'trackers' | 'estimators'
>;

/** The one store of names; empty until the engine has said them. */
export const titlesStore = createStore<Titles>(() => ({ bodies: [], detectors: [], trackers: [], estimators: [] }));

/** Asks the engine for the names: once it is greeted, and whenever models came or went. */
export async function loadTitles(client: EngineClient): Promise<void> {
  const { bodies, detectors, trackers, estimators } = await client.runs.options({});
  titlesStore.setState({ bodies, detectors, trackers, estimators });
}

/** Name of a body model for people; one that is not on this computer any more is said to be so. */
export function bodyTitle({ bodies }: Titles, id: string): string {
  const found = bodies.find((body) => body.id === id);
  if (found) return found.title;
  return id === '' ? 'None yet' : bodies.length > 0 ? 'A body that is not on this computer' : id;
}

/** Name of a detector or tracker for people; its id while names are not there. */
export function titleOf(known: readonly { id: string; title: string }[], id: string): string {
  return known.find((entry) => entry.id === id)?.title ?? id;
}

/** Names of an estimator and of its quality for people. */
export function estimatorTitles(
  { estimators }: Titles,
  { estimator, quality }: Pick<RunSettings, 'estimator' | 'quality'>,
): { estimator: string; quality: string } {
  const found = estimators.find(({ id }) => id === estimator);
  const own = found?.qualities.find(({ id }) => id === quality);
  return { estimator: found?.title ?? estimator, quality: own?.title.toLowerCase() ?? quality };
}

/** Reads names in a component. */
export function useTitles(): Titles {
  return useStore(titlesStore);
}
