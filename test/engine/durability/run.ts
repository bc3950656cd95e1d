import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killEveryKind } from './everyKind';

/** `npm run test:durability`: kills editing processes and whole engines RETAKE_KILLS times (200), ends with counts. */
const wanted = Number(process.env['RETAKE_KILLS'] ?? 200);
const seed = Number(process.env['RETAKE_SEED'] ?? Date.now() % 1_000_000);
const folder = mkdtempSync(join(tmpdir(), 'retake-durability-'));
console.log(`seed ${seed}: RETAKE_SEED=${seed} repeats what is done, up to the timing of processes`);
const { kills, acknowledged, found, ahead, torn, mismatches } = await killEveryKind(
  folder,
  wanted,
  seed,
  (kind, counts) => {
    console.log(
      `  ${Math.round(performance.now() / 1000)} s, ${kind}: ${counts.kills} kills, ${counts.acknowledged} edits, ${counts.mismatches.length} mismatches`,
    );
  },
);
for (const line of mismatches) console.error(line);
console.log(`  ${ahead} durable before they were acknowledged, ${torn} torn lines set aside`);
if (mismatches.length > 0) console.log(`  what they left is in ${folder}`);
console.log(
  `kills ${kills}, edits acknowledged ${acknowledged}, edits found ${found}, mismatches ${mismatches.length}`,
);
if (mismatches.length > 0) process.exitCode = 1;
else rmSync(folder, { recursive: true, force: true });
