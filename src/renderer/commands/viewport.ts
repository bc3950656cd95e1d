import type { Command } from './command';

/** Commands of the 3D viewport. */
export const viewportCommands: readonly Command[] = [];
