import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '#core/errors';
import { ModelStore } from '../modelStore';
import { models, type ModelEntry } from '../models';
import { type ConversionOptions, convertModels } from './convertModels';
import { readManifest } from './manifest';
import { readTarball } from './tarball';

/** A ustar archive of regular files, as npm packs them. */
function tar(files: Record<string, Uint8Array>): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const [name, content] of Object.entries(files)) {
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write('000644 ', 100);
    header.write(`${content.length.toString(8).padStart(11, '0')} `, 124);
    header.write('        ', 148);
    header.write('0', 156);
    header.write('ustar', 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    parts.push(header, content, new Uint8Array((512 - (content.length % 512)) % 512));
  }
  return Buffer.concat([...parts, new Uint8Array(1024)]);
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'retake-models-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('readTarball', () => {
  it('finds the wanted files among others, whatever their sizes', async () => {
    const content = fc.uint8Array({ maxLength: 2000 });
    await fc.assert(
      fc.asyncProperty(content, content, content, async (first, second, third) => {
        const file = path.join(folder, 'package.tgz');
        writeFileSync(file, gzipSync(tar({ 'package/a': first, 'package/b': second, 'package/c/d': third })));
        const found = await readTarball(file, ['package/b', 'package/c/d']);
        expect([...found.keys()]).toEqual(['package/b', 'package/c/d']);
        expect(found.get('package/b')).toEqual(second);
        expect(found.get('package/c/d')).toEqual(third);
      }),
      { numRuns: 50 },
    );
  });

  it('says MODEL_INVALID when a file is missing, the archive is cut or is not one', async () => {
    const file = path.join(folder, 'package.tgz');
    const whole = gzipSync(tar({ 'package/a': new Uint8Array(3000).fill(7) }));
    writeFileSync(file, whole);
    await expect(readTarball(file, ['package/b'])).rejects.toMatchObject({ code: 'MODEL_INVALID' });
    writeFileSync(file, whole.subarray(0, whole.length - 12));
    await expect(readTarball(file, ['package/a'])).rejects.toMatchObject({ code: 'MODEL_INVALID' });
    writeFileSync(file, gzipSync(new Uint8Array(2048).fill(65)));
    await expect(readTarball(file, ['package/a'])).rejects.toMatchObject({ code: 'MODEL_INVALID' });
  });
});

describe('convertModels', () => {
  /** The registry's own MoveNet recipe on a package that has a broken description. */
  function registryWith(files: Record<string, Uint8Array>): { model: ModelEntry; options: ConversionOptions } {
    const known = models.find((candidate) => candidate.id === 'movenet-multipose');
    if (known === undefined) throw new Error('the registry lost its detector');
    const archive = gzipSync(tar(files));
    const integrity = `sha512-${createHash('sha512').update(archive).digest('base64')}`;
    const model = { ...known, source: { ...known.source, integrity } };
    const tarball = path.join(folder, 'package.tgz');
    writeFileSync(tarball, archive);
    const directory = path.join(folder, 'converted');
    const options = { directory, models: [model], fetchTarball: () => Promise.resolve(tarball), log: () => undefined };
    return { model, options };
  }

  const broken = {
    'package/models/movenet-multipose.json': new TextEncoder().encode('{"format":"layers-model"}'),
    'package/models/movenet-multipose.bin': new Uint8Array(8),
  };

  it('refuses a package of another content', async () => {
    const { model, options } = registryWith(broken);
    const other = { ...model, source: { ...model.source, integrity: 'sha512-AAAA' } };
    await expect(convertModels({ ...options, models: [other] })).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      hint: expect.stringContaining('registry'),
    });
    expect(readdirSync(options.directory)).toEqual([]);
  });

  it('leaves nothing behind when the conversion fails', async () => {
    const { options } = registryWith(broken);
    await expect(convertModels(options)).rejects.toMatchObject({ code: 'MODEL_INVALID' });
    expect(readdirSync(options.directory)).toEqual([]);
    expect((await readManifest(options.directory)).models).toEqual({});
  });

  it('fetches nothing when the files are whole, and again when one was changed', async () => {
    const { model, options } = registryWith(broken);
    const content = Buffer.from('converted');
    const file = path.join(options.directory, model.file);
    const entry = {
      file: model.file,
      bytes: content.length,
      sha256: createHash('sha256').update(content).digest('hex'),
      modified: 0,
      source: `${model.source.name}@${model.source.version} ${model.source.integrity}`,
      recipe: model.recipe,
    };
    await expect(convertModels(options)).rejects.toThrow();
    writeFileSync(file, content);
    writeFileSync(
      path.join(options.directory, 'manifest.json'),
      JSON.stringify({ version: 1, models: { [model.id]: entry } }),
    );
    let fetched = 0;
    const counting = { ...options, fetchTarball: () => Promise.reject(new AppError('INTERNAL', `${++fetched}`)) };
    expect(await convertModels(counting)).toBe(0);
    writeFileSync(file, 'CONVERTED');
    utimesSync(file, 5, 5);
    await expect(convertModels(counting)).rejects.toThrow('1');
    await expect(convertModels({ ...counting, models: [{ ...model, recipe: 99 }] })).rejects.toThrow('2');
    expect(fetched).toBe(2);
    expect((await new ModelStore(options.directory).resolve(model.id)).sha256).toBe(entry.sha256);
  });
});

describe('ModelStore', () => {
  it('says MODEL_MISSING with what to do when a network is not there', async () => {
    const store = new ModelStore(folder);
    await expect(store.resolve('blazepose-heavy')).rejects.toMatchObject({
      code: 'MODEL_MISSING',
      hint: expect.stringContaining('npm run setup'),
    });
    await expect(store.resolve('nothing')).rejects.toMatchObject({ code: 'MODEL_MISSING' });
    expect((await store.list()).every((model) => model.found === undefined)).toBe(true);
  });

  it('survives a damaged manifest', async () => {
    writeFileSync(path.join(folder, 'manifest.json'), '{"version":1,');
    await expect(new ModelStore(folder).resolve('blazepose-full')).rejects.toMatchObject({ code: 'MODEL_MISSING' });
  });
});
