import type { z } from 'zod';
import { wrongTracks } from './trackRows';

/** A JSON file of a known shape. @throws AppError INVALID_ARGUMENT that says which part of it is wrong */
export function parsedJson<T>(bytes: Uint8Array, schema: z.ZodType<T>, title: string): T {
  let raw: unknown;
  try {
    raw = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw wrongTracks(`The ${title} file`, 'it is not JSON');
  }
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw wrongTracks(
    `The ${title} file`,
    `at ${issue?.path.join('.') || 'its top'}, ${issue?.message ?? 'not as expected'}`,
  );
}
