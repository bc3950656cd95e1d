import { parseArgs } from 'node:util';
import { AppError, isCancelled, toPlainError } from '#core/errors';
import { type Command, EXIT } from './command';
import { commands } from './commands/registry';
import { jsonReporter, textReporter } from './reporter';

const COMMON_OPTIONS = { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const;

function helpText(command?: Command): string {
  if (!command) {
    const lines = commands.map(({ usage, summary }) => `  retake ${usage}\n      ${summary}`);
    return `Retake turns a video into editable 3D human motion.\n\n${lines.join('\n')}\n\nretake COMMAND --help lists the options of a command.\nExit codes: 0 done, 1 failed, 2 wrong call or unusable input, 3 nobody found, 130 cancelled.\n`;
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
  const usage = ['INVALID_ARGUMENT', 'NOT_FOUND', 'NOT_A_VIDEO', 'VIDEO_DAMAGED', 'FILE_EXISTS'];
  return usage.includes(code) ? EXIT.usage : EXIT.failed;
}

async function main(argv: string[]): Promise<number> {
  const [name, ...rest] = argv;
  const command = commands.find((candidate) => candidate.name === name);
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
  process.on('SIGTERM', () => controller.abort());
  try {
    const { values, positionals } = parse(command, rest);
    if (values['help'] === true) {
      process.stdout.write(helpText(command));
      return EXIT.ok;
    }
    await command.run({ positionals, values, reporter, signal: controller.signal });
    return EXIT.ok;
  } catch (error) {
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
  try {
    return parseArgs({ args, options: { ...options, ...COMMON_OPTIONS }, allowPositionals: true });
  } catch (error) {
    throw new AppError('INVALID_ARGUMENT', error instanceof Error ? error.message : String(error), {
      hint: `See retake ${command.name} --help.`,
    });
  }
}

process.exitCode = await main(process.argv.slice(2));
// Threads that still wind down must not keep a finished command alive.
setTimeout(() => process.exit(), 2_000).unref();
