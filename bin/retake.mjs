#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const built = join(import.meta.dirname, '..', 'out', 'main', 'cli.js');
if (existsSync(built)) await import(pathToFileURL(built).href);
else {
  process.stderr.write('retake: this checkout is not built yet. Run "npm run setup" once.\n');
  process.exitCode = 1;
}
