import { describe, expect, it } from 'vitest';
import { reportText } from './reportText';

describe('the diagnostics report', () => {
  it('holds results and versions but no paths', () => {
    const report = reportText('0.1.0', [
      { id: 'ffmpeg', title: 'Video decoder', state: 'ready', detail: 'ffmpeg 5.1.9, /home/someone/bin/ffmpeg' },
      {
        id: 'body',
        title: 'Default body',
        state: 'missing',
        detail: 'Not found in C:\\Users\\someone\\body.bin, sorry',
      },
    ]);
    expect(report).toContain('ready: ffmpeg 5.1.9, (path)');
    expect(report).toContain('missing: Not found in (path), sorry');
    expect(report).not.toContain('someone');
  });
});
