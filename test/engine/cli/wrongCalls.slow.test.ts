import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
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
  const [pipe, loop, list, empty] = ['pipe', 'loop', 'list.json', 'empty'].map((name) => join(folder, name)) as [
    ...[string, string, string, string],
  ];
  spawnSync('mkfifo', [pipe]);
  symlinkSync(loop, loop);
  writeFileSync(list, '[]');
  writeFileSync(empty, '');
  const names = () => readdirSync(folder).filter((name) => name !== 'data');
  let given: string[] = [];
  beforeAll(() => {
    given = names();
  });

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
    ['an empty port', ['serve', '--port='], /The value of --port is empty/],
    ['an empty address to listen at, which would be all of them', ['serve', '--listen='], /--listen is empty/],
    ['a port in another notation', ['serve', '--port=0x50'], /0 to 65535, not "0x50"/],
    ['an empty name', ['relink', '', sampleFile], /One of the names given is empty/],
    ['a body for an estimator that takes none', [...run, '--body', 'smpl'], /--body is nothing that BlazePose/],
    ['a project that is a folder', ['relink', folder, sampleFile], /is not a project: a folder that ends in \.retake/],
    ['a project that is a file', ['relink', text, sampleFile], /is not a project/],
    ['links in a circle to import', ['models', 'import', loop], /Nothing was installed/],
    ['links in a circle for a video', ['info', loop], /is a link that leads back to itself/],
    ['links in a circle for a folder', ['run', sampleFile, '--out', loop], /cannot be made here/],
    ['links in a circle for a result', [...run, '--result', loop], /There is no file/],
    ['a name that is too long', ['models', 'import', join(folder, 'x'.repeat(300))], /Nothing was installed/],
    ['a pipe for poses', ['body', 'pose', pipe, '--out', join(folder, 'p.npz')], /cannot be read/],
    ['a device for poses', ['body', 'pose', '/dev/zero', '--out', join(folder, 'p.npz')], /cannot be read/],
    ['a pipe for a video', ['info', pipe], /neither a file nor a folder/],
    ['a pipe for a result', ['evaluate', '--result', pipe, '--truth', text], /cannot be read/],
    ['a pipe for boxes', [...run, '--boxes', pipe], /not a file of boxes/],
    ['a pipe to import', ['models', 'import', pipe], /Nothing was installed/],
    ['JSON that is no motion', ['evaluate', '--result', list, '--truth', list], /holds no motion: [A-Z]/],
    [
      'a rate that is none',
      ['evaluate', '--result', list, '--truth', list, '--fps', 'NaN'],
      /--fps takes frames per second/,
    ],
    [
      'a body that says not which it is',
      ['evaluate', '--result', list, '--truth', list, '--body', text],
      /which SMPL model/,
    ],
    ['an unknown kind of model', ['models', 'import', text, '--as', 'zzz'], /no kind "zzz"/],
    ['a model that is not there', ['models', 'use', 'nope'], /nope/],
    ['a way out of the models', ['models', 'remove', '../..'], /\.\.\/\.\./],
    ['an unknown format of tracks', ['tracks', 'export', sampleFile, '--format', 'zzz', '--out', text], /zzz/],
    ['tracks over a folder', ['tracks', 'export', sampleFile, '--format', 'mot', '--out', folder], /is no file/],
    ['tracks over the video', ['tracks', 'export', text, '--format', 'mot', '--out', text], /text\.mp4 exists already/],
    [
      'tracks in no folder',
      ['tracks', 'export', text, '--format', 'mot', '--out', join(folder, 'no', 'x')],
      /no folder/,
    ],
  ])('%s', async (_what, args, sentence) => {
    const { code, stdout, stderr } = await terminal.run(args);
    // What was looked at is told line by line; why nothing came of it is the problem.
    expect(stdout).toMatch(args[0] === 'models' ? /^(left .*\n)?$/ : /^$/);
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toMatch(/\n\s+at |node:internal|E[A-Z]{4,}:|\.\.\n|: :/);
    expect(code).toBe(2);
    expect(names()).toEqual(given);
  });

  it('says of an empty file by name that it is empty', async () => {
    const { code, stdout } = await terminal.run(['models', 'import', empty]);
    expect(stdout).toBe(
      `left      empty looks like an empty file; it was left alone. ${'Expected are a VIBE or SPIN checkpoint (.pth.tar), smpl_mean_params.npz, J_regressor_extra.npy, or an SMPL body (.pkl).'}\n`,
    );
    expect(code).toBe(2);
  });

  it.skipIf(process.getuid?.() !== 0)('what may not be read or written, by somebody who is not root', (context) => {
    const place = mkdtempSync('/tmp/retake-nobody-');
    onTestFinished(() => rmSync(place, { recursive: true, force: true }));
    chmodSync(place, 0o755);
    writeFileSync(join(place, 'secret.mp4'), 'x', { mode: 0o600 });
    const own = join(place, 'own');
    mkdirSync(own);
    chownSync(own, 65_534, 65_534);
    const retake = join(sampleFile, '../../../bin/retake.mjs');
    if (spawnSync('su', ['nobody', '-s', '/bin/sh', '-c', `test -r ${retake}`]).status !== 0) {
      return context.skip('nobody cannot read this checkout, or is not here');
    }
    const asNobody = (args: string, data = `${own}/data`) => {
      const call = `cd ${own} && RETAKE_DATA=${data} TMPDIR=${own} ${process.execPath} ${retake} ${args}`;
      const { status, stdout, stderr } = spawnSync('su', ['nobody', '-s', '/bin/sh', '-c', call], { timeout: 60_000 });
      return { status, stdout: stdout.toString(), stderr: stderr.toString() };
    };
    const secret = join(place, 'secret.mp4');
    const calls: [args: string, code: number, sentence: RegExp, data?: string][] = [
      [`info ${secret}`, 2, /may not be read by this user/],
      [`run ${secret} --out ${own}/out`, 2, /may not be read by this user/],
      [`run ${sampleFile} --out ${place}/out`, 1, /does not allow writing/],
      [`run ${sampleFile} --out ${own}/out --boxes ${secret}`, 2, /may not be read/],
      [`evaluate --result ${secret} --truth ${secret}`, 2, /cannot be read/],
      [`body export ${place}/body.npz`, 1, /does not allow writing/],
      [`body pose ${secret} --out ${own}/b.npz`, 2, /cannot be read/],
      [`serve --data ${place}/data`, 1, /cannot write to its data folder/],
      [`info ${sampleFile}`, 1, /cannot write to its data folder/, `${place}/data`],
    ];
    for (const [args, code, sentence, data] of calls) {
      const { status, stdout, stderr } = asNobody(args, data);
      expect([args, stderr]).toEqual([args, expect.stringMatching(sentence)]);
      expect([args, stderr]).not.toEqual([args, expect.stringMatching(/\n\s+at |node:internal|E[A-Z]{4,}:/)]);
      expect([args, status, stdout]).toEqual([args, code, '']);
    }
    expect(readdirSync(place).sort()).toEqual(['own', 'secret.mp4']);
    expect(readdirSync(own).filter((name) => name !== 'data')).toEqual([]);
  });

  it('serves with its addresses as one JSON line, and ends when it is told to', async () => {
    const call = terminal.start(['serve', '--json', '--root', folder]);
    await call.until(/\n/);
    const [line, ...rest] = jsonLines(call.seen());
    expect(rest).toEqual([]);
    expect(line).toMatchObject({
      type: 'result',
      text: expect.stringContaining(String(line?.['address'])),
      address: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/#token=\S+$/),
      elsewhere: [],
    });
    const answer = await fetch(String(line?.['address']).replace(/#.*/, ''));
    expect(answer.status).toBe(200);
    call.child.kill('SIGTERM');
    expect(await call.ended).toMatchObject({ code: 0, stderr: '' });
  });

  it('leaves no folder behind that it made for what was no video', async () => {
    const { code } = await terminal.run(['run', text, '--out', join(folder, 'new', 'deep')]);
    expect([code, names()]).toEqual([2, given]);
  });

  it('a folder that cannot be made', async () => {
    if (process.platform !== 'linux') return;
    const { code, stderr } = await terminal.run(['run', sampleFile, '--out', '/proc/retake/out']);
    expect(stderr).toMatch(/cannot be made here|does not allow writing/);
    expect([1, 2]).toContain(code);
  });

  it.each<[string, string[], string]>([
    ['run', [...run, '--export', 'xyz'], 'INVALID_ARGUMENT'],
    ['info', ['info', loop], 'NOT_FOUND'],
    ['evaluate', ['evaluate', '--result', pipe, '--truth', pipe], 'NOT_FOUND'],
    ['serve', ['serve', '--port', '70000'], 'INVALID_ARGUMENT'],
    ['models', ['models', 'use', 'nope'], 'NOT_FOUND'],
    ['tracks', ['tracks', 'export', text, '--format', 'mot', '--out', folder], 'INVALID_ARGUMENT'],
    ['relink', ['relink', text, sampleFile], 'NOT_FOUND'],
    ['body', ['body', 'pose', pipe, '--out', join(folder, 'p.npz')], 'NOT_FOUND'],
    ['doctor', ['doctor', '--nope'], 'INVALID_ARGUMENT'],
    ['no command', ['frob'], 'INVALID_ARGUMENT'],
  ])('is said as one JSON line by %s', async (_what, args, code) => {
    const ended = await terminal.run([...args, '--json']);
    expect(jsonLines(ended.stdout)).toMatchObject([{ type: 'problem', code, message: expect.stringMatching(/\.$/) }]);
    expect(ended).toMatchObject({ code: 2, stderr: '' });
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

  it.each<[string, string[], number, RegExp]>([
    ['an estimator whose files are missing', ['--estimator', 'vibe'], 1, /VIBE checkpoint/],
    [
      'boxes and frames that are outside',
      ['--boxes', mot('d.mot', '1,1,9,9,9,9,1\n'), '--frames', '0-999'],
      2,
      /outside/,
    ],
    ['a result that is none', ['--result', list], 2, /list\.json/],
  ])('leaves no project behind that it made, and its folder as it was: %s', async (_what, more, code, sentence) => {
    const given = readdirSync(folder);
    const shared = join(folder, 'shared');
    mkdirSync(shared);
    onTestFinished(() => rmSync(shared, { recursive: true }));
    writeFileSync(join(shared, 'notes.txt'), 'mine');
    for (const place of [out, shared]) {
      const ended = await terminal.run(['run', sampleFile, '--out', place, ...more]);
      expect(ended).toMatchObject({ code, stderr: expect.stringMatching(sentence) });
    }
    expect(readdirSync(shared)).toEqual(['notes.txt']);
    expect(readdirSync(folder)).toEqual([...given, 'shared'].sort());
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
