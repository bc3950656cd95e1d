import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { probeProvider } from './probeProviders';

const folder = mkdtempSync(join(tmpdir(), 'retake-gpu-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ICD = '/usr/lib/chromium/vk_swiftshader_icd.json';
const hasDriver = existsSync(ICD);
if (!hasDriver) console.log(`skipped: a GPU path needs a Vulkan driver; ${ICD} (Debian's chromium) is not there`);

describe.skipIf(!hasDriver)('a real Vulkan driver', () => {
  it('answers the check right over WebGPU, and is refused for being made of software', async () => {
    const root = join(import.meta.dirname, '..', '..', '..', '..');
    const tsx = pathToFileURL(join(root, 'node_modules', 'tsx', 'dist', 'esm', 'api', 'index.mjs')).href;
    const real = pathToFileURL(join(import.meta.dirname, 'probeEntry.ts')).href;
    const entry = join(folder, 'probe.mjs');
    writeFileSync(entry, `import { register } from '${tsx}'; register(); await import('${real}');`);
    const finding = await probeProvider('webgpu', { entry, environment: { VK_ICD_FILENAMES: ICD } });
    expect(finding.difference).toBeLessThan(1e-5);
    expect(finding).toMatchObject({ state: 'refused', reason: expect.stringMatching(/numbers are right.*slower/) });
  }, 180_000);
});
