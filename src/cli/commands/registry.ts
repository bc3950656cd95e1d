import type { Command } from '../command';
import { bodyCommand } from './body';
import { doctorCommand } from './doctor';
import { evaluateCommand } from './evaluate';
import { infoCommand } from './info';
import { modelsCommand } from './models';
import { relinkCommand } from './relink';
import { runCommand } from './run';
import { serveCommand } from './serve';
import { tracksCommand } from './tracks';

/** Every command of the terminal, in the order of `--help`. */
export const commands: readonly Command[] = [
  runCommand,
  infoCommand,
  evaluateCommand,
  modelsCommand,
  bodyCommand,
  tracksCommand,
  relinkCommand,
  serveCommand,
  doctorCommand,
];
