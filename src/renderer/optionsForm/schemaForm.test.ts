import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { formFields, helpFor, initialOptions, valueTitle } from './schemaForm';

const schema = z.object({
  root: z.enum(['ground', 'in-place']).default('in-place').meta({ title: 'Root', description: 'Where it moves' }),
  mesh: z.boolean().default(true),
  scale: z.number().min(0).max(10).default(1),
  prefix: z.string().default('clip'),
  nested: z.object({ a: z.number() }).default({ a: 1 }),
});

describe('the options form', () => {
  const fields = formFields({ ...z.toJSONSchema(schema, { io: 'input' }) });

  it('has a control for every simple property, with titles and defaults', () => {
    expect(fields.map((field) => [field.name, field.kind, field.title])).toEqual([
      ['root', 'choice', 'Root'],
      ['mesh', 'switch', 'Mesh'],
      ['scale', 'number', 'Scale'],
      ['prefix', 'text', 'Prefix'],
    ]);
    expect(fields[0]?.description).toBe('Where it moves');
  });

  it('starts with options that the schema accepts', () => {
    expect(initialOptions(fields)).toEqual({ root: 'in-place', mesh: true, scale: 1, prefix: 'clip' });
    expect(schema.safeParse(initialOptions(fields)).success).toBe(true);
  });

  it('survives a schema that is not an object', () => {
    expect(formFields({ type: 'string' })).toEqual([]);
    expect(formFields({ properties: { odd: 3 } })).toEqual([]);
  });

  it('writes values as words', () => {
    expect(['in-place', 'perPerson', 'blender', 'smpl', '24'].map(valueTitle)).toEqual([
      'In place',
      'Per person',
      'Blender',
      'SMPL',
      '24',
    ]);
  });
});

describe('help for the chosen value', () => {
  const described = 'hold: the pose before stays; fill: a way between; numbers resample';

  it('is what the description says of it', () => {
    expect(helpFor(described, 'hold')).toBe('The pose before stays');
    expect(helpFor(described, 'fill')).toBe('A way between');
  });

  it('is what is said of none in particular for others', () => {
    expect(helpFor(described, '30')).toBe('Numbers resample');
    expect(helpFor('auto: as the video', '30')).toBeUndefined();
  });

  it('is the whole of a description that names no value', () => {
    expect(helpFor('Smooth shading; doubles the size', true)).toBe('Smooth shading; doubles the size');
    expect(helpFor(undefined, true)).toBeUndefined();
  });
});
