import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { jsonLines, missingForTerminal, sampleFile, Terminal, temporaryFolder } from './terminal';

const missing = missingForTerminal();
if (missing) console.warn(missing);

describe.skipIf(missing !== undefined)('a wrong call says what is wrong before anything is computed', () => {
  const folder = temporaryFolder();
  const terminal = new Terminal(folder);
  const out = join(folder, 'out');
  const text = join(folder, 'text.mp4');
  writeFileSync(text, 'This is not a video.\n'.repeat(100));
  const mot = (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const run = ['run', sampleFile, '--out', out];

  it.each<[string, string[], RegExp]>([
    ['no video', ['run'], /A video and a folder are needed/],
    ['no folder', ['run', sampleFile], /A video and a folder are needed/],
    ['two videos', [...run, 'other.mp4'], /"other.mp4" is one word too many/],
    ['an unknown option', [...run, '--frobnicate'], /Unknown option '--frobnicate'/],
    ['an option without its value', ['run', sampleFile, '--out'], /--out.*missing/],
    ['a file that begins with a dash', ['info', '-dash.mp4'], /a file \.\/-name/],
    ['an unknown format', [...run, '--export', 'xyz'], /no export format called xyz[^]*fbx/],
    ['a value that begins with a dash', [...run, '--frames', '-5'], /--option=-value/],
    ['an address', ['run', 'http://example.com/a.mp4', '--out', out], /is an address/],
    ['an unknown quality', [...run, '--quality', 'ultra'], /best or fast, not "ultra"/],
    ['an unknown way with names that exist', [...run, '--if-exists', 'ask'], /fail, rename or overwrite, not "ask"/],
    ['frames backwards', [...run, '--frames', '9-3'], /a first and a last frame, not "9-3"/],
    ['frames that are no numbers', [...run, '--frames', 'a-b'], /not "a-b"/],
    ['frames beyond the end', [...run, '--frames', '200-240'], /outside the video, whose frames are 0 to 239/],
    ['a setting without a value', [...run, '--export', 'fbx', '--set', 'fbx'], /not of the form ID.OPTION=VALUE/],
    ['a setting of another format', [...run, '--export', 'obj', '--set', 'fbx.target=unreal'], /not exported/],
    ['a setting that does not exist', [...run, '--export', 'fbx', '--set', 'fbx.moon=1'], /no option "moon"[^]*target/],
    ['a value that is not one', [...run, '--export', 'fbx', '--set', 'fbx.target=moon'], /option target.*wrong/],
    ['no file of boxes', [...run, '--boxes', join(folder, 'none.mot')], /no file of boxes/],
    ['a folder of boxes', [...run, '--boxes', folder], /not a file of boxes/],
    ['boxes that are no numbers', [...run, '--boxes', mot('a.mot', '1,1,left,2,3,4,1\n')], /Line 1.*"left"/],
    ['boxes behind the end', [...run, '--boxes', mot('b.mot', '999,1,10,10,50,90,1\n')], /the last one is 240/],
    ['boxes of nobody', [...run, '--boxes', mot('c.mot', '\n\n')], /no box in it/],
    ['bytes for boxes', [...run, '--boxes', text], /Line 1/],
    ['a file for a folder', ['run', sampleFile, '--out', text], /is a file.*needs a folder/],
    ['a folder in a file', ['run', sampleFile, '--out', join(text, 'deep', 'er')], /needs a folder/],
    ['a text named .mp4', ['run', text, '--out', out], /not a video that ffmpeg can read/],
    ['a video that is not there', ['run', join(folder, 'none.mp4'), '--out', out], /no file at/],
    ['a folder to serve that is not there', ['serve', '--root', join(folder, 'none')], /--root needs a folder/],
    ['a file for the data of the server', ['serve', '--data', text], /--data needs a folder/],
    ['nothing to evaluate', ['evaluate'], /Two files are needed/],
    ['a result that is not there', ['evaluate', '--result', 'x', '--truth', 'y'], /x cannot be read/],
    ['a device for a result', ['evaluate', '--result', '/dev/zero', '--truth', text], /cannot be read/],
    ['a result that is no motion', ['evaluate', '--result', text, '--truth', text], /is not JSON/],
    ['a port that is none', ['serve', '--port', '99999'], /0 to 65535/],
    ['an unknown command', ['frob'], /no command "frob"/],
  ])('%s', async (_what, args, sentence) => {
    const { code, stdout, stderr } = await terminal.run(args);
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toMatch(/\n\s+at |node:internal/);
    expect(code).toBe(2);
    expect(stdout).toBe('');
  });

  it('a folder that cannot be made', async () => {
    if (process.platform !== 'linux') return;
    const { code, stderr } = await terminal.run(['run', sampleFile, '--out', '/proc/retake/out']);
    expect(stderr).toMatch(/cannot be made here|does not allow writing/);
    expect([1, 2]).toContain(code);
  });

  it('says it as one JSON line with --json', async () => {
    const { code, stdout, stderr } = await terminal.run([...run, '--export', 'xyz', '--json']);
    expect(jsonLines(stdout)).toMatchObject([
      { type: 'problem', code: 'INVALID_ARGUMENT', message: expect.any(String), hint: expect.any(String) },
    ]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
  });

  it.skipIf(!existsSync('/dev/full'))('says when its output cannot be written, and fails', () => {
    const full = openSync('/dev/full', 'w');
    const retake = join(sampleFile, '../../../bin/retake.mjs');
    const { status, stderr } = spawnSync(process.execPath, [retake, 'info', sampleFile], {
      stdio: ['ignore', full, 'pipe'],
    });
    expect({ status, stderr: stderr.toString() }).toEqual({
      status: 1,
      stderr: 'retake: The output could not be written (ENOSPC).\n',
    });
  });

  it('keeps the settings of a project when the call cannot run', async () => {
    const kept = join(folder, 'kept');
    const vibe = await terminal.run(['run', sampleFile, '--out', kept, '--estimator', 'vibe']);
    expect(vibe).toMatchObject({ code: 1, stderr: expect.stringContaining('VIBE checkpoint') });
    const wrong = await terminal.run(['run', sampleFile, '--out', kept, '--frames', '0-999', '--quality', 'fast']);
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('outside the video') });
  });

  it('stays quiet when nobody reads on', async () => {
    const call = terminal.start(['info', sampleFile, '--json']);
    call.child.stdout?.destroy();
    const { stderr } = await call.ended;
    expect(stderr).not.toMatch(/EPIPE|\n\s+at /);
  });

  afterAll(async () => {
    expect(await terminal.orphans()).toEqual([]);
    expect(terminal.leftovers()).toEqual([]);
  });
});

