import { z } from 'zod';

const propertySchema = z.object({
  type: z.string().optional(),
  title: z.string().optional(),
  description: z.string().optional(),
  default: z.unknown().optional(),
  enum: z.array(z.string()).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
});

const objectSchema = z.object({ properties: z.record(z.string(), z.unknown()).optional() });

/** A control of the options form, made from a property of the JSON Schema of an exporter's or estimator's options. */
export type FormField = {
  name: string;
  title: string;
  description: string | undefined;
} & (
  | { kind: 'choice'; options: { id: string; title: string }[]; initial: string }
  | { kind: 'switch'; initial: boolean }
  | { kind: 'number'; initial: number | undefined; minimum: number | undefined; maximum: number | undefined }
  | { kind: 'text'; initial: string }
);

const KNOWN_WORDS: Readonly<Record<string, string>> = {
  smpl: 'SMPL',
  fps: 'fps',
  hik: 'HumanIK',
  unreal: 'Unreal Engine',
  vrm: 'VRM',
  'match-vibe': 'Match VIBE',
  'one-euro': "VIBE's",
  'start-at-origin': 'Start at the origin',
};

/** An enum value as people read it: `in-place` becomes `In place`. */
export function valueTitle(value: string): string {
  const known = KNOWN_WORDS[value];
  if (known) return known;
  const words = value
    .replace(/[-_]/g, ' ')
    .replace(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const NAMED_PART = /^([a-z][\w-]*): (.*)$/;

/**
 * What a description says of the value that is chosen: descriptions name values as `hold: the pose before stays;
 * interpolate: …`. What is said of no value in particular stands when the chosen one is not named.
 */
export function helpFor(description: string | undefined, value: unknown): string | undefined {
  if (description === undefined) return undefined;
  const parts = description.split('; ').map((part) => {
    const [, name, text] = NAMED_PART.exec(part) ?? [];
    return { name, text: text ?? part };
  });
  if (parts.every(({ name }) => name === undefined)) return description;
  const chosen = parts.find(({ name }) => name === value) ?? parts.find(({ name }) => name === undefined);
  return chosen && chosen.text.charAt(0).toUpperCase() + chosen.text.slice(1);
}

function fieldOf(name: string, given: unknown): FormField | undefined {
  const parsed = propertySchema.safeParse(given);
  if (!parsed.success) return undefined;
  const property = parsed.data;
  const head = { name, title: property.title ?? valueTitle(name), description: property.description };
  if (property.enum && property.enum.length > 0) {
    const options = property.enum.map((id) => ({ id, title: valueTitle(id) }));
    const initial = property.enum.find((id) => id === property.default) ?? property.enum[0] ?? '';
    return { ...head, kind: 'choice', options, initial };
  }
  if (property.type === 'boolean') return { ...head, kind: 'switch', initial: property.default === true };
  if (property.type === 'number' || property.type === 'integer') {
    const initial = typeof property.default === 'number' ? property.default : undefined;
    return { ...head, kind: 'number', initial, minimum: property.minimum, maximum: property.maximum };
  }
  if (property.type === 'string') {
    return { ...head, kind: 'text', initial: typeof property.default === 'string' ? property.default : '' };
  }
  return undefined;
}

/** The controls for options, in the order of their schema; properties of unknown kinds keep their defaults. */
export function formFields(optionsSchema: Record<string, unknown>): FormField[] {
  const parsed = objectSchema.safeParse(optionsSchema);
  const properties = parsed.success ? (parsed.data.properties ?? {}) : {};
  return Object.entries(properties).flatMap(([name, property]) => fieldOf(name, property) ?? []);
}

/** The options an untouched form stands for. */
export function initialOptions(fields: readonly FormField[]): Record<string, unknown> {
  return Object.fromEntries(
    fields.flatMap((field) => (field.initial === undefined ? [] : [[field.name, field.initial]])),
  );
}
