import type { Command } from './command';
import { compareCommands } from './compare';
import { peopleCommands } from './people';
import { projectCommands } from './project';
import { reviewCommands } from './review';
import { stageCommands } from './stage';
import { timeCommands } from './time';
import { viewCommands } from './views';
import { viewportCommands } from './viewport';

/**
 * Every command of the page. Where two share a key, the first one that makes sense runs: commands of a focused region
 * come before those that hold everywhere.
 */
export const COMMANDS: readonly Command[] = [
  ...compareCommands,
  ...stageCommands,
  ...viewportCommands,
  ...timeCommands,
  ...reviewCommands,
  ...peopleCommands,
  ...projectCommands,
  ...viewCommands,
];

/** A command by its id. @throws RangeError for an id that is not in the table: a slip in the code. */
export function commandById(id: string): Command {
  const found = COMMANDS.find((command) => command.id === id);
  if (!found) throw new RangeError(`no command has the id ${id}`);
  return found;
}
