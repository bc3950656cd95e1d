import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { zipSync } from 'fflate';
import { recogniseTracks } from './recogniseTracks';

const named = (name: string, bytes: string | Uint8Array) => recogniseTracks(new File([bytes as BlobPart], name));
const zip = (name: string) => zipSync({ [name]: new Uint8Array(300_000).map((_, at) => (at * 7919) % 251) });

describe('the format of a dropped file', () => {
  it('is told from what is in it where endings are shared', async () => {
    expect(await named('a.json', JSON.stringify({ version: 2, tracks: {}, groups: {} }))).toBe('dive');
    expect(await named('a.JSON', JSON.stringify({ videos: [], images: [], tracks: [], annotations: [] }))).toBe(
      'coco-video',
    );
  });

  it('is found at the end of a long archive', async () => {
    expect(await named('mot.zip', zip('gt/gt.txt'))).toBe('cvat-mot');
    expect(await named('yolo.zip', zip('labels/000001.txt'))).toBe('yolo');
  });

  it('is seen through compression', async () => {
    const phalp = readFileSync(join(import.meta.dirname, '../../../test/fixtures/phalp/result.pkl'));
    expect(await named('demo.pkl', new Uint8Array(phalp))).toBe('phalp');
    expect(await named('vibe_output.pkl', 'pred_cam orig_cam bboxes')).toBe('vibe-output');
    expect(await named('broken.pkl', new Uint8Array([0x78, 0x9c, 1, 2, 3]))).toBeUndefined();
  });

  it('stays open for models and for what the ending says', async () => {
    expect(await named('vibe_data.zip', zip('vibe_data/smpl_mean_params.npz'))).toBeUndefined();
    expect(await named('SMPL_NEUTRAL.pkl', 'v_template shapedirs')).toBeUndefined();
    expect(await named('gt.txt', '1,1,0,0,10,10')).toBeUndefined();
    expect(await named('nothing.json', '')).toBeUndefined();
  });
});
