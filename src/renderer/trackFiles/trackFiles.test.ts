import { describe, expect, it } from 'vitest';
import { formatsFor, isTrackName } from './trackFiles';

const format = (id: string, extension: string, canRead = true) => ({
  id,
  title: id,
  extension,
  canRead,
  canWrite: true,
});
const formats = [format('mot', 'txt'), format('coco', 'json'), format('dive', 'json'), format('out', 'csv', false)];
const ids = (name: string) => formatsFor(formats, name).map(({ id }) => id);

describe('the format of a file', () => {
  it('is found by its ending, several where several have it', () => {
    expect(ids('gt.TXT')).toEqual(['mot']);
    expect(ids('annotations.json')).toEqual(['coco', 'dive']);
  });

  it('may be any that can be read where no format has the ending', () => {
    expect(ids('boxes.csv')).toEqual(['mot', 'coco', 'dive']);
  });
});

it('takes videos and models for what they are', () => {
  expect(['clip.mp4', 'model.pkl', 'gt.txt', 'a.xml'].map(isTrackName)).toEqual([false, false, true, true]);
});
