import { describe, expect, it } from 'vitest';
import { probeVideo } from '#engine/video/probe';
import { temporaryFolder, testFfmpeg } from './clipFolder';
import { checkExactFrames } from './exactFrames';
import { CLIP_RECIPES, type ClipKind, makeNumberedClip } from './numberedClip';

const folder = temporaryFolder();
const kinds = Object.keys(CLIP_RECIPES).filter((name): name is ClipKind => name in CLIP_RECIPES);

describe('frame n is frame n in every kind of clip', () => {
  it.each(kinds)(
    '%s, trusting packets where that is allowed',
    async (kind) => {
      await checkExactFrames(kind, folder, 0);
    },
    180_000,
  );

  it.each(kinds)(
    '%s: packets and decoding give the same table',
    async (kind) => {
      const ffmpeg = await testFfmpeg();
      const path = await makeNumberedClip(kind, { folder, ffmpeg });
      const trusted = await probeVideo(path, { ffmpeg, decodeBudget: 0 });
      const decoded = await probeVideo(path, { ffmpeg, decodeBudget: Number.POSITIVE_INFINITY });
      expect(trusted.ptsHash).toBe(decoded.ptsHash);
      // What counts as a keyframe of an intra refresh is a matter of taste; seeking there is proven either way.
      if (kind === 'intraRefresh') return;
      expect(trusted.keyframes).toEqual(decoded.keyframes);
      expect(trusted.access).toBe(decoded.access);
    },
    60_000,
  );
});
