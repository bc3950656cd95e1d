import { parseArgs, type ParseArgsConfig } from 'node:util';
import { AppError, type ErrorCode, isCancelled, toPlainError } from '#core/errors';
import { findInstallation, findRoot } from '#host/installation';
import { type Command, EXIT, type OptionValues } from './command';
import { commands } from './commands/registry';
import { jsonReporter, textReporter } from './reporter';

/** Codes that mean the call or the file it names is at fault, not the computation. */
const UNUSABLE_INPUT: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'INVALID_ARGUMENT',
  'NOT_FOUND',
  'NOT_A_VIDEO',
  'VIDEO_DAMAGED',
  'VIDEO_CHANGED',
  'VIDEO_MISSING',
  'WEIGHTS_INVALID',
  'UNSUPPORTED',
  'FORBIDDEN',
  'FILE_EXISTS',
]);

const COMMON_OPTIONS = { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const;

function helpText(command?: Command): string {
  if (!command) {
    const lines = commands.map(({ usage, summary }) => `  retake ${usage}\n      ${summary}`);
    return `Retake turns a video into editable 3D human motion.\n\n${lines.join('\n')}\n\nretake COMMAND --help lists the options of a command, retake --version tells which Retake this is.\nExit codes: 0 done, 1 failed, 2 wrong call or unusable input, 3 nobody found, 130 cancelled.\n`;
  }
  const lines = Object.entries(command.options).map(
    ([name, { placeholder, help }]) => `  --${name}${placeholder ? ` ${placeholder}` : ''}\n      ${help}`,
  );
  return `retake ${command.usage}\n${command.summary}\n\n${[...lines, '  --json\n      One JSON object a line instead of text'].join('\n')}\n`;
}

function exitCodeOf(error: unknown): number {
  if (isCancelled(error)) return EXIT.cancelled;
  const { code } = toPlainError(error);
  if (code === 'NO_PEOPLE') return EXIT.noPeople;
  return UNUSABLE_INPUT.has(code) ? EXIT.usage : EXIT.failed;
}

async function main(argv: string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === '--version') {
    process.stdout.write(`${findInstallation(findRoot(import.meta.dirname)).version}\n`);
    return EXIT.ok;
  }
  const command = commands.find((candidate) => candidate.name === name);
  if (!command && argv.includes('--json')) {
    const known = commands.map((candidate) => candidate.name).join(', ');
    jsonReporter(process.stdout).problem(
      new AppError('INVALID_ARGUMENT', `There is no command "${name}"; known are ${known}.`),
    );
    return EXIT.usage;
  }
  if (!command) {
    const isHelp = name === undefined || name === '--help' || name === '-h' || name === 'help';
    (isHelp ? process.stdout : process.stderr).write(
      isHelp ? helpText() : `retake: there is no command "${name}".\n\n${helpText()}`,
    );
    return isHelp ? EXIT.ok : EXIT.usage;
  }
  const reporter = rest.includes('--json')
    ? jsonReporter(process.stdout)
    : textReporter(process.stdout, process.stderr);
  const controller = new AbortController();
  process.on('SIGINT', () => (controller.signal.aborted ? process.exit(EXIT.cancelled) : controller.abort()));
  for (const ending of ['SIGTERM', 'SIGHUP'] as const) process.on(ending, () => controller.abort());
  // Whoever reads the output may stop reading (`| head`): what is left to say has no listener any more. Any other failure,
  // as a full disk below `> file`, is one of the command.
  let unwritten: NodeJS.ErrnoException | undefined;
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') unwritten ??= error;
      controller.abort();
    });
  }
  try {
    const { values, positionals } = parse(command, rest);
    if (values['help'] === true) {
      process.stdout.write(helpText(command));
      return EXIT.ok;
    }
    await command.run({ positionals, values, reporter, signal: controller.signal });
    // The error of a last line comes after it.
    await new Promise((resolve) => setImmediate(resolve));
    if (unwritten) throw unwritten;
    return EXIT.ok;
  } catch (error) {
    if (unwritten) {
      process.stderr.write(`retake: The output could not be written (${unwritten.code ?? unwritten.message}).\n`);
      return EXIT.failed;
    }
    if (isCancelled(error)) reporter.note('Cancelled; what was finished is kept and the next run goes on from there.');
    else reporter.problem(error);
    return exitCodeOf(error);
  }
}

function parse(command: Command, args: string[]) {
  const options = Object.fromEntries(
    Object.entries(command.options).map(([name, { help: _help, placeholder: _placeholder, ...option }]) => [
      name,
      option,
    ]),
  );
  const parsed = parseOptions(command, args, options);
  const surplus = parsed.positionals[command.mostPositionals ?? 0];
  if (surplus === undefined) return withoutEmpty(command, parsed);
  throw new AppError('INVALID_ARGUMENT', `"${surplus}" is one word too many: retake ${command.usage}.`, {
    hint: `Put quotes around a name with spaces. See retake ${command.name} --help.`,
  });
}

/** A name or value that is empty comes from a script whose variable is: it never means what is there without it. */
function withoutEmpty(command: Command, parsed: ReturnType<typeof parseOptions>) {
  const values: OptionValues = parsed.values;
  const empty = Object.keys(values).find((name) => [values[name]].flat().includes(''));
  if (empty === undefined && !parsed.positionals.includes('')) return parsed;
  const what = empty === undefined ? 'One of the names given' : `The value of --${empty}`;
  throw new AppError('INVALID_ARGUMENT', `${what} is empty: retake ${command.usage}.`, {
    hint: `See retake ${command.name} --help.`,
  });
}

function parseOptions(command: Command, args: string[], options: NonNullable<ParseArgsConfig['options']>) {
  try {
    return parseArgs({ args, options: { ...options, ...COMMON_OPTIONS }, allowPositionals: true });
  } catch (error) {
    // parseArgs goes on to explain how options are parsed; its first sentence says what is wrong.
    const [sentence = ''] = (error instanceof Error ? error.message : String(error)).split(/\.\s|\.?\n/u);
    throw new AppError('INVALID_ARGUMENT', `${sentence}.`, {
      hint: `See retake ${command.name} --help. A value that begins with a dash is written --option=-value, a file ./-name.`,
    });
  }
}

process.exitCode = await main(process.argv.slice(2));
// Threads that still wind down must not keep a finished command alive.
setTimeout(() => process.exit(), 2_000).unref();
