import { readMotFile, writeMotFile } from '../motFile';
import type { TrackFormat } from './trackFormat';

/** MOTChallenge text: a line for each box, frames and ids from 1. Interpolated boxes have score 0. */
export const motChallenge: TrackFormat = {
  id: 'mot',
  title: 'MOTChallenge',
  extension: 'txt',
  holds: { names: false, scores: true, interpolation: false, decimals: 2 },
  write: (tracks) => new TextEncoder().encode(writeMotFile(tracks.map(({ track }) => track))),
  read: (bytes, { frameCount, rate }) =>
    readMotFile(new TextDecoder().decode(bytes), { frameCount, rate, bridge: false }).map((track, index) => ({
      name: `Person ${index + 1}`,
      track,
    })),
};
