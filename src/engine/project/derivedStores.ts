import { join } from 'node:path';
import type { RunSettings } from '#core/document/schema';
import { RecordCache } from '../cache/recordCache';
import { findDetector } from '../detection/registry';
import { findEstimator } from '../estimation/registry';
import { DetectionStore } from './detectionStore';
import { EarlierResults } from './earlierResults';
import type { ProjectFolder } from './projectFolder';

const OBSERVATION_BUDGET_BYTES = 512 * 1024 * 1024;
/** About 600,000 rows of one person. */
const EARLIER_BUDGET_BYTES = 256 * 1024 * 1024;

/**
 * Stores whose place depends on the settings of a run, each opened when it is first needed and kept, so that changed
 * settings find their own results and a run under way keeps its own.
 */
export class DerivedStores {
  private readonly opened = new Map<string, DetectionStore>();
  /** Motion that was overwritten. */
  readonly earlier: EarlierResults;
  private readonly caches = new Map<string, RecordCache>();

  constructor(
    private readonly folder: ProjectFolder,
    private readonly frameCount: number,
  ) {
    this.earlier = new EarlierResults(join(folder.cache, 'earlier'), EARLIER_BUDGET_BYTES);
  }

  /** What the detector of these settings has found. */
  detections({ detector }: RunSettings): DetectionStore {
    const { id, version } = findDetector(detector);
    return remembered(
      this.opened,
      `${id}-${version}`,
      (name) => new DetectionStore(join(this.folder.detections, name), this.frameCount),
    );
  }

  /** What the estimator of these settings has seen. @throws AppError DISK_FULL, READ_ONLY. */
  observations({ estimator, quality }: RunSettings): RecordCache {
    const { id, version, observationLength } = findEstimator(estimator);
    return remembered(
      this.caches,
      `observations-${id}-${version}-${quality}.records`,
      (name) => new RecordCache(join(this.folder.cache, name), observationLength, OBSERVATION_BUDGET_BYTES),
    );
  }

  /** Makes what was found durable. @throws AppError DISK_FULL, READ_ONLY. */
  flush(): void {
    for (const store of this.opened.values()) store.flush();
    this.earlier.flush();
  }

  close(): void {
    for (const cache of this.caches.values()) cache.close();
    this.caches.clear();
  }
}

function remembered<Value>(map: Map<string, Value>, name: string, make: (name: string) => Value): Value {
  const known = map.get(name);
  if (known !== undefined) return known;
  const made = make(name);
  map.set(name, made);
  return made;
}
