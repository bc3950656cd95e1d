import { appendFileSync, copyFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingForTerminal, sampleFile, Terminal, temporaryFolder, unfinishedFiles } from '../cli/terminal';
import { farthestOutside, ffmpeg, fromSample, peopleOf } from './footage';

const missing = missingForTerminal(sampleFile);
if (missing) console.warn(missing);

describe.skipIf(missing !== undefined)('videos nobody hopes for', () => {
  const folder = temporaryFolder();
  const terminal = new Terminal(folder);
  const run = (video: string, out: string, ...more: string[]) =>
    terminal.run(['run', video, '--out', join(folder, out), '--quality', 'fast', ...more]);

  it.each<[string, (file: string) => void, RegExp]>([
    ['sound.m4a', (file) => ffmpeg('-f', 'lavfi', '-i', 'sine=d=1', file), /has no video stream/],
    ['empty.mp4', (file) => writeFileSync(file, ''), /is empty \(0 bytes\)/],
    ['text.mp4', (file) => writeFileSync(file, 'no video\n'.repeat(999)), /not a video that ffmpeg can read/],
    ['random.mp4', (file) => writeFileSync(file, Buffer.alloc(99_999, 171)), /not a video that ffmpeg can read/],
    ['cut.mp4', (file) => writeFileSync(file, late(folder).subarray(0, 200_000)), /cut off: its index is missing/],
  ])('%s is refused in a sentence with a way on', async (name, make, sentence) => {
    const file = join(folder, name);
    make(file);
    const { code, stdout, stderr } = await run(file, 'refused');
    expect(stderr).toMatch(sentence);
    expect(stderr.trim().split('\n')).toHaveLength(2);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it.each<[string, string, number, string[]]>([
    ['one frame', 'null', 1, []],
    ['odd sides', 'scale=641:361,format=yuv444p', 12, []],
    ['5 fps', 'fps=5', 10, []],
    ['240 fps', 'fps=240,scale=640:360', 48, ['-r', '240']],
    ['8K', 'scale=7680:4320', 3, []],
    ['a strip 96 px high', 'crop=1280:96:0:400', 6, []],
  ])('%s: runs to every export, or says that nobody is there', async (name, filter, frames, more) => {
    const clip = fromSample(folder, `${name}.mp4`, filter, frames, ...more);
    const { code, stderr } = await run(clip, name, '--export', 'joints,fbx,glb,obj');
    if (name.startsWith('a strip')) {
      expect([0, 3]).toContain(code);
      return;
    }
    expect(stderr).not.toMatch(/retake:/);
    expect(code).toBe(0);
    const file = join(folder, name, `${name}_joints.json`);
    expect(peopleOf(file).get(1)).toEqual(Array.from({ length: frames }, (_, frame) => frame));
    expect(farthestOutside(file)).toBeLessThan(0.15);
  });

  it('a file that is cut off but can be read in part: runs, and says how much there is', async () => {
    const clip = join(folder, 'part.mkv');
    ffmpeg('-i', sampleFile, '-c', 'copy', clip);
    writeFileSync(clip, readFileSync(clip).subarray(0, 120_000));
    const { code, stdout, stderr } = await run(clip, 'part');
    expect(stderr).toMatch(/cut off: \d+ of about 240 frames/);
    expect(stdout).toMatch(/in \d+ frames/);
    expect(code).toBe(0);
  });

  it('nobody at all: exit 3, no export, and the project stays', async () => {
    const clip = join(folder, 'nobody.mp4');
    ffmpeg('-f', 'lavfi', '-i', 'testsrc=d=1:r=30:s=320x240', '-c:v', 'libx264', clip);
    const { code, stdout, stderr } = await run(clip, 'nobody', '--export', 'fbx');
    expect(stderr).toMatch(/Nobody was found in the 30 frames[^]*--boxes/);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  });

  it('somebody who leaves and comes back is the same person, and absent in between', async () => {
    const away = "enable='between(n,24,47)'";
    // A wall before the walker; were all of the picture to change, others would come back in another shot.
    const wall = 'drawbox=x=60:y=270:w=330:h=400:t=fill:c=0xa9abaf';
    const clip = fromSample(folder, 'away.mp4', `${wall}:${away}`, 72);
    const { code } = await run(clip, 'away', '--export', 'joints');
    expect(code).toBe(0);
    const people = peopleOf(join(folder, 'away', 'away_joints.json'));
    const whole = [...people.values()].filter((frames) => frames.includes(10) && frames.includes(60));
    expect(whole).toHaveLength(1);
  });

  it('30 people: everybody has a body, nobody two', async () => {
    const tile = 'crop=300:480:60:240,scale=150:240';
    const tiles = `[0]${tile},split=30${names('s')};${names('s')}xstack=inputs=30:layout=${layout(10, 3, 150, 240)}`;
    const clip = join(folder, 'crowd.mp4');
    ffmpeg('-i', sampleFile, '-filter_complex', tiles, '-frames:v', '6', '-c:v', 'libx264', '-crf', '14', clip);
    const { code, stdout } = await run(clip, 'crowd', '--export', 'joints,fbx');
    expect(code).toBe(0);
    const found = Number(/^(\d+) people/.exec(stdout)?.[1]);
    // MoveNet MultiPose answers with six people for each look; the rest is what closer looks find.
    expect(found).toBeGreaterThanOrEqual(6);
    expect(found).toBeLessThanOrEqual(33);
  });

  afterAll(async () => {
    expect(await terminal.orphans()).toEqual([]);
    expect(terminal.leftovers()).toEqual([]);
    expect(unfinishedFiles(folder)).toEqual([]);
  });
});

/** The bytes of a clip whose index stands at its end. */
function late(folder: string): Buffer {
  const file = join(folder, 'late-index.mp4');
  ffmpeg('-i', sampleFile, '-c', 'copy', file);
  return readFileSync(file);
}

function names(letter: string): string {
  return Array.from({ length: 30 }, (_, index) => `[${letter}${index}]`).join('');
}

function layout(columns: number, rows: number, width: number, height: number): string {
  return Array.from(
    { length: columns * rows },
    (_, index) => `${(index % columns) * width}_${Math.floor(index / columns) * height}`,
  ).join('|');
}

describe.skipIf(missing !== undefined)('a video that changes while it is run', () => {
  const folder = temporaryFolder();
  const terminal = new Terminal(folder);
  let original = '';

  beforeAll(() => {
    // Longer than one chunk of frames, so that the file is opened again after it has changed.
    original = fromSample(folder, 'original.mp4', 'scale=640:360', 240);
  });

  it.each<[string, (file: string) => void, RegExp]>([
    ['vanishes', (file) => renameSync(file, `${file}.away`), /There is no file at .*|not at .* any more/],
    ['grows', (file) => appendFileSync(file, Buffer.alloc(5000)), /changed/],
  ])('%s: says so; put back, the next run goes on', async (what, change, sentence) => {
    const clip = join(folder, `${what}.mp4`);
    copyFileSync(original, clip);
    const args = ['run', clip, '--out', join(folder, what), '--quality', 'fast', '--export', 'joints'];
    const call = terminal.start(args);
    await call.until(/People [1-9]/);
    change(clip);
    const { code, stderr } = await call.ended;
    expect(stderr).toMatch(sentence);
    expect(stderr).toMatch(/retake: .*\n\s+\S/);
    expect([1, 2]).toContain(code);
    expect(await terminal.orphans()).toEqual([]);
    copyFileSync(original, clip);
    const again = await terminal.run(args);
    expect(again.code).toBe(0);
    expect(again.stdout).toMatch(/in 240 frames/);
  });
});
