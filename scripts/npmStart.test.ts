import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const SCRIPTS = import.meta.dirname;
let root: string;
let running: ChildProcess | undefined;

/** A checkout of which only the start scripts are real: set-up does nothing, serve says that it serves. */
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'retake start '));
  for (const folder of ['scripts', 'src', 'models/converted', 'electron', 'out/main', 'out/preload', 'out/renderer']) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  for (const name of ['start.mjs', 'desktopWindow.mjs', 'steps.mjs'])
    cpSync(join(SCRIPTS, name), join(root, 'scripts', name));
  const files = {
    'scripts/setup.mjs': `import { say } from './steps.mjs'; export const setUp = async () => say('set up');`,
    'out/main/serve.js': `process.on('SIGINT', () => process.exit(0)); setInterval(() => undefined, 1000);
      console.log('app is up ' + JSON.stringify(process.argv.slice(2)));`,
    'package.json': '{"type":"module"}',
    'package-lock.json': '{}',
    'electron.vite.config.ts': '',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
});
afterEach(() => {
  running?.kill('SIGKILL');
  rmSync(root, { recursive: true });
});

/** A program in Electron's place; `$0.pid` gets its process id and `$0.args` its arguments. */
function fakeElectron(script: string): void {
  const path = join(root, 'electron', 'electron');
  writeFileSync(path, `#!/bin/sh\necho $$ > "$0.pid"\nprintf '%s\\n' "$@" > "$0.args"\n${script}\n`);
  chmodSync(path, 0o755);
}
const electronFile = (suffix: string) => readFileSync(join(root, 'electron', `electron.${suffix}`), 'utf8').trim();

function start(args: string[] = [], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [join(root, 'scripts', 'start.mjs'), ...args], {
    env: { PATH: process.env['PATH'], DISPLAY: ':99', ELECTRON_OVERRIDE_DIST_PATH: join(root, 'electron'), ...env },
  });
  running = child;
  const said = { text: '' };
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (said.text += String(data)));
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
  return { child, said, ended };
}
const says = (said: { text: string }, words: string | RegExp) =>
  vi.waitFor(() => expect(said.text).toMatch(words), { timeout: 15_000, interval: 20 });
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // Dead and not yet collected by a container's first process is dead.
    return !/^State:\s+Z/m.test(process.platform === 'linux' ? readFileSync(`/proc/${pid}/status`, 'utf8') : '');
  } catch {
    return false;
  }
}
/** Sends a line over the channel that Node opens to its children. */
const send = (message: string) => `printf '"${message}"\\n' >&$NODE_CHANNEL_FD`;

