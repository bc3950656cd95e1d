import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadDefaultBody } from '#engine/bodymodel/defaultBody';
import { createMeshEngine } from '#engine/bodymodel/meshEngine';
import { renderMeshes } from '../body/rasterise';
import { dancers, SAMPLE_FRAMES, SAMPLE_RATE } from './choreography';
import { danceMotion } from './motion';
import { castShadow, dress, renderCamera, renderStage, STAGE, STAGE_LIGHT } from './stage';
import { sampleTruth } from './truth';

const ROOT = join(import.meta.dirname, '..', '..');
const OUTPUT = join(ROOT, 'resources', 'sample');
const MOST_BYTES = 3 * 1024 * 1024;

/** Writes one frame after the other to an encoder; the same frames give the same file (one thread, no version marks). */
function startEncoder(path: string) {
  const input = [
    '-f',
    'rawvideo',
    '-pix_fmt',
    'rgb24',
    '-s',
    `${STAGE.width}x${STAGE.height}`,
    '-r',
    String(SAMPLE_RATE),
    '-i',
    '-',
  ];
  const codec = [
    '-c:v',
    'libx264',
    '-preset',
    'slow',
    '-crf',
    '24',
    '-g',
    '60',
    '-pix_fmt',
    'yuv420p',
    '-threads',
    '1',
  ];
  const plain = ['-fflags', '+bitexact', '-flags:v', '+bitexact', '-map_metadata', '-1', '-movflags', '+faststart'];
  return spawn('ffmpeg', ['-y', '-loglevel', 'error', ...input, ...codec, ...plain, path], {
    stdio: ['pipe', 'inherit', 'inherit'],
  });
}

async function build(): Promise<void> {
  mkdirSync(OUTPUT, { recursive: true });
  const body = await loadDefaultBody(join(ROOT, 'resources', 'body', 'default-body.bin'));
  const engine = createMeshEngine(body);
  const cast = dancers.map((dancer) => ({ dancer, colours: dress(body, dancer), motion: danceMotion(body, dancer) }));
  writeFileSync(join(OUTPUT, 'sample-truth.json'), JSON.stringify(sampleTruth(body, engine, cast)));
  const stage = renderStage();
  const path = join(OUTPUT, 'sample.mp4');
  const encoder = startEncoder(path);
  for (let frame = 0; frame < SAMPLE_FRAMES; frame++) {
    const background = stage.slice();
    const present = cast.filter(({ dancer }) => frame >= dancer.from && frame < dancer.to);
    for (const { motion } of present) {
      castShadow(background, motion.translations[frame * 3] ?? 0, motion.translations[frame * 3 + 2] ?? 0);
    }
    const meshes = present.map(({ dancer, colours, motion }) => ({
      positions: engine.evaluateSync({
        betas: dancer.betas,
        frames: 1,
        poses: motion.poses.subarray(frame * 72, frame * 72 + 72),
        translations: motion.translations.subarray(frame * 3, frame * 3 + 3),
        normals: false,
      }).positions,
      faces: body.faces,
      vertexColours: colours,
    }));
    const picture = renderMeshes({
      ...STAGE,
      camera: renderCamera,
      meshes,
      background,
      light: STAGE_LIGHT,
      samples: 2,
    });
    if (!encoder.stdin.write(picture)) await once(encoder.stdin, 'drain');
    if (frame % 30 === 29) process.stdout.write(`Frame ${frame + 1} of ${SAMPLE_FRAMES}\n`);
  }
  encoder.stdin.end();
  const [code] = await once(encoder, 'exit');
  if (code !== 0) throw new Error(`ffmpeg ended with code ${String(code)}`);
  const { size } = statSync(path);
  if (size > MOST_BYTES) throw new Error(`The sample is ${size} bytes, more than ${MOST_BYTES}`);
  process.stdout.write(`resources/sample/sample.mp4: ${(size / 1e6).toFixed(2)} MB\n`);
}

await build();
