import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { exportAll, frameOf } from './exportToFolder';
import { evenTimes, syntheticClip, syntheticMotion, syntheticPerson, variableTimes } from './syntheticClip';

describe('joints JSON', () => {
  test('has the stated shape: fps, camera axes, frames with people, boxes and 24 joints', async () => {
    const clip = syntheticClip({ times: evenTimes(40, 60) });
    const [file] = await exportAll('joints', clip);
    expect(file?.name).toBe('clip_joints.json');
    const content = JSON.parse(await readFile(file?.path ?? '', 'utf8'));
    expect(content.fps).toBe(60);
    expect(content.axes).toBe('camera');
    expect(content.frames.length).toBe(40);
    const person = content.frames[10].people[0];
    expect(content.frames[10].frame).toBe(10);
    expect(person.id).toBe(1);
    expect(person.box).toEqual([20, 20, 100, 300]);
    const frame = await frameOf(clip.people[0]!, 10);
    expect(person.joints3d.length).toBe(24);
    expect(person.joints2d.length).toBe(24);
    for (let joint = 0; joint < 24; joint++) {
      for (let c = 0; c < 3; c++) {
        expect(Math.abs(person.joints3d[joint][c] - frame.joints3dCamera[joint * 3 + c]!)).toBeLessThan(1e-5);
      }
      const [x, y, z] = person.joints3d[joint];
      expect(z).toBeGreaterThan(3);
      expect(Math.abs(person.joints2d[joint][0] - (640 + (1000 * x) / z))).toBeLessThan(0.05);
      expect(Math.abs(person.joints2d[joint][1] - (360 + (1000 * y) / z))).toBeLessThan(0.05);
    }
  });

  test('an upright body has its head above its feet: y points down', async () => {
    const [file] = await exportAll('joints', syntheticClip());
    const { joints3d } = JSON.parse(await readFile(file?.path ?? '', 'utf8')).frames[0].people[0];
    expect(joints3d[15][1]).toBeLessThan(joints3d[10][1]);
  });

  test('frames keep the numbers of the video, absent people are not listed', async () => {
    const clip = { ...syntheticClip(), span: { from: 12, to: 22 } };
    const [file] = await exportAll('joints', clip);
    const { frames } = JSON.parse(await readFile(file?.path ?? '', 'utf8'));
    expect(frames.map((frame: { frame: number }) => frame.frame)).toEqual([12, 13, 14, 15, 16, 17, 18, 19, 20, 21]);
    const people = frames.map((frame: { people: { id: number }[] }) => frame.people.map(({ id }) => id).join());
    expect(people).toEqual(['1,2', '1,2', '1,2', '1', '1', '1', '1', '1,2', '1,2', '1,2']);
  });

  test('a missing number is null, never NaN', async () => {
    const motion = syntheticMotion(2, 1);
    motion.translations.fill(Number.NaN, 0, 3);
    const clip = syntheticClip({ times: evenTimes(2, 30), people: [syntheticPerson(1, 'A', motion)] });
    const [file] = await exportAll('joints', clip);
    const text = await readFile(file?.path ?? '', 'utf8');
    expect(JSON.parse(text).frames[0].people[0].joints3d[0]).toEqual([null, null, null]);
  });

  test('the sidecar states rate, times, units and what is not metric', async () => {
    const times = variableTimes(40);
    const files = await exportAll('joints', syntheticClip({ times }));
    const sidecar = files.find(({ name }) => name === 'clip_joints_retake.json');
    const content = JSON.parse(await readFile(sidecar?.path ?? '', 'utf8'));
    expect(content.frameTimesSeconds.length).toBe(40);
    expect(content.frameTimesSeconds[4]).toBeCloseTo((times.pts[4]! - times.pts[0]!) / 1000, 6);
    expect(content).toMatchObject({
      units: 'metre, px',
      axes: 'camera: x right, y down, z forward',
      rate: { variable: true },
      models: [{ name: 'pose-heavy', sha256: 'ab'.repeat(32) }],
      notMetric: ['Stature is assumed: 1.70 m'],
      export: { format: 'joints', files: [{ name: 'clip_joints.json' }] },
    });
  });
});
