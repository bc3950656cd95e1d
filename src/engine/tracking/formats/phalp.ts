import { NdArray } from '../../weights/numpy/ndArray';
import { readJoblib } from '../../weights/joblib/readJoblib';
import type { TrackFormat } from './trackFormat';
import { TrackRows, wrongTracks } from './trackRows';

const TITLE = 'PHALP result';

/** A list of Python, or an array of numpy, as numbers and lists; undefined for anything else. */
function listOf(value: unknown): unknown[] | undefined {
  if (Array.isArray(value)) return value;
  return value instanceof NdArray ? Array.from(value.data) : undefined;
}

/** The lists of one frame, of one length. @throws AppError INVALID_ARGUMENT */
function peopleOn(frame: ReadonlyMap<unknown, unknown>, where: string) {
  const [ids, boxes, unseen] = ['tid', 'bbox', 'tracked_time'].map((key) => listOf(frame.get(key)));
  if (!ids || !boxes || !unseen || ids.length !== boxes.length || ids.length !== unseen.length) {
    throw wrongTracks(where, 'it has no tid, bbox and tracked_time of one length');
  }
  return ids.map((id, index) => ({ id: Number(id), box: listOf(boxes[index]) ?? [], unseen: Number(unseen[index]) }));
}

/**
 * Boxes of the pickle that PHALP and 4D-Humans write (joblib): a dict of frames, each with `time` (the frame from 0) and
 * lists over people: `tid`, `bbox` (x, y, width, height, px) and `tracked_time`, which counts the frames since the person was
 * last seen. Only boxes of people who are seen on the frame are taken; the others are guesses. Source: the file's
 * description in PHALP's README and its author's answer on these keys.
 */
export const phalp: TrackFormat = {
  id: 'phalp',
  title: TITLE,
  extension: 'pkl',
  holds: { names: false, scores: false, interpolation: false, decimals: 6 },
  read: (bytes, clip) => {
    const value = readJoblib(bytes, `The ${TITLE}`);
    if (!(value instanceof Map)) throw wrongTracks(`The ${TITLE}`, 'it holds no dict of frames');
    const rows = new TrackRows(clip);
    for (const [key, frame] of value as Map<unknown, unknown>) {
      const where = `The frame ${String(key).slice(-40)} of the ${TITLE}`;
      if (!(frame instanceof Map)) throw wrongTracks(where, 'it is no dict');
      const time = Number((frame as Map<unknown, unknown>).get('time'));
      for (const { id, box, unseen } of peopleOn(frame, where)) {
        if (unseen !== 0) continue;
        const [x = Number.NaN, y = Number.NaN, width = Number.NaN, height = Number.NaN] = box.map(Number);
        const stated = { frame: time, box: { x, y, width, height }, score: 1, isInterpolated: false };
        rows.add(String(id), `Person ${id}`, stated, where);
      }
    }
    return rows.tracks(TITLE);
  },
};
