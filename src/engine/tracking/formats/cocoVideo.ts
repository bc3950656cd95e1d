import { z } from 'zod';
import type { TrackFormat } from './trackFormat';
import { rounded, statedBoxes, TrackRows } from './trackRows';
import { parsedJson } from './parsedJson';

const TITLE = 'COCO video';

const id = z.union([z.int(), z.string()]);
const fileSchema = z.object({
  images: z.array(z.object({ id, frame_id: z.int().optional(), frame_index: z.int().optional() })),
  annotations: z.array(
    z.object({
      image_id: id,
      bbox: z.array(z.number()).length(4),
      track_id: id.optional(),
      instance_id: id.optional(),
      score: z.number().optional(),
      interpolated: z.boolean().optional(),
    }),
  ),
  tracks: z.array(z.object({ id, name: z.string().optional() })).optional(),
});

/**
 * COCO with videos, as CocoVID (MMTracking) and TAO have it: images with `frame_id` from 0, annotations with `track_id` and
 * `instance_id`. Names stand in `tracks`, interpolated boxes are marked `interpolated`; both are additions that other
 * readers pass over.
 */
export const cocoVideo: TrackFormat = {
  id: 'coco-video',
  title: TITLE,
  extension: 'json',
  holds: { names: true, scores: true, interpolation: true, decimals: 3 },
  write: (tracks, clip) => {
    const { width, height } = clip;
    const images = Array.from({ length: clip.frameCount }, (_, frame) => ({
      ...{ id: frame + 1, video_id: 1, frame_id: frame, width, height },
      file_name: `${clip.name}/${String(frame).padStart(6, '0')}.jpg`,
    }));
    const annotations = tracks.flatMap(({ track }, index) =>
      [...statedBoxes(track)].map(({ frame, box, score, isInterpolated }) => ({
        ...{ image_id: frame + 1, video_id: 1, category_id: 1, track_id: index + 1, instance_id: index + 1 },
        bbox: [box.x, box.y, box.width, box.height].map((side) => rounded(side, 3)),
        ...{ area: rounded(box.width * box.height, 1), iscrowd: 0 },
        ...(isInterpolated ? { interpolated: true } : { score: rounded(score, 4) }),
      })),
    );
    return new TextEncoder().encode(
      JSON.stringify({
        info: {
          description: 'Boxes of people, px of the upright video, top-left corner and size; frame_id counts from 0',
        },
        videos: [{ id: 1, name: clip.name, width, height, fps: clip.rate }],
        categories: [{ id: 1, name: 'person' }],
        tracks: tracks.map(({ name }, index) => ({ id: index + 1, video_id: 1, category_id: 1, name })),
        images,
        annotations: annotations.map((annotation, index) => ({ id: index + 1, ...annotation })),
      }),
    );
  },
  read: (bytes, clip) => {
    const { images, annotations, tracks } = parsedJson(bytes, fileSchema, TITLE);
    const frames = new Map(images.map((image, index) => [image.id, image.frame_id ?? image.frame_index ?? index]));
    const names = new Map((tracks ?? []).map((track) => [String(track.id), track.name]));
    const rows = new TrackRows(clip);
    annotations.forEach((annotation, index) => {
      const where = `Annotation ${index + 1} of the ${TITLE} file`;
      const key = annotation.track_id ?? annotation.instance_id ?? '';
      const [x = 0, y = 0, width = 0, height = 0] = annotation.bbox;
      const frame = frames.get(annotation.image_id) ?? Number.NaN;
      const { score = 1, interpolated: isInterpolated = false } = annotation;
      const name = names.get(String(key)) ?? `Person ${key}`;
      rows.add(String(key), name, { frame, box: { x, y, width, height }, score, isInterpolated }, where);
    });
    return rows.tracks(TITLE);
  },
};
