import { describe, expect, it } from 'vitest';
import {
  bitDepthOf,
  parseInput,
  parsePacket,
  parsePacketTimeBase,
  parseShowinfo,
  parseShowinfoTimeBase,
} from './ffmpegOutput';

describe('parseShowinfo', () => {
  it('reads the line of ffmpeg 5', () => {
    const line =
      '[Parsed_showinfo_0 @ 0x555965094900] n:   1 pts:    512 pts_time:0.0333333 pos:     6939 fmt:yuv420p sar:1/1 s:320x240 i:P iskey:0 type:B ';
    expect(parseShowinfo(line)).toEqual({
      pts: 512,
      isKey: false,
      interlaced: false,
      width: 320,
      height: 240,
      sampleAspect: { numerator: 1, denominator: 1 },
      pixelFormat: 'yuv420p',
      checksum: undefined,
    });
  });

  it('reads the line of ffmpeg 9, with a checksum', () => {
    const line =
      '[Parsed_showinfo_0 @ 0x7f5d78001b80] n:   0 pts:     -3 pts_time:-0.1     duration:    512 duration_time:0.0333333 fmt:yuv420p10le cl:left sar:0/1 s:1768x994 i:T iskey:1 type:I checksum:0AB1C2D3 plane_checksum:[AAAA0000 BBBB0000 CCCC0000]';
    expect(parseShowinfo(line)).toMatchObject({ pts: -3, isKey: true, interlaced: true, checksum: '0AB1C2D3' });
  });

  it('knows a frame without a time, and lines that are no frames', () => {
    const line = '[showinfo @ 0x1] n:   0 pts:NOPTS pts_time:NOPTS pos: 1 fmt:gray sar:1/1 s:2x2 i:P iskey:1 type:I ';
    expect(parseShowinfo(line)?.pts).toBeNull();
    expect(parseShowinfo('[Parsed_showinfo_0 @ 0x1] color_range:tv color_space:bt709')).toBeNull();
    expect(parseShowinfo('frame=    3 fps=0.0 q=-0.0 Lsize= 338kB')).toBeNull();
  });

  it('reads the time base', () => {
    const line = '[Parsed_showinfo_0 @ 0x5] config in time_base: 1/15360, frame_rate: 30/1';
    expect(parseShowinfoTimeBase(line)).toEqual({ numerator: 1, denominator: 15360 });
    expect(parseShowinfoTimeBase('config out time_base: 0/0')).toBeNull();
  });
});

describe('parsePacket', () => {
  it('reads flags: none printed means keyframe', () => {
    expect(parsePacket('0,       9216,      9728,      512,     5768, 0xf85475cd')).toEqual({
      dts: 9216,
      pts: 9728,
      isKey: true,
      isCorrupt: false,
      isDiscarded: false,
      size: 5768,
    });
    expect(parsePacket('0, -7168, -6144, 512, 5531, 0xad27e2fd, F=0x5')).toMatchObject({
      isKey: true,
      isDiscarded: true,
    });
    expect(parsePacket('0, 0, 0, 512, 100, 0x1, F=0x2, S=1, 8')).toMatchObject({ isKey: false, isCorrupt: true });
  });

  it('takes the lowest integer as no time', () => {
    expect(parsePacket('0, 0, -9223372036854775808, 512, 100, 0x1')?.pts).toBeNull();
  });

  it('passes over comments', () => {
    expect(parsePacket('#tb 0: 1/15360')).toBeNull();
    expect(parsePacketTimeBase('#tb 0: 1/15360')).toEqual({ numerator: 1, denominator: 15360 });
  });
});

describe('parseInput', () => {
  const header = (video: string, ...more: string[]): string[] => [
    "Input #0, mov,mp4,m4a,3gp,3g2,mj2, from 'file:/clips/a, b.mp4':",
    '  Duration: 00:01:07.73, start: 0.000000, bitrate: 4105 kb/s',
    `  Stream #0:0[0x1](und): Video: ${video}`,
    ...more,
    'Stream mapping:',
    '  Stream #0:0 -> #0:0 (vp9 (native) -> rawvideo (native))',
    "Output #0, null, to 'pipe:':",
    '    Side data:',
    '      displaymatrix: rotation of -0.00 degrees',
  ];

  it('reads codec, size, rate, duration and sound', () => {
    const video =
      'vp9 (Profile 0) (vp09 / 0x39307076), yuv420p(tv, bt709), 1768x994, 4007 kb/s, 30 fps, 30 tbr, 15360 tbn (default)';
    const sound = '  Stream #0:1[0x2](und): Audio: aac (LC) (mp4a / 0x6134706D), 44100 Hz, stereo, fltp, 127 kb/s';
    expect(parseInput(header(video, sound))).toEqual({
      container: 'mov,mp4,m4a,3gp,3g2,mj2',
      durationSeconds: 67.73,
      hasAudio: true,
      codec: 'vp9',
      codedWidth: 1768,
      codedHeight: 994,
      nominalRate: 30,
      rotation: 0,
    });
  });

  it.each([
    ['-90.00', 90],
    ['90.00', 270],
    ['180.00', 180],
    ['-180.00', 180],
    ['0.00', 0],
  ])('a matrix of %s degrees is a clockwise turn of %d', (printed, turn) => {
    const video = 'h264 (High) (avc1 / 0x31637661), yuv420p, 320x240 [SAR 1:1 DAR 4:3], 318 kb/s, 29.97 fps, 30k tbr';
    const matrix = `      displaymatrix: rotation of ${printed} degrees`;
    const seen = parseInput(header(video, '    Side data:', matrix));
    expect(seen).toMatchObject({ rotation: turn, nominalRate: 29.97, hasAudio: false });
  });

  it('is null without a mapped video stream', () => {
    expect(parseInput(["Input #0, mp3, from 'a.mp3':", '  Stream #0:0: Audio: mp3'])).toBeNull();
  });
});

it('bitDepthOf knows formats by their names', () => {
  const expected = {
    yuv420p: 8,
    yuvj420p: 8,
    nv12: 8,
    gray: 8,
    rgb24: 8,
    yuv420p10le: 10,
    p010le: 10,
    gray12le: 12,
    gbrp12le: 12,
    rgb48be: 16,
    yuv444p16le: 16,
    x2rgb10le: 10,
  };
  for (const [format, depth] of Object.entries(expected)) expect(bitDepthOf(format), format).toBe(depth);
});
