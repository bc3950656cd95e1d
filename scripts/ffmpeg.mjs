// Finds ffmpeg for set-up and tests, and installs it where that needs no question: Debian, as root.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { run, say } from './steps.mjs';

function works(command) {
  return spawnSync(command, ['-version'], { stdio: 'ignore' }).status === 0;
}

export function canInstallWithApt() {
  return process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
}

let updated = false;
/** Installs Debian packages without a question. */
export async function aptInstall(...packages) {
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  if (!updated) await run('apt-get', ['update', '-qq'], { quiet: true, env });
  updated = true;
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], { quiet: true, env });
}

/** The path ffmpeg-static's own download writes to. */
async function ffmpegStatic() {
  try {
    return (await import('ffmpeg-static')).default;
  } catch {
    return undefined;
  }
}

/** The binary that the package @ffmpeg-installer carries for this system: older, but good enough to run with. */
async function ffmpegPackage() {
  try {
    return (await import('@ffmpeg-installer/ffmpeg')).default.path;
  } catch {
    return undefined;
  }
}

/** Makes sure that an ffmpeg is there; says what to do where it cannot be had. Returns whether it is. */
export async function setUpFfmpeg({ required }) {
  const chosen = process.env.FFMPEG_PATH;
  const carried = await ffmpegStatic();
  if ((chosen && works(chosen)) || (carried && existsSync(carried)) || works('ffmpeg')) return true;
  const packaged = await ffmpegPackage();
  // Tests make clips with encoders that only a current ffmpeg has; running needs none of them.
  if (!required && packaged && works(packaged)) return true;
  if (canInstallWithApt()) {
    say('Installing ffmpeg (apt-get)');
    await aptInstall('ffmpeg');
    return true;
  }
  say('Fetching ffmpeg (ffmpeg-static)');
  try {
    await run(process.execPath, ['node_modules/ffmpeg-static/install.js'], { quiet: true });
    if (carried && existsSync(carried)) return true;
  } catch {
    // Said below: the network may not allow the download.
  }
  const hint =
    'ffmpeg was not found. Install it (for example "brew install ffmpeg" or "winget install ffmpeg") or set FFMPEG_PATH.';
  if (required) throw new Error(hint);
  say(hint);
  return false;
}
