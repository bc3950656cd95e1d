import { spawn } from 'node:child_process';

/**
 * Runs the npm client that started us, or the one on the PATH.
 * @param {string[]} args
 * @throws Error with npm's own last words when it fails.
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
      words = (words + chunk).slice(-2000);
    });
    child.on('error', (cause) => reject(new Error('npm could not be started', { cause })));
    child.on('close', (status) => {
      if (status === 0) resolve();
      else
        reject(
          new Error(`npm ${args[0]} ${args[1]} failed (status ${status})${words === '' ? '' : `: ${words.trim()}`}`),
        );
    });
  });
}
