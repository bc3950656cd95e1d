import { basename } from 'node:path';
import { AppError } from '#core/errors';
import { probeVideo } from '#engine/video/probe';
import type { Command } from '../command';
import { openWorkspace } from '../openWorkspace';

/** `retake info VIDEO`: the facts of a video, as the app shows them. */
export const infoCommand: Command = {
  name: 'info',
  usage: 'info VIDEO',
  summary: 'Show what Retake reads from a video: codec, size, rotation, rate, frames',
  mostPositionals: 1,
  options: {},
  async run({ positionals, reporter, signal }) {
    const [path] = positionals;
    if (path === undefined) throw new AppError('INVALID_ARGUMENT', 'A video is needed: retake info VIDEO.');
    const { workspace, dispose } = openWorkspace();
    try {
      const media = await probeVideo(path, { ffmpeg: await workspace.ffmpeg() }, signal);
      const rate = media.averageRate.numerator / media.averageRate.denominator;
      const rateText = `${Number(rate.toFixed(3))} fps${media.variableRate ? ' on average (variable)' : ''}`;
      const turned = media.rotation === 0 ? '' : `, turned by ${media.rotation} degrees`;
      const text = [
        basename(media.path),
        `  ${media.codec} in ${media.container}, ${media.width} x ${media.height} px${turned}`,
        `  ${rateText}${media.rateAssumed ? ' (assumed)' : ''}, ${media.frameCount} frames, ${media.durationSeconds.toFixed(2)} s`,
        ...media.warnings.map((warning) => `  ${warning}`),
      ].join('\n');
      const { frameTimes, images, keyframes, ...facts } = media;
      reporter.result(text, { ...facts, rate, pts: frameTimes.pts, timeBase: frameTimes.timeBase, images, keyframes });
    } finally {
      await dispose();
    }
  },
};
