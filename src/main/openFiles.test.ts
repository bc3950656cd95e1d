import { describe, expect, it } from 'vitest';
import { filesIn } from './openFiles';

describe('files on the command line', () => {
  it('are taken without the program, its switches and the folder of the app', () => {
    const argv = ['/opt/electron', '--no-sandbox', '/src/retake.app', '/clips/a b.mp4', '--inspect=0'];
    expect(filesIn(argv, '/src/retake.app', '/')).toEqual(['/clips/a b.mp4']);
  });

  it('may have no extension, as folders of pictures and projects', () => {
    expect(filesIn(['retake', '/clips/pictures'], '/opt/app.asar', '/')).toEqual(['/clips/pictures']);
  });

  it('count from the folder of the second start', () => {
    expect(filesIn(['retake', 'clip.mp4', '../x.mov'], '/opt/app.asar', '/home/me')).toEqual([
      '/home/me/clip.mp4',
      '/home/x.mov',
    ]);
  });
});