describe.skipIf(missing !== undefined)('facts and help', () => {
  const folder = temporaryFolder();
  const terminal = new Terminal(folder);

  it('lists every command and the options of one', async () => {
    const all = await terminal.run([]);
    expect(all).toMatchObject({ code: 0, stderr: '' });
    for (const name of ['run VIDEO', 'info VIDEO', 'evaluate', 'serve', 'doctor']) expect(all.stdout).toContain(name);
    const one = await terminal.run(['run', '--help']);
    expect(one.stdout).toMatch(/--boxes[^]*--if-exists[^]*--json/);
    expect(one.code).toBe(0);
  });

  it('tells its version', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(await terminal.run(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('tells the facts of the sample for people and for programs', async () => {
    const text = await terminal.run(['info', sampleFile]);
    expect(text).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/h264.*1280 x 720 px\n\s+30 fps, 240 frames/),
    });
    const [facts, ...rest] = jsonLines((await terminal.run(['info', sampleFile, '--json'])).stdout);
    expect(rest).toEqual([]);
    expect(facts).toMatchObject({ type: 'result', codec: 'h264', width: 1280, height: 720, frameCount: 240, rate: 30 });
    expect(facts?.['pts']).toHaveLength(240);
  });

  it('opens a file with spaces, quotes, letters of other scripts and a leading dash', async () => {
    const { copyFileSync } = await import('node:fs');
    const place = join(folder, `it's a "place" ü 日本`);
    mkdirSync(place);
    for (const name of ['-dash.mp4', '100% $HOME `x`; #1.mp4', '%03d.mp4', 'a[1]*?.mp4']) {
      copyFileSync(sampleFile, join(place, name));
      const { code, stdout } = await terminal.run(['info', `./${name}`], { cwd: place });
      expect(stdout).toContain(`${name}\n`);
      expect(code).toBe(0);
    }
  });

  it('finds everything it needs', async () => {
    const { code, stdout } = await terminal.run(['doctor', '--json']);
    const lines = jsonLines(stdout);
    expect(lines.map(({ id }) => id)).toEqual(expect.arrayContaining(['ffmpeg', 'body', 'sample']));
    expect(lines.filter(({ state }) => state === 'missing')).toEqual([]);
    expect(code).toBe(0);
  });

  it('names what is missing, and fails', async () => {
    const env = { RETAKE_MODELS: join(folder, 'no-models') };
    const { code, stdout, stderr } = await terminal.run(['doctor'], { env });
    expect(stdout).toMatch(/MISSING .*BlazePose/);
    expect(stderr).toMatch(/things are missing.*\n.*npm run setup/);
    expect(code).toBe(1);
  });
});
