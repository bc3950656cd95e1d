import type { ParseArgsConfig } from 'node:util';
import type { Reporter } from './reporter';

/** Options as node:util parseArgs takes them, each with a line for `--help`. */
export type CommandOptions = Record<
  string,
  NonNullable<ParseArgsConfig['options']>[string] & { help: string; placeholder?: string }
>;

/** Parsed options by name. */
export type OptionValues = Record<string, string | boolean | (string | boolean)[] | undefined>;

/** What a command is run with. */
export interface CommandCall {
  positionals: string[];
  values: OptionValues;
  reporter: Reporter;
  /** Aborted by Ctrl+C: the command ends cleanly, what is finished stays. */
  signal: AbortSignal;
}

/** One command of the terminal; a new one is a file under `commands/` and a line in `registry.ts`. */
export interface Command {
  name: string;
  /** For example `run VIDEO`. */
  usage: string;
  summary: string;
  /** How many words without a dash it takes at most; 0 unless given. */
  mostPositionals?: number;
  options: CommandOptions;
  run(call: CommandCall): Promise<void>;
}

/** Exit codes, documented in the README: stable for scripts. */
export const EXIT = { ok: 0, failed: 1, usage: 2, noPeople: 3, cancelled: 130 } as const;

/** A text option, or undefined when it was not given. */
export function textOption(values: OptionValues, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}
