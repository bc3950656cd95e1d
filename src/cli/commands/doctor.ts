import { diagnose } from '#engine/diagnose';
import { AppError } from '#core/errors';
import type { Command } from '../command';
import { openWorkspace } from '../openWorkspace';

/** `retake doctor`: what works on this computer and what to do about the rest. */
export const doctorCommand: Command = {
  name: 'doctor',
  usage: 'doctor',
  summary: 'Check what Retake needs on this computer',
  options: {},
  async run({ reporter }) {
    const { workspace, dispose } = openWorkspace();
    try {
      const lines = await diagnose(workspace, { waits: true });
      for (const line of lines) {
        const mark = line.state === 'ready' ? 'ready  ' : line.state === 'missing' ? 'MISSING' : 'note   ';
        reporter.result(`${mark} ${line.title}: ${line.detail}${line.hint ? ` ${line.hint}` : ''}`, { ...line });
      }
      const missing = lines.filter((line) => line.state === 'missing').length;
      if (missing > 0) {
        throw new AppError(
          'MODEL_MISSING',
          missing === 1 ? 'One thing is missing.' : `${missing} things are missing.`,
          {
            hint: 'Run "npm run setup" in the checkout.',
          },
        );
      }
    } finally {
      await dispose();
    }
  },
};