describe.skipIf(process.platform === 'win32')('npm start', () => {
  it('opens the window, and ends when it is closed', async () => {
    fakeElectron(`${send('window-shown')}\nsleep 0.3`);
    const { said, ended } = start(['clip one.mp4']);
    expect(await ended).toBe(0);
    expect(said.text).not.toContain('app is up');
    expect(electronFile('args').split('\n').slice(-2)).toEqual([`${root}/`, 'clip one.mp4']);
  });

  it('says so when Retake is open already', async () => {
    fakeElectron(send('already-open'));
    const { said, ended } = start();
    expect(await ended).toBe(0);
    expect(said.text).toContain('Retake is open already');
    expect(said.text).not.toContain('app is up');
  });

  it('serves when the runtime fails, and says why in one line', async () => {
    fakeElectron(`echo '[12:ERROR:bus.cc(407)] Failed to connect to the bus' >&2
      echo 'error while loading shared libraries: libnss3.so: cannot open shared object file' >&2; exit 127`);
    const { said, child, ended } = start();
    await says(said, 'app is up');
    const why = said.text.split('\n').find((line) => line.startsWith('No desktop window'));
    expect(why).toBe(
      'No desktop window (the desktop window ended with code 127: error while loading shared libraries: libnss3.so: ' +
        'cannot open shared object file); serving Retake to your browser instead.',
    );
    child.kill('SIGINT');
    expect(await ended).toBe(0);
  });

  it('serves when no window comes up in time, and leaves nothing of it behind', async () => {
    fakeElectron(`trap '' TERM\nsh -c 'trap "" TERM; echo $$ > "${root}/helper.pid"; sleep 1000' &\nsleep 1000`);
    const { said } = start([], { RETAKE_WINDOW_WITHIN_MS: '700' });
    await says(said, 'app is up');
    expect(said.text).toContain('No desktop window (no window came up within 0.7 seconds)');
    const helper = Number(readFileSync(join(root, 'helper.pid'), 'utf8'));
    await vi.waitFor(() => expect([isAlive(Number(electronFile('pid'))), isAlive(helper)]).toEqual([false, false]));
  });

  it('hands Ctrl+C to the window once, however often it is told, and leaves nothing behind', async () => {
    fakeElectron(`trap 'echo told >> "${root}/signals"; sleep 0.3; exit 0' INT
      sh -c 'echo $$ > "${root}/helper.pid"; sleep 1000' &
      ${send('window-shown')}
      while true; do sleep 0.05; done`);
    const { child, ended } = start();
    await vi.waitFor(() => expect(existsSync(join(root, 'helper.pid'))).toBe(true), { timeout: 5_000 });
    await new Promise((resolve) => setTimeout(resolve, 200));
    child.kill('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 50));
    child.kill('SIGINT');
    expect(await ended).toBe(0);
    expect(readFileSync(join(root, 'signals'), 'utf8')).toBe('told\n');
    const helper = Number(readFileSync(join(root, 'helper.pid'), 'utf8'));
    await vi.waitFor(() => expect([isAlive(Number(electronFile('pid'))), isAlive(helper)]).toEqual([false, false]));
  });

  it('serves where the runtime is not, where no display is, and when asked to', async () => {
    const cases: [string[], Record<string, string>, string][] = [
      [[], {}, 'there is no electron in ELECTRON_OVERRIDE_DIST_PATH'],
      [['--port', '0'], { DISPLAY: '' }, 'there is no display'],
      [['--serve', '--port', '0'], {}, 'asked for with --serve'],
    ];
    for (const [args, env, why] of cases) {
      const { said, child, ended } = start(args, env);
      await says(said, 'app is up');
      expect(said.text).toContain(`No desktop window (${why}); serving Retake to your browser instead.`);
      expect(said.text).toContain(`app is up ${JSON.stringify(args.filter((argument) => argument !== '--serve'))}`);
      child.kill('SIGINT');
      expect(await ended).toBe(0);
    }
  });

  it('does not outlive an npm that was ended', async () => {
    fakeElectron(`${send('window-shown')}\nsleep 1000`);
    const npm = spawn(
      process.execPath,
      [
        '-e',
        `require('child_process').spawn(process.execPath, [process.argv[1]], { stdio: 'ignore' }); setInterval(() => {}, 1000)`,
        join(root, 'scripts', 'start.mjs'),
      ],
      {
        env: {
          PATH: process.env['PATH'],
          DISPLAY: ':99',
          ELECTRON_OVERRIDE_DIST_PATH: join(root, 'electron'),
          npm_lifecycle_event: 'start',
        },
      },
    );
    running = npm;
    await vi.waitFor(() => expect(existsSync(join(root, 'electron', 'electron.pid'))).toBe(true), { timeout: 5_000 });
    await vi.waitFor(() => expect(electronFile('pid')).not.toBe(''));
    npm.kill('SIGKILL');
    await vi.waitFor(() => expect(isAlive(Number(electronFile('pid')))).toBe(false), { timeout: 5_000 });
  });

  it('sets up once, and again when a source changes', async () => {
    const once = async () => {
      const { said, child, ended } = start(['--serve']);
      await says(said, 'app is up');
      child.kill('SIGINT');
      await ended;
      return said.text.includes('set up');
    };
    expect(await once()).toBe(true);
    expect(await once()).toBe(false);
    writeFileSync(join(root, 'src', 'changed.ts'), '');
    expect(await once()).toBe(true);
    rmSync(join(root, 'models', 'converted'), { recursive: true });
    mkdirSync(join(root, 'models', 'converted'));
    writeFileSync(join(root, 'models', 'converted', 'x.onnx'), '');
    expect(await once()).toBe(true);
  });
});
