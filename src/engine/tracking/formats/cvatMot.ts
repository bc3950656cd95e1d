import { strToU8, zipSync } from 'fflate';
import { readMotFile } from '../motFile';
import { textsOf } from './archive';
import type { TrackFormat } from './trackFormat';
import { rounded, statedBoxes, wrongTracks } from './trackRows';

const TITLE = 'CVAT MOT archive';

/**
 * CVAT's MOT archive: `gt/gt.txt` with a line `frame,id,x,y,width,height,counted,class,visibility` for each box (frames and
 * ids from 1) and `gt/labels.txt`. Source: CVAT documentation, MOT format.
 */
export const cvatMot: TrackFormat = {
  id: 'cvat-mot',
  title: TITLE,
  extension: 'zip',
  holds: { names: false, scores: false, interpolation: false, decimals: 2 },
  write: (tracks) => {
    const lines: { frame: number; id: number; text: string }[] = [];
    tracks.forEach(({ track }, index) => {
      for (const { frame, box } of statedBoxes(track)) {
        const sides = [box.x, box.y, box.width, box.height].map((side) => rounded(side, 2));
        lines.push({ frame, id: index + 1, text: `${frame + 1},${index + 1},${sides.join(',')},1,1,1.0\n` });
      }
    });
    lines.sort((a, b) => a.frame - b.frame || a.id - b.id);
    const gt = lines.map(({ text }) => text).join('');
    return zipSync({ 'gt/gt.txt': strToU8(gt), 'gt/labels.txt': strToU8('person\n') });
  },
  read: (bytes, { frameCount, rate }) => {
    const texts = textsOf(bytes, TITLE, (name) => /(^|\/)gt\.txt$/.test(name));
    const [text] = texts.values();
    if (text === undefined) throw wrongTracks(`The ${TITLE}`, 'it holds no gt/gt.txt');
    return readMotFile(text, { frameCount, rate, bridge: false }).map((track, index) => ({
      name: `Person ${index + 1}`,
      track,
    }));
  },
};
