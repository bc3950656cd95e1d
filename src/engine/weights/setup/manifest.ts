import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { ModelEntry } from '../models';

/** Name of the manifest in the converted folder. */
export const MANIFEST_FILE = 'manifest.json';

const convertedSchema = z.object({
  file: z.string(),
  bytes: z.number().int().positive(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** When it was written, ms; a file that was touched since is hashed again. */
  modified: z.number(),
  /** `name@version integrity` of the package it was made from. */
  source: z.string(),
  recipe: z.number().int(),
});

const manifestSchema = z.object({ version: z.literal(1), models: z.record(z.string(), convertedSchema) });

/** One converted model as the manifest records it. */
export type ConvertedModel = z.infer<typeof convertedSchema>;

/** What is in the converted folder, by model id. */
export type Manifest = z.infer<typeof manifestSchema>;

/** Reads the manifest of a converted folder; a missing or unreadable one is an empty one. */
export async function readManifest(directory: string): Promise<Manifest> {
  try {
    const parsed = manifestSchema.safeParse(JSON.parse(await readFile(path.join(directory, MANIFEST_FILE), 'utf8')));
    if (parsed.success) return parsed.data;
  } catch {
    // Nothing converted yet, or the file is damaged: both are repaired by converting again.
  }
  return { version: 1, models: {} };
}

/** What a model's `source` must read for its conversion to be current. */
export function sourceOf(model: ModelEntry): string {
  return `${model.source.name}@${model.source.version} ${model.source.integrity}`;
}

/**
 * True when the model's converted file is current and whole: same package and recipe, same size, and same content. The
 * content is hashed only when the file was touched after it was recorded, which keeps a second set-up instant.
 */
export async function isCurrent(directory: string, model: ModelEntry, converted?: ConvertedModel): Promise<boolean> {
  if (converted === undefined || converted.source !== sourceOf(model) || converted.recipe !== model.recipe)
    return false;
  const file = path.join(directory, model.file);
  try {
    const found = await stat(file);
    if (converted.file !== model.file || found.size !== converted.bytes) return false;
    return found.mtimeMs === converted.modified || (await hashFile(file, 'sha256')) === converted.sha256;
  } catch {
    return false;
  }
}

/** Hash of a file, read as a stream. */
export async function hashFile(
  file: string,
  algorithm: 'sha256' | 'sha512',
  encoding: 'hex' | 'base64' = 'hex',
): Promise<string> {
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return hash.digest(encoding);
}
