import type { Command } from './command';

/** Commands of the video stage and of box editing there. */
export const stageCommands: readonly Command[] = [];
