// npm run setup: everything a checkout needs to run. Each step is instant when it was done before.
import { setUpFfmpeg } from './ffmpeg.mjs';
import { buildIfNeeded, checkNode, installPackages, linkCommand, main, say } from './steps.mjs';

export async function setUp({ ffmpegRequired = false } = {}) {
  checkNode();
  await installPackages();
  await linkCommand();
  await setUpFfmpeg({ required: ffmpegRequired });
  const { setUpModels } = await import('./setup-models.mjs');
  await setUpModels({ log: say });
  await buildIfNeeded();
}

if (process.argv[1]?.endsWith('setup.mjs'))
  main(async () => {
    await setUp();
    say('Retake is set up. Start it with "npm start".');
  });
