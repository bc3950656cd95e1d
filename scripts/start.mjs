// npm start: sets up what is missing, then opens the desktop window where one can be had, else serves to a browser.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { findElectron, openWindow, whyNoDisplay } from './desktopWindow.mjs';
import { main, newestIn, ROOT, say, stateOfFolder } from './steps.mjs';

const STAMP = path.join(ROOT, 'node_modules', '.cache', 'retake-set-up.json');

/** Everything that set-up depends on or makes, cheap to look at: when it is as after the last set-up, that is skipped. */
function state() {
  const made = ['models/converted', 'out/main', 'out/preload', 'out/renderer'].map((folder) =>
    stateOfFolder(path.join(ROOT, folder)),
  );
  const sources = ['src', 'scripts', 'models'].map((folder) => newestIn(path.join(ROOT, folder)));
  const files = ['package-lock.json', 'electron.vite.config.ts'].map((file) => stateOfFolder(ROOT, file));
  return JSON.stringify({ node: process.version, made, sources, files });
}

async function setUpIfNeeded() {
  let last;
  try {
    last = readFileSync(STAMP, 'utf8');
    if (last === state()) return;
  } catch {
    // No stamp, or a folder that set-up makes is gone.
  }
  const { setUp } = await import('./setup.mjs');
  await setUp();
  mkdirSync(path.dirname(STAMP), { recursive: true });
  writeFileSync(STAMP, state());
}

/** npm that is told to end leaves what it started running: this looks whether it is still there. */
function endWithNpm() {
  if (!process.env.npm_lifecycle_event) return;
  const npm = process.ppid;
  const look = () => process.ppid !== npm && process.kill(process.pid, 'SIGTERM');
  setInterval(look, 500).unref();
}

main(async () => {
  endWithNpm();
  await setUpIfNeeded();
  const args = process.argv.slice(2).filter((argument) => argument !== '--serve');
  let why = process.argv.includes('--serve') ? 'asked for with --serve' : whyNoDisplay();
  if (why === undefined) {
    const electron = await findElectron();
    const window = electron.path ? await openWindow(electron.path, args) : electron;
    if (window.closed) return;
    why = window.why;
  }
  say(`No desktop window (${why}); serving Retake to your browser instead.`);
  // In this process: there is nothing that could be left behind.
  process.argv = [process.argv[0], process.argv[1], ...args];
  await import(pathToFileURL(path.join(ROOT, 'out', 'main', 'serve.js')).href);
});
