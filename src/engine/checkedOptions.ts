import { z } from 'zod';
import { AppError } from '#core/errors';

/**
 * Options with every default filled in; a name that the schema does not know is refused, never passed over. `what` stands in
 * the sentences, for example `the FBX export`.
 * @throws AppError INVALID_ARGUMENT
 */
export function checkedOptions<Schema extends z.ZodObject>(
  schema: Schema,
  options: unknown,
  what: string,
): z.output<Schema> {
  const given = options ?? {};
  const known = Object.keys(schema.shape);
  const unknown = Object.keys(Object(given)).find((name) => !known.includes(name));
  if (unknown !== undefined) throw unknownOption(what, unknown, known);
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue?.path.join('.') ?? '';
  throw new AppError(
    'INVALID_ARGUMENT',
    `The option ${path === '' ? 'list' : path} of ${what} is wrong: ${issue?.message ?? 'unknown'}.`,
    { hint: 'Correct the option, or leave it out to use its default.', cause: parsed.error },
  );
}

/** Says that `what` has no option of a name, and which it has. */
export function unknownOption(what: string, name: string, known: readonly string[]): AppError {
  const has = known.length === 0 ? 'it has no options at all' : `its options are ${known.join(', ')}`;
  return new AppError('INVALID_ARGUMENT', `There is no option "${name}" of ${what}: ${has}.`, {
    hint: 'Correct the name, or leave the option out.',
  });
}

/** JSON Schema of options as {@link checkedOptions} takes them, for forms. */
export function optionsJsonSchema(schema: z.ZodObject): Record<string, unknown> {
  return { ...z.toJSONSchema(schema.strict(), { io: 'input' }) };
}
