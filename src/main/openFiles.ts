import { resolve } from 'node:path';

/**
 * Paths of a command line that a person may have meant as files to open: neither switches nor the folder of the app
 * itself. Relative ones count from `folder`. What is no video says so when it is opened.
 */
export function filesIn(argv: readonly string[], appPath: string, folder: string): string[] {
  return argv
    .slice(1)
    .filter((argument) => argument !== '' && !argument.startsWith('-'))
    .map((argument) => resolve(folder, argument))
    .filter((path) => path !== resolve(appPath));
}
