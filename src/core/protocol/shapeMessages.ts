import { z } from 'zod';
import { BETA_COUNT } from '../body/bodyModel';

/** 10 betas, standard deviations. */
export const betasMessage = z.array(z.number().min(-20).max(20)).length(BETA_COUNT);

/** A shape in human words: see `ShapeWords`. */
export const shapeWordsMessage = z.object({
  stature: z.number().min(0.1).max(5),
  mass: z.number().min(0.1).max(1000),
  build: z.number().min(-20).max(20),
  age: z.number().min(-20).max(20),
  proportions: z.number().min(-20).max(20),
});

/** What is said of a shape. */
export const shapeMessage = z.object({
  words: shapeWordsMessage,
  /** Properties that have a beta of their own in this body; none where nobody has named its betas. */
  traits: z.array(
    z.object({
      id: z.enum(['build', 'age', 'proportions']),
      title: z.string(),
      ends: z.tuple([z.string(), z.string()]),
    }),
  ),
  /** True when no body within the limits is as was asked for: the words are those of the nearest. */
  isClamped: z.boolean(),
});

/** See {@link shapeMessage}. */
export type ShapeFacts = z.infer<typeof shapeMessage>;
