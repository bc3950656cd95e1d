import { z } from 'zod';
import { BOX_ORIGIN } from '#core/tracks/track';
import { parsedJson } from './parsedJson';
import type { ExchangeTrack, TrackFormat } from './trackFormat';
import { boxesBetween, rounded, type StatedBox, statedBoxes, TrackRows } from './trackRows';

const TITLE = 'DIVE';

const featureSchema = z.object({
  frame: z.int(),
  bounds: z.array(z.number()).length(4).optional(),
  keyframe: z.boolean().optional(),
  interpolate: z.boolean().optional(),
});
const trackSchema = z.object({
  id: z.union([z.int(), z.string()]).optional(),
  features: z.array(featureSchema),
  confidencePairs: z.array(z.tuple([z.string(), z.number()])).optional(),
  attributes: z.looseObject({ name: z.unknown().optional() }).optional(),
});
const fileSchema = z.object({ tracks: z.record(z.string(), trackSchema) });

/** Stated boxes as features; `interpolate` says that the box runs straight to the next one. */
function featuresOf({ track }: ExchangeTrack) {
  const boxes = [...statedBoxes(track)].filter(({ isInterpolated }) => !isInterpolated);
  return boxes.map(({ frame, box }, index) => {
    const next = boxes[index + 1];
    const interpolate = next !== undefined && track.origins[frame + 1 - track.start] === BOX_ORIGIN.interpolated;
    const bounds = [box.x, box.y, box.x + box.width, box.y + box.height].map((side) => rounded(side, 3));
    return { frame, bounds, keyframe: true, interpolate };
  });
}

/**
 * Annotations of Kitware DIVE (version 2): tracks with `features`, their `bounds` x1, y1, x2, y2 in px, frames from 0;
 * between a feature with `interpolate` and the next one the box runs straight. Source: DIVE documentation, data formats.
 */
export const dive: TrackFormat = {
  id: 'dive',
  title: TITLE,
  extension: 'json',
  holds: { names: true, scores: false, interpolation: true, decimals: 3 },
  write: (tracks) => {
    const list = tracks.map((entry, index) => {
      const features = featuresOf(entry);
      const [begin, end] = [features[0]?.frame ?? 0, features.at(-1)?.frame ?? 0];
      const attributes = { name: entry.name };
      return { id: index + 1, attributes, confidencePairs: [['person', 1]], features, begin, end, meta: {} };
    });
    const byId = Object.fromEntries(list.map((track) => [String(track.id), track]));
    return new TextEncoder().encode(JSON.stringify({ version: 2, tracks: byId, groups: {} }));
  },
  read: (bytes, clip) => {
    const { tracks } = parsedJson(bytes, fileSchema, TITLE);
    const rows = new TrackRows(clip);
    for (const [key, { features, attributes }] of Object.entries(tracks)) {
      const name = typeof attributes?.name === 'string' ? attributes.name : `Person ${key}`;
      const where = `Track ${key} of the ${TITLE} file`;
      const add = (stated: StatedBox) => rows.add(key, name, stated, where);
      let before: { stated: StatedBox; runsOn: boolean } | undefined;
      for (const { frame, bounds, interpolate } of [...features].sort((a, b) => a.frame - b.frame)) {
        if (!bounds) continue;
        const [x = 0, y = 0, right = 0, bottom = 0] = bounds;
        const box = { x, y, width: right - x, height: bottom - y };
        const stated = { frame, box, score: 1, isInterpolated: false };
        add(stated);
        if (before?.runsOn) for (const between of boxesBetween(before.stated, stated)) add(between);
        before = { stated, runsOn: interpolate === true };
      }
    }
    return rows.tracks(TITLE);
  },
};
