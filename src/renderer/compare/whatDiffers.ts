import { bodyTitle, estimatorTitles, titleOf, type Titles } from '../session/titles';
import type { ComparedRun } from './compareStore';

/** One thing that runs are made with, in both of them. */
export interface RunFact {
  name: string;
  a: string;
  b: string;
}

function factsOf({ settings, bodyModel }: ComparedRun, titles: Titles): Record<string, string> {
  const { detector, tracker, focalFactor, estimatorOptions } = settings;
  const { estimator, quality } = estimatorTitles(titles, settings);
  const options = Object.entries(estimatorOptions ?? {}).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  return {
    Bodies: estimator,
    Quality: quality,
    Options: options.join(', ') || 'as they come',
    People: titleOf(titles.detectors, detector),
    Following: titleOf(titles.trackers, tracker),
    Lens: `${focalFactor.toFixed(2)} of the longer side`,
    Body: bodyTitle(titles, bodyModel),
  };
}

/** What two runs were made with, what differs first. Boxes are not part of it: they are of the document, not of a run. */
export function whatDiffers(a: ComparedRun, b: ComparedRun, titles: Titles): RunFact[] {
  const [inA, inB] = [factsOf(a, titles), factsOf(b, titles)];
  const facts = Object.keys(inA).map((name) => ({ name, a: inA[name] ?? '', b: inB[name] ?? '' }));
  return facts.sort((x, y) => Number(x.a === x.b) - Number(y.a === y.b));
}
