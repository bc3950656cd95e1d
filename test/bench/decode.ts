import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { decodeFrames } from '#engine/video/decodeStream';
import type { FfmpegTool } from '#engine/video/findFfmpeg';
import type { MediaFacts } from '#engine/video/mediaFacts';
import { type Measurement, median, secondsOf } from './measure';

const ROUNDS = 5;

/** Reading every frame as RGB against ffmpeg decoding into nothing: what our pipe and colour conversion cost. */
export async function benchDecode(media: MediaFacts, ffmpeg: FfmpegTool): Promise<Measurement> {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    theirs.push(
      await secondsOf(async () => {
        const child = spawn(ffmpeg.path, ['-loglevel', 'error', '-nostdin', '-i', media.path, '-f', 'null', '-']);
        await once(child, 'exit');
      }),
    );
    ours.push(
      await secondsOf(async () => {
        let frames = 0;
        for await (const _frame of decodeFrames({ media, ffmpeg, span: { from: 0, to: media.frameCount } }))
          frames += 1;
        if (frames !== media.frameCount) throw new Error(`${frames} of ${media.frameCount} frames came`);
      }),
    );
  }
  const [mine, bare] = [median(ours), median(theirs)];
  return {
    title: 'Decode to RGB against ffmpeg -f null',
    ratio: mine / bare,
    meaning: 'times the bare decoder; 1 is free',
    detail: `ours ${mine.toFixed(2)} s, ffmpeg ${bare.toFixed(2)} s, ${media.frameCount} frames`,
  };
}
