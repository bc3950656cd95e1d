import { strToU8, zipSync } from 'fflate';
import type { Detection } from '#core/tracks/track';
import { trackers } from '../registry';
import { textsOf } from './archive';
import type { ExchangeClip, ExchangeTrack, TrackFormat } from './trackFormat';
import { rounded, statedBoxes, TrackRows, wrongTracks } from './trackRows';

const TITLE = 'YOLO folder';

/** Sides are shares of the picture: so many places keep a hundredth of a px of a picture 10,000 px wide. */
const PLACES = 8;

/** Frames in file names count from 1, as Ultralytics writes them. */
const FIRST = 1;

interface Line {
  frame: number;
  values: number[];
  where: string;
}

function linesOf(texts: ReadonlyMap<string, string>): Line[] {
  return [...texts].flatMap(([name, text]) => {
    const frame = Number(/(\d+)\.txt$/.exec(name)?.[1] ?? Number.NaN) - FIRST;
    return text.split('\n').flatMap((line, index) => {
      if (line.trim() === '') return [];
      const where = `Line ${index + 1} of ${name}`;
      const values = line.trim().split(/\s+/).map(Number);
      if (![5, 6, 7].includes(values.length) || !values.every(Number.isFinite)) {
        throw wrongTracks(where, 'expected 5 to 7 numbers: class, centre x, y, width, height, score, id');
      }
      return [{ frame, values, where }];
    });
  });
}

function boxOf([, x = 0, y = 0, width = 0, height = 0]: readonly number[], clip: ExchangeClip) {
  const size = { width: width * clip.width, height: height * clip.height };
  return { x: x * clip.width - size.width / 2, y: y * clip.height - size.height / 2, ...size };
}

/** Boxes without identities: who is who is found out as in a run. */
function followed(lines: readonly Line[], clip: ExchangeClip): ExchangeTrack[] {
  const detections: Detection[][] = Array.from({ length: clip.frameCount }, () => []);
  const checked = new TrackRows(clip);
  lines.forEach(({ frame, values, where }, index) => {
    const detection = { box: boxOf(values, clip), score: values[5] ?? 1 };
    checked.add(String(index), '', { frame, ...detection, isInterpolated: false }, where);
    detections[frame]?.push(detection);
  });
  return trackers[0].track({ ...clip, detections }).map((track, index) => ({ name: `Person ${index + 1}`, track }));
}

/**
 * A zip of YOLO label texts, one a frame: `class cx cy width height score id` in shares of the picture, as Ultralytics'
 * `save_txt` with `save_conf` writes tracks. File names end in the frame, from 1. Texts without ids are read as well: then
 * Retake's tracker says who is who.
 */
export const yolo: TrackFormat = {
  id: 'yolo',
  title: TITLE,
  extension: 'zip',
  holds: { names: false, scores: true, interpolation: false, decimals: 2 },
  write: (tracks, clip) => {
    const texts = new Map<number, string>();
    tracks.forEach(({ track }, index) => {
      for (const { frame, box, score } of statedBoxes(track)) {
        const center = [(box.x + box.width / 2) / clip.width, (box.y + box.height / 2) / clip.height];
        const size = [box.width / clip.width, box.height / clip.height];
        const shares = [...center, ...size].map((share) => rounded(share, PLACES));
        const line = `0 ${shares.join(' ')} ${rounded(score, 4)} ${index + 1}\n`;
        texts.set(frame, (texts.get(frame) ?? '') + line);
      }
    });
    const stem = clip.name.replace(/\.[^.]*$/, '');
    const files = [...texts].map(([frame, text]) => [`labels/${stem}_${frame + FIRST}.txt`, strToU8(text)] as const);
    return zipSync({ ...Object.fromEntries(files), 'classes.txt': strToU8('person\n') });
  },
  read: (bytes, clip) => {
    const lines = linesOf(textsOf(bytes, TITLE, (name) => /\d\.txt$/.test(name)));
    if (lines.some(({ values }) => values.length < 7)) return followed(lines, clip);
    const rows = new TrackRows(clip);
    for (const { frame, values, where } of lines) {
      const [score = 1, key = 0] = values.slice(5);
      rows.add(String(key), `Person ${key}`, { frame, box: boxOf(values, clip), score, isInterpolated: false }, where);
    }
    return rows.tracks(TITLE);
  },
};
