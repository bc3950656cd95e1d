import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Gives the tests of a run one folder for everything temporary, and removes it with whatever they left behind: Vitest's
 * `globalSetup`, which runs before the workers start and so hands them its environment.
 */
export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'retake-tests-'));
  process.env['TMPDIR'] = folder;
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
