import { describe, expect, it } from 'vitest';
import { temporaryFolder } from './clipFolder';
import { checkExactFrames } from './exactFrames';

const folder = temporaryFolder();

describe('frame n is frame n', () => {
  it('at a constant rate with B-frames', async () => {
    const media = await checkExactFrames('h264', folder);
    expect(media).toMatchObject({
      codec: 'h264',
      access: 'seek',
      variableRate: false,
      averageRate: { numerator: 30, denominator: 1 },
    });
    expect(media.durationSeconds).toBeCloseTo(4, 6);
  });

  it('at a variable rate', async () => {
    const media = await checkExactFrames('variableRate', folder);
    expect(media).toMatchObject({ access: 'seek', variableRate: true });
  });

  it('where many frames follow within one tick of the nominal rate', async () => {
    const media = await checkExactFrames('burst', folder);
    expect(media).toMatchObject({ access: 'seek', variableRate: true });
  });

  it('where the container gives several frames one time', async () => {
    expect(await checkExactFrames('sharedTimes', folder)).toMatchObject({ access: 'count' });
  });

  it('turned by 90 degrees', async () => {
    const media = await checkExactFrames('rotated90', folder);
    expect(media).toMatchObject({ rotation: 90, codedWidth: 320, codedHeight: 240, width: 240, height: 320 });
  });

  it('behind an edit list', async () => {
    const media = await checkExactFrames('editList', folder);
    expect(media.frameCount).toBeLessThan(120);
  });

  it('in VP9', async () => {
    expect(await checkExactFrames('vp9Mp4', folder)).toMatchObject({ codec: 'vp9', access: 'seek' });
  });

  it('in HEVC with 10 bits and an open GOP', async () => {
    expect(await checkExactFrames('hevc10', folder)).toMatchObject({ codec: 'hevc', bitDepth: 10, access: 'seek' });
  });

  it('in MPEG-4 in AVI', async () => {
    expect(await checkExactFrames('mpeg4Avi', folder)).toMatchObject({ codec: 'mpeg4', container: 'avi' });
  });

  it('in a folder of pictures', async () => {
    const media = await checkExactFrames('pngFolder', folder);
    expect(media).toMatchObject({
      kind: 'imageFolder',
      rateAssumed: true,
      averageRate: { numerator: 30, denominator: 1 },
    });
  });
});
