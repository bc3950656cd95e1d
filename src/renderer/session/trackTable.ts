import type { ArrayBundle, BundleArray } from '#core/protocol/arrayBundle';
import type { TracksMeta } from '#core/protocol/bulkRoutes';
import type { TrackTable } from '#core/tracks/effectiveBoxes';
import type { TrackerTrack } from '#core/tracks/track';

function asFloats(array: BundleArray | undefined, length: number): Float32Array {
  return array instanceof Float32Array ? array : new Float32Array(length);
}

function asBytes(array: BundleArray | undefined, length: number): Uint8Array {
  return array instanceof Uint8Array ? array : new Uint8Array(length);
}

/** Reads the tracks bundle: views into its buffer, no copies. A missing array reads as absent boxes. */
export function readTrackTable({ meta, arrays }: ArrayBundle<TracksMeta>): TrackTable {
  const table = new Map<string, TrackerTrack>();
  meta.tracks.forEach(({ id, start, length, foldedBecause }, index) => {
    const boxes = arrays[`boxes${index}`];
    const keypoints = arrays[`keypoints${index}`];
    table.set(id, {
      id,
      start,
      length,
      boxes: boxes instanceof Float64Array ? boxes : new Float64Array(length * 4),
      scores: asFloats(arrays[`scores${index}`], length),
      origins: asBytes(arrays[`origins${index}`], length),
      ...(keypoints instanceof Float32Array ? { keypoints } : {}),
      ...(foldedBecause === undefined ? {} : { foldedBecause }),
    });
  });
  return table;
}
