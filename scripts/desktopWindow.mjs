// The desktop window as npm start sees it: finding an Electron, opening the window, knowing whether it came up.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT, run, say } from './steps.mjs';

const WINDOW_WITHIN_MS = Number(process.env.RETAKE_WINDOW_WITHIN_MS ?? 20_000);
const FETCH_WITHIN_MS = 120_000;
/** A download that failed is not tried again at every start: that would make each of them slow. */
const FETCH_AGAIN_AFTER_MS = 24 * 3_600_000;
const ELECTRON = path.join(ROOT, 'node_modules', 'electron');
const FETCH_FAILED = path.join(ROOT, 'node_modules', '.cache', 'retake-electron-not-fetched');

/** Why no window can be shown here, or undefined. */
export function whyNoDisplay() {
  if (process.platform !== 'linux') return undefined;
  return process.env.DISPLAY || process.env.WAYLAND_DISPLAY ? undefined : 'there is no display';
}

/** Path of the binary that electron's own installer put there, if it did. */
function installedElectron() {
  const pathFile = path.join(ELECTRON, 'path.txt');
  if (!existsSync(pathFile)) return undefined;
  const binary = path.join(ELECTRON, 'dist', readFileSync(pathFile, 'utf8').trim());
  return existsSync(binary) ? binary : undefined;
}

async function fetchElectron() {
  const failed = statSync(FETCH_FAILED, { throwIfNoEntry: false });
  if (failed && Date.now() - failed.mtimeMs < FETCH_AGAIN_AFTER_MS) return;
  say('Fetching the desktop runtime (Electron), once');
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), FETCH_WITHIN_MS);
  await run(process.execPath, [path.join(ELECTRON, 'install.js')], { quiet: true, signal: stop.signal }).catch(
    () => undefined,
  );
  clearTimeout(timer);
  if (installedElectron()) return rmSync(FETCH_FAILED, { force: true });
  mkdirSync(path.dirname(FETCH_FAILED), { recursive: true });
  writeFileSync(FETCH_FAILED, '');
}

/** `{ path }` of an Electron binary, or `{ why }` there is none. */
export async function findElectron() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) {
    const name =
      { win32: 'electron.exe', darwin: 'Electron.app/Contents/MacOS/Electron' }[process.platform] ?? 'electron';
    const binary = path.join(override, name);
    return existsSync(binary) ? { path: binary } : { why: `there is no ${name} in ELECTRON_OVERRIDE_DIST_PATH` };
  }
  if (!installedElectron()) await fetchElectron();
  const binary = installedElectron();
  return binary ? { path: binary } : { why: 'the desktop runtime, Electron, could not be fetched' };
}

/** Ends a program with everything it started: it leads a process group of its own (not on Windows). */
function endGroup(child, signal) {
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // It has ended already.
  }
}

const CHATTER = /:(ERROR|WARNING|INFO|VERBOSE\d):|DevTools listening|^$/;

/** The last line that says why; Chromium's own chatter says nothing to anybody. */
function tellingLine(errors) {
  const lines = errors
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => !CHATTER.test(line));
  return lines.findLast((line) => /error|fatal|cannot|failed|missing/i.test(line)) ?? lines.at(-1);
}

/**
 * Opens the desktop window. Resolves with `{ closed: true }` once it has been up and was closed, or with `{ why }` it did
 * not come up; then nothing of it is left running.
 */
export function openWindow(electron, args = []) {
  return new Promise((resolve) => {
    const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
    // A group of its own: Ctrl+C reaches it once, from here, and a second signal would cut its saving short.
    const child = spawn(electron, [...(isRoot ? ['--no-sandbox'] : []), ROOT, ...args], {
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
      detached: process.platform !== 'win32',
    });
    let up = false;
    let why;
    let errors = '';
    child.stderr.on('data', (data) => {
      errors = (errors + data).slice(-4000);
      if (up)
        process.stderr.write(
          String(data)
            .split('\n')
            .filter((line) => !CHATTER.test(line))
            .map((line) => `${line}\n`)
            .join(''),
        );
    });
    const give = () => {
      why = `no window came up within ${WINDOW_WITHIN_MS / 1000} seconds`;
      endGroup(child, 'SIGTERM');
      setTimeout(() => endGroup(child, 'SIGKILL'), 3000).unref();
    };
    const timer = setTimeout(give, WINDOW_WITHIN_MS);
    child.on('message', (message) => {
      if (message === 'already-open') say('Retake is open already; its window was brought to the front.');
      if (message !== 'window-shown' && message !== 'already-open') return;
      up = true;
      clearTimeout(timer);
    });
    const stop = (signal) => endGroup(child, signal);
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    // npm hands on what the terminal sent as well: the window is told once.
    for (const signal of signals) process.once(signal, stop).on(signal, () => undefined);
    const end = (result) => {
      clearTimeout(timer);
      for (const signal of signals) process.removeAllListeners(signal);
      // What it started must not outlive it.
      endGroup(child, 'SIGKILL');
      resolve(result);
    };
    child.on('error', (error) => end({ why: error.message }));
    const exited = (code, signal) => {
      if (up || (why === undefined && (signal === 'SIGINT' || signal === 'SIGTERM'))) return end({ closed: true });
      const line = tellingLine(errors);
      end({ why: why ?? `the desktop window ended with ${signal ?? `code ${code}`}${line ? `: ${line}` : ''}` });
    };
    // Its last word may still be on the way when it is gone.
    child.on('exit', (...how) => setTimeout(exited, 100, ...how));
  });
}
