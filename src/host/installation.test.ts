import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { dataFolder, findInstallation, findRoot } from './installation';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'retake-installation-'));
  writeFileSync(join(root, 'package.json'), '{"version":"9.8.7"}');
});
afterEach(() => {
  rmSync(root, { recursive: true });
  vi.unstubAllEnvs();
});

describe('an installation', () => {
  it('of a checkout has everything below its root', () => {
    const found = findInstallation(root, '/data');
    expect(found.version).toBe('9.8.7');
    expect(found.engineEntry).toBe(join(root, 'out', 'main', 'engine.js'));
    expect(found.uploadsFolder).toBe(join('/data', 'uploads'));
    expect(found.configuration.modelsFolder).toBe(join(root, 'models', 'converted'));
    expect(found.configuration).not.toHaveProperty('sampleFile');
  });

  it('of a packaged app has programs, models and resources outside of the archive', () => {
    mkdirSync(join(root, 'resources', 'sample'), { recursive: true });
    writeFileSync(join(root, 'resources', 'sample', 'sample.mp4'), '');
    const found = findInstallation(root, '/data', { unpacked: '/opt/app.asar.unpacked', resources: root });
    expect(found.pageFolder).toBe(join(root, 'out', 'renderer'));
    expect(found.engineEntry).toBe(join('/opt/app.asar.unpacked', 'out', 'main', 'engine.js'));
    expect(found.configuration.computeEntry).toBe(join('/opt/app.asar.unpacked', 'out', 'main', 'compute.js'));
    expect(found.configuration.sampleFile).toBe(join(root, 'resources', 'sample', 'sample.mp4'));
  });

  it('takes models from RETAKE_MODELS and data from RETAKE_DATA', () => {
    vi.stubEnv('RETAKE_MODELS', '/models');
    vi.stubEnv('RETAKE_DATA', '/elsewhere');
    expect(findInstallation(root).configuration).toMatchObject({ modelsFolder: '/models', dataFolder: '/elsewhere' });
  });

  it('is found from any built file', () => {
    mkdirSync(join(root, 'out', 'main', 'chunks'), { recursive: true });
    expect(findRoot(join(root, 'out', 'main', 'chunks'))).toBe(root);
    expect(findRoot(root)).toBe(root);
    expect(() => findRoot('/')).toThrow('package.json');
  });
});

describe('the data folder', () => {
  it.skipIf(process.platform !== 'linux')('follows the XDG rules', () => {
    vi.stubEnv('RETAKE_DATA', '');
    vi.stubEnv('XDG_DATA_HOME', '/xdg');
    expect(dataFolder()).toBe('/xdg/retake');
    vi.stubEnv('XDG_DATA_HOME', undefined);
    expect(dataFolder()).toMatch(/\.local\/share\/retake$/);
  });
});
