import { existsSync } from 'node:fs';
import { z } from 'zod';
import type { BundleArray } from '#core/protocol/arrayBundle';
import type { TrackerTrack } from '#core/tracks/track';
import { readStoredBundle, writeStoredBundle } from './storedBundle';

const metaSchema = z.object({
  source: z.string(),
  tracks: z.array(
    z.object({
      id: z.string(),
      start: z.int().min(0),
      length: z.int().min(0),
      foldedBecause: z.string().optional(),
    }),
  ),
});

/** Tracks that a document's people refer to, and where they came from. */
export interface StoredTracks {
  /** Detector and tracker with their versions, or `given`. */
  source: string;
  tracks: TrackerTrack[];
}

/** Keeps tracks that cannot be made again by this build: given ones, and those of another detector or version. */
export function writeTracks(path: string, { source, tracks }: StoredTracks): void {
  const arrays: Record<string, BundleArray> = {};
  tracks.forEach(({ boxes, scores, origins, keypoints }, index) => {
    Object.assign(arrays, { [`boxes${index}`]: boxes, [`scores${index}`]: scores, [`origins${index}`]: origins });
    if (keypoints) arrays[`keypoints${index}`] = keypoints;
  });
  const list = tracks.map(({ id, start, length, foldedBecause }) => ({ id, start, length, foldedBecause }));
  writeStoredBundle(path, { meta: { source, tracks: list }, arrays }, 'the tracks of people');
}

/** Reads {@link writeTracks}'s file; undefined when there is none or it is damaged. */
export function readTracks(path: string): StoredTracks | undefined {
  if (!existsSync(path)) return undefined;
  try {
    const { meta, arrays } = readStoredBundle(path);
    const { source, tracks } = metaSchema.parse(meta);
    return { source, tracks: tracks.map((entry, index) => trackOf(entry, arrays, index)) };
  } catch {
    return undefined;
  }
}

function trackOf(
  { id, start, length, foldedBecause }: z.infer<typeof metaSchema>['tracks'][number],
  arrays: Record<string, BundleArray>,
  index: number,
): TrackerTrack {
  const floats = (name: string): Float32Array => {
    const array = arrays[`${name}${index}`];
    return array instanceof Float32Array ? array : new Float32Array(0);
  };
  const keypoints = floats('keypoints');
  return {
    id,
    start,
    length,
    boxes: Float64Array.from(arrays[`boxes${index}`] ?? []),
    scores: floats('scores'),
    origins: Uint8Array.from(arrays[`origins${index}`] ?? []),
    ...(keypoints.length > 0 ? { keypoints } : {}),
    ...(foldedBecause === undefined ? {} : { foldedBecause }),
  };
}
