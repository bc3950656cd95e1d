import { decodeVibeOutput } from '../../weights/joblib/decodeVibeOutput';
import type { TrackFormat } from './trackFormat';
import { TrackRows } from './trackRows';

const TITLE = 'VIBE result';

/**
 * Boxes of a `vibe_output.pkl` (reference vibe-smpl 12.1): square, by centre and side, without the 1.1 of the crop. Its
 * bodies come along: see `pipeline/importVibeOutput`.
 */
export const vibeOutput: TrackFormat = {
  id: 'vibe-output',
  title: TITLE,
  extension: 'pkl',
  holds: { names: false, scores: false, interpolation: false, decimals: 6 },
  read: (bytes, clip) => {
    const rows = new TrackRows(clip);
    const people = decodeVibeOutput(bytes, `The ${TITLE}`);
    for (const [id, { bboxes, frameIds }] of people) {
      frameIds.forEach((frame, row) => {
        const [cx = 0, cy = 0, width = 0, height = 0] = bboxes.slice(row * 4, row * 4 + 4);
        const box = { x: cx - width / 2, y: cy - height / 2, width, height };
        const stated = { frame, box, score: 1, isInterpolated: false };
        rows.add(String(id), `Person ${id}`, stated, `Person ${id} of the ${TITLE}`);
      });
    }
    const ids = [...people.keys()].sort((a, b) => a - b);
    return rows.tracks(TITLE).map(({ name, track }, index) => {
      const number = ids[index] ?? 0;
      return { name, track: number >= 1 ? { ...track, number } : track };
    });
  },
};
