import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { DeviceChoice } from './deviceChoice';
import { probeProvider, probeProviders } from './probeProviders';

const folder = mkdtempSync(join(tmpdir(), 'retake-devices-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A throw-away process that does what each provider's driver might, and counts that it was started. */
const PROBE = `
  import { appendFileSync } from 'node:fs';
  const provider = process.argv[2];
  appendFileSync(${JSON.stringify(join(folder, 'starts.txt'))}, provider + '\\n');
  if (provider === 'cuda') process.kill(process.pid, 'SIGSEGV');
  if (provider === 'tensorrt') setInterval(() => {}, 1000);
  if (provider === 'webgpu') console.log('a line of the library\\n' + JSON.stringify({ provider, state: 'works', reason: 'fast', milliseconds: 1 }));
`;
const entry = join(folder, 'probe.mjs');
const starts = () => readFileSync(join(folder, 'starts.txt'), 'utf8').trim().split('\n');

beforeEach(() => {
  writeFileSync(entry, PROBE);
  writeFileSync(join(folder, 'starts.txt'), '');
  rmSync(join(folder, 'devices.json'), { force: true });
});

describe('trying providers in processes of their own', () => {
  it('survives drivers that crash or hang, and knows where there is none', async () => {
    const findings = await probeProviders({ entry, platform: 'linux', timeoutMs: 1_000 });
    expect(findings.map(({ provider, state }) => `${provider} ${state}`)).toEqual([
      'cuda refused',
      'tensorrt refused',
      'dml absent',
      'coreml absent',
      'webgpu works',
    ]);
    expect(findings[0]?.reason).toContain('crashed');
    expect(findings[1]?.reason).toContain('did not answer in time');
    expect(findings[2]?.reason).toBe('Windows only');
  });

  it('refuses what says nothing', async () => {
    writeFileSync(entry, 'console.log("hello")');
    expect(await probeProvider('cuda', { entry })).toMatchObject({ state: 'refused' });
    expect(await probeProvider('cuda', { entry: join(folder, 'nowhere.mjs') })).toMatchObject({ state: 'refused' });
  });
});

describe.skipIf(process.platform !== 'linux')('the choice of a device', () => {
  const choice = (appVersion: string, wanted?: string) =>
    new DeviceChoice({ probeEntry: entry, memoryFile: join(folder, 'devices.json'), appVersion, wanted });

  it('is made once and remembered until Retake changes', async () => {
    writeFileSync(entry, PROBE.replace("if (provider === 'tensorrt')", "if (provider === 'none')"));
    const first = await choice('1').choose();
    expect(first.providers).toEqual(['webgpu', 'cpu']);
    expect(starts()).toEqual(['cuda', 'tensorrt', 'webgpu']);
    expect(await choice('1').choose()).toEqual(first);
    expect(starts()).toHaveLength(3);
    await choice('2').choose();
    expect(starts()).toHaveLength(6);
  });

  it('is what a person insists on, without a try', async () => {
    expect((await choice('1', 'cuda').choose()).providers).toEqual(['cuda', 'cpu']);
    expect((await choice('1', 'cpu').choose()).providers).toEqual(['cpu']);
    expect(starts()).toEqual(['']);
  });

  it('is the CPU where the probe is not built', async () => {
    const verdict = await new DeviceChoice({
      probeEntry: undefined,
      memoryFile: join(folder, 'devices.json'),
      appVersion: '1',
      wanted: undefined,
    }).choose();
    expect(verdict.providers).toEqual(['cpu']);
    expect(existsSync(join(folder, 'devices.json'))).toBe(false);
  });
});
