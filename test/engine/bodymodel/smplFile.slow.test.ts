import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { posedMembers } from '#engine/bodymodel/posedArchive';
import { parsePoseFile } from '#engine/bodymodel/poseFile';
import { smplMembers } from '#engine/bodymodel/smpl/writeSmpl';
import { archiveOf, defaultBody as body, poseArchive } from './archives';

const oracle = z.object({
  types: z.record(z.string(), z.string()),
  numpy: z.object({ vertices: z.number(), joints: z.number() }),
  smplx: z.object({ vertices: z.number(), joints: z.number() }).optional(),
  noSmplx: z.string().optional(),
});

describe('against Python', () => {
  const folder = mkdtempSync(join(tmpdir(), 'retake-smpl-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const python = process.env['RETAKE_TORCH_PYTHON'] ?? 'python3';
  const hasNumpy = spawnSync(python, ['-c', 'import numpy']).status === 0;
  if (!hasNumpy) console.log(`skipped: ${python} has no numpy (RETAKE_TORCH_PYTHON names one that has)`);
  it.skipIf(!hasNumpy)(
    'numpy, and smplx where it is, read the file and pose it the same (1e-5 m)',
    async () => {
      const poses = await poseArchive({ poses: [3, 72], betas: [3, 10], trans: [3, 3] });
      const posed = await archiveOf(posedMembers(body, parsePoseFile(poses, 'poses.npz')));
      const files = { 'body.npz': await archiveOf(smplMembers(body)), 'poses.npz': poses, 'posed.npz': posed };
      for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
      const script = join(import.meta.dirname, 'smplOracle.py');
      const run = spawnSync(python, [script, ...Object.keys(files).map((name) => join(folder, name))], {
        encoding: 'utf8',
      });
      expect(run.status, run.stderr).toBe(0);
      const found = oracle.parse(JSON.parse(run.stdout.trim().split('\n').at(-1) ?? ''));
      if (found.noSmplx !== undefined) console.log(`without smplx: ${found.noSmplx}`);
      for (const { vertices, joints } of [found.numpy, ...(found.smplx ? [found.smplx] : [])]) {
        expect(vertices).toBeLessThan(1e-5);
        expect(joints).toBeLessThan(1e-5);
      }
    },
    120_000,
  );
});
