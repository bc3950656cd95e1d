import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killAgainAndAgain } from './killing';

/** `npm run test:durability`: kills an editing process RETAKE_KILLS times (200) and ends with a line of counts. */
const kills = Number(process.env['RETAKE_KILLS'] ?? 200);
const seed = Number(process.env['RETAKE_SEED'] ?? Date.now() % 1_000_000);
const folder = mkdtempSync(join(tmpdir(), 'retake-durability-'));
const root = join(folder, 'clip.retake');
mkdirSync(root);
const { acknowledged, found, ahead, torn, mismatches } = await killAgainAndAgain(root, kills, seed);
for (const line of mismatches) console.error(line);
const beside = `${ahead} durable before they were acknowledged, ${torn} torn lines set aside, seed ${seed}`;
console.log(
  `kills ${kills}, edits acknowledged ${acknowledged}, edits found ${found}, mismatches ${mismatches.length} (${beside})`,
);
if (mismatches.length > 0) process.exitCode = 1;
else rmSync(folder, { recursive: true, force: true });
