// Small pieces that start, setup, test and check share: running a program with a line that says why, and looking whether
// something is newer than something else. Plain Node: this runs before anything is installed.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

export function say(text) {
  process.stdout.write(`${text}\n`);
}

/** Runs a program in the checkout; its output is shown. Rejects with one sentence when it fails. */
export function run(command, args, { env = {}, quiet = false, signal } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
      shell: process.platform === 'win32',
      signal,
    });
    let output = '';
    child.stdout?.on('data', (data) => (output += data));
    child.stderr?.on('data', (data) => (output += data));
    child.on('error', (error) => reject(new Error(`${command} could not be started: ${error.message}`)));
    child.on('exit', (code, signal) => {
      if (code === 0) return resolve(output);
      const error = new Error(`${[command, ...args].join(' ')} ended with ${signal ?? `code ${code}`}`);
      reject(Object.assign(error, { output }));
    });
  });
}

/** Runs a program of node_modules. */
export function runPackage(name, args, options) {
  return run(process.execPath, [path.join(ROOT, 'node_modules', ...name), ...args], options);
}

export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  say(`Retake needs Node 20.19 or newer; this is ${process.versions.node}. Get it from nodejs.org.`);
  process.exit(1);
}

/** Installs the exact versions of package-lock.json when node_modules does not hold them yet. */
export async function installPackages() {
  const lock = path.join(ROOT, 'package-lock.json');
  const hash = createHash('sha256').update(readFileSync(lock)).digest('hex');
  const stamp = path.join(ROOT, 'node_modules', '.retake-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  say('Installing packages (npm)');
  const quietly = ['--no-audit', '--no-fund', '--loglevel=error'];
  try {
    await run('npm', ['ci', ...quietly], { quiet: true });
  } catch {
    // Some npm clients lock only the packages of their own system, and others refuse such a lock in "ci". A plain install
    // takes the same locked versions and leaves the lock as it is.
    await run('npm', ['install', '--no-save', ...quietly]);
  }
  writeFileSync(stamp, hash);
}

/** Time of the newest file below a folder, in ms; tests do not count. */
export function newestIn(folder) {
  let newest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) newest = Math.max(newest, newestIn(full));
    else if (!/\.test\.tsx?$/.test(entry.name)) newest = Math.max(newest, statSync(full).mtimeMs);
  }
  return newest;
}

/** Names, sizes and times of the files right in a folder (or of one of them). */
export function stateOfFolder(folder, only) {
  return (only ? [only] : readdirSync(folder).sort()).map((name) => {
    const { size, mtimeMs } = statSync(path.join(folder, name));
    return [name, size, mtimeMs];
  });
}

/** Builds the page, the engine and the shells when a source is newer than the last build. */
export async function buildIfNeeded() {
  const stamp = path.join(ROOT, 'out', '.built');
  const sources = Math.max(
    newestIn(path.join(ROOT, 'src')),
    ...['package-lock.json', 'electron.vite.config.ts'].map((name) => statSync(path.join(ROOT, name)).mtimeMs),
  );
  if (existsSync(stamp) && statSync(stamp).mtimeMs > sources) return;
  say('Building Retake');
  try {
    await runPackage(['electron-vite', 'bin', 'electron-vite.js'], ['build', '--logLevel', 'warn'], { quiet: true });
  } catch (error) {
    process.stdout.write(error.output ?? '');
    throw error;
  }
  writeFileSync(stamp, new Date().toISOString());
}

/** Puts `retake` where `npx retake` finds it in a checkout. */
export async function linkCommand() {
  const { mkdirSync, rmSync, symlinkSync } = await import('node:fs');
  if (process.platform === 'win32') return;
  const bin = path.join(ROOT, 'node_modules', '.bin');
  mkdirSync(bin, { recursive: true });
  rmSync(path.join(bin, 'retake'), { force: true });
  symlinkSync(path.join('..', '..', 'bin', 'retake.mjs'), path.join(bin, 'retake'));
}

/** Ends a script with one sentence when it fails. */
export function main(task) {
  task().catch((error) => {
    process.stderr.write(`${error.message}\n${error.hint ? `${error.hint}\n` : ''}`);
    process.exit(1);
  });
}
