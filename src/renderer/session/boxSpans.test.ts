import { describe, expect, it } from 'vitest';
import { BOX_ORIGIN, type TrackerTrack } from '#core/tracks/track';
import { fakePerson, fakeProject, fakeDocument } from '../../../test/renderer/fakeProject';
import { boxSpans } from './boxSpans';

/** A track over `[0, 60)` whose box was seen on all frames but `[20, 25)`. */
function trackWithGap(): TrackerTrack {
  const origins = new Uint8Array(60).fill(BOX_ORIGIN.detected);
  origins.fill(BOX_ORIGIN.absent, 20, 25);
  return { id: 't1', start: 0, length: 60, boxes: new Float64Array(240), scores: new Float32Array(60), origins };
}

const { media } = fakeProject(fakeDocument([]));

describe('frames on which a person has a box', () => {
  it('leaves out frames without one, also those that a human marked', () => {
    const tracks = new Map([['t1', trackWithGap()]]);
    const person = fakePerson(1, 0, 60, { outside: [{ from: 50, to: 60 }] });
    expect(boxSpans(person, { tracks, media })).toEqual([
      { from: 0, to: 20 },
      { from: 25, to: 50 },
    ]);
  });

  it('takes a track that is not here yet as seen everywhere, and looks anew when it is', () => {
    const person = fakePerson(1, 0, 60, { outside: [{ from: 50, to: 60 }] });
    expect(boxSpans(person, { tracks: new Map(), media })).toEqual([{ from: 0, to: 50 }]);
    const tracks = new Map([['t1', trackWithGap()]]);
    expect(boxSpans(person, { tracks, media })).toHaveLength(2);
    expect(boxSpans(person, { tracks, media })).toBe(boxSpans(person, { tracks, media }));
  });
});
