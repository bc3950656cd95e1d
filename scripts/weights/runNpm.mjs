import { spawn } from 'node:child_process';

/**
 * Runs the npm client that started us, or the one on the PATH.
 * @param {string[]} args
 * @throws Error with npm's own reason when it fails.
 */
export function runNpm(args) {
  const script = process.env.npm_execpath;
  const viaNode = script !== undefined && /npm-cli\.c?js$/.test(script);
  const [command, commandArgs] = viaNode ? [process.execPath, [script, ...args]] : ['npm', args];
  return new Promise((resolve, reject) => {
    const child = spawn(command, commandArgs, {
      stdio: ['ignore', 'ignore', 'pipe'],
      // npm is a batch file on Windows, which only a shell can run.
      shell: !viaNode && process.platform === 'win32',
    });
    let words = '';
    child.stderr.on('data', (chunk) => {
      words = (words + chunk).slice(-20_000);
    });
    child.on('error', (cause) => reject(new Error('npm could not be started', { cause })));
    child.on('close', (status) => {
      if (status === 0) resolve();
      else reject(new Error(reasonIn(words) ?? `npm ${args[0]} ended with status ${status}`));
    });
  });
}

/** The first telling line of npm's error output: not its codes, not its stack. */
function reasonIn(words) {
  const lines = words.split('\n').filter((line) => /^npm (error|ERR!)/.test(line));
  return lines
    .map((line) => line.replace(/^npm (error|ERR!)\s*/, ''))
    .find((line) => line !== '' && !/^(code|errno|syscall|path) /.test(line));
}
