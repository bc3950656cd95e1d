// npm start: sets up what is missing, then opens the desktop window where one can be had, else serves to a browser.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setUp } from './setup.mjs';
import { main, ROOT, run, say } from './steps.mjs';

const WINDOW_WITHIN_MS = 20_000;

/** Path of an Electron binary, or a phrase that says why there is none. */
async function findElectron() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const folder = path.join(ROOT, 'node_modules', 'electron');
  const name = { win32: 'electron.exe', darwin: 'Electron.app/Contents/MacOS/Electron' }[process.platform] ?? 'electron';
  if (override) return existsSync(path.join(override, name)) ? { path: path.join(override, name) } : { why: `there is no ${name} in ELECTRON_OVERRIDE_DIST_PATH` };
  const pathFile = path.join(folder, 'path.txt');
  const installed = () => existsSync(pathFile) && existsSync(path.join(folder, 'dist', readFileSync(pathFile, 'utf8').trim()));
  if (!installed()) {
    say('Fetching the desktop runtime (Electron), once');
    const fetching = run(process.execPath, [path.join(folder, 'install.js')], { quiet: true });
    const timeout = new Promise((_, reject) => setTimeout(() => reject(new Error('timeout')), 120_000).unref());
    await Promise.race([fetching, timeout]).catch(() => undefined);
  }
  if (!installed()) return { why: 'the Electron runtime cannot be fetched here' };
  return { path: path.join(folder, 'dist', readFileSync(pathFile, 'utf8').trim()) };
}

/** Why no window can be shown here, or undefined. */
function whyNoDisplay() {
  if (process.platform !== 'linux') return undefined;
  return process.env.DISPLAY || process.env.WAYLAND_DISPLAY ? undefined : 'there is no display';
}

/** Opens the desktop window; resolves with why it did not come up, or undefined once it has been up and was closed. */
function openWindow(electron) {
  return new Promise((resolve) => {
    const sandbox = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const child = spawn(electron, [...sandbox, ROOT], { stdio: ['ignore', 'inherit', 'pipe', 'ipc'] });
    let up = false;
    let errors = '';
    child.stderr.on('data', (data) => {
      errors = (errors + data).slice(-2000);
      if (up) process.stderr.write(data);
    });
    const timer = setTimeout(() => {
      if (up) return;
      child.kill();
      resolve(`no window came up within ${WINDOW_WITHIN_MS / 1000} seconds`);
    }, WINDOW_WITHIN_MS);
    child.on('message', (message) => {
      if (message === 'window-shown') up = true;
    });
    child.on('error', (error) => resolve(error.message));
    child.on('exit', (code) => {
      clearTimeout(timer);
      resolve(up ? undefined : `the desktop window ended with code ${code}${errors ? `: ${errors.trim().split('\n').pop()}` : ''}`);
    });
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  });
}

async function serve() {
  const child = spawn(process.execPath, [path.join(ROOT, 'out', 'main', 'serve.js'), ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code) => process.exit(code ?? 0));
}

main(async () => {
  await setUp();
  let why = process.argv.includes('--serve') ? 'asked for with --serve' : whyNoDisplay();
  process.argv = process.argv.filter((argument) => argument !== '--serve');
  if (why === undefined) {
    const electron = await findElectron();
    why = electron.why ?? (await openWindow(electron.path));
    if (why === undefined) return;
  }
  say(`No desktop window (${why}); serving Retake to your browser instead.`);
  await serve();
});
